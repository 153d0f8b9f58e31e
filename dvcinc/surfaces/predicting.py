"""`predict`: answers from the packaged model, without TensorFlow."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import dvcinc
from dvcinc.errors import InputError
from dvcinc.surfaces.terminal import show

if TYPE_CHECKING:
    from dvcinc.model.result import ParseResult

_BATCH = 256


def predict(
    project: Path, model: Path | None, texts: tuple[str, ...], *, as_json: bool
) -> None:
    """Prints what each text means: a line each, or JSON lines in Rasa's shape.

    Args:
        project: The project directory.
        model: The model's folder, if not the project's own.
        texts: The texts; where there are none, the lines of stdin.
        as_json: Whether to print JSON.

    Raises:
        DvcincError: There is no model, or it cannot be read.
    """
    runtime = dvcinc.load(model or _own(project))

    def line(result: ParseResult) -> str:
        if as_json:
            return json.dumps(result.to_json(), ensure_ascii=False)
        found = ", ".join(
            f"{e.entity}{f'#{e.role}' if e.role else ''}={e.value}"
            for e in result.entities
        )
        intent = f"{result.intent.name or '–'} {result.intent.confidence:.2f}"
        return f"{intent}  {result.text}" + (f"  [{found}]" if found else "")

    for batch in _batches(texts or _lines()):
        for result in runtime.parse_many(batch):
            show(line(result))


def _own(project: Path) -> Path:
    from dvcinc.stages.paths import MODEL  # noqa: PLC0415
    from dvcinc.stages.pipeline import is_set_up, way_to_run  # noqa: PLC0415

    folder = project / MODEL
    if not folder.exists() and not is_set_up(project):
        raise InputError(f"{folder}: there is no model", way_to_run(project))
    return folder


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        yield line.rstrip("\r\n")  # an answer for each line, empty ones too


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    # A person who types waits for each answer; a file is read in batches.
    size = 1 if sys.stdin.isatty() else _BATCH
    left = iter(texts)
    while batch := list(islice(left, size)):
        yield batch
