"""`artifacts:` in `dvc.yaml`: what GTO and DVC's registry call the model by.

Lines are added, as for the stages; what people wrote about their artifacts stays.
"""

from __future__ import annotations

from collections.abc import Mapping

from dvcinc.adopt.dvcfile import PATH, content, read_pipeline
from dvcinc.adopt.lines import Lines, read_lines
from dvcinc.adopt.pipeline import indented
from dvcinc.errors import InputError
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.stages.paths import MODEL
from dvcinc.yaml import Json, MappingNode, canonical_json, compose, is_empty

_KEY = "artifacts"
_NAMES = ("nlu", "nlu-model")
"""What the model is called; the second where the first is somebody else's."""
_DESC = "intents and entities; lineage.json tells where it comes from"
_LABELS: tuple[Json, ...] = ("dvcinc", "nlu")
_ARTIFACT: Mapping[str, Json] = {
    "path": MODEL,
    "type": "model",
    "desc": _DESC,
    "labels": [*_LABELS],
    "meta": {"lineage": LINEAGE},
}


def with_artifact(before: bytes) -> bytes:
    """A `dvc.yaml` in which the model is an artifact; the same bytes if it is one.

    Raises:
        InputError: It cannot be understood, or not be extended line by line.
    """
    said = read_pipeline(before).said
    there = _artifacts(said)
    name = next((name for name in _NAMES if name not in there), None)
    if name is None or any(_path(one) == MODEL for one in there.values()):
        return before
    after = _extended(before, name)
    wanted: dict[str, Json] = {**said, _KEY: {**there, name: dict(_ARTIFACT)}}
    if content(after) != canonical_json(wanted):
        raise InputError(
            f"{PATH} is written in a form that init cannot extend",
            f"write its {_KEY} as blocks, or add one by hand that says path: {MODEL}",
        )
    return after


def _artifacts(said: Mapping[str, Json]) -> Mapping[str, Json]:
    found = said.get(_KEY)
    if found is not None and not isinstance(found, dict):
        raise InputError(f"{PATH}: {_KEY} must be a mapping")
    return found or {}


def _path(artifact: Json) -> str:
    path = artifact.get("path") if isinstance(artifact, dict) else None
    return str(path).removeprefix("./").rstrip("/")


def _extended(before: bytes, name: str) -> bytes:
    lines = read_lines(before, PATH)
    document = compose(before, PATH)
    root = document.root
    items = [] if root is None or is_empty(root) else [*document.items(root, PATH)]
    found = next((item for item in items if item.key == _KEY), None)
    if found is None:
        rows = [f"{_KEY}:", *indented(_rows(name), 2)]
        return lines.inserted({_end(lines): rows}).to_bytes()
    line = found.node.start_mark.line
    if isinstance(found.value, MappingNode) and found.value.value:
        column, end = found.value.start_mark.column, lines.block_end(line, 0)
    else:  # artifacts: {}
        column, end = 2, line + 1
        row = lines.rows[line].replace(" {}", "", 1).rstrip()
        lines = lines.replaced(line, row)
    return lines.inserted({end: indented(_rows(name), column)}).to_bytes()


def _end(lines: Lines) -> int:
    """Behind all that the file says: before comments, and before a document's end."""
    said = (
        number
        for number, row in enumerate(lines.rows, 1)
        if row.strip() and not row.lstrip().startswith(("#", "..."))
    )
    return max(said, default=len(lines.rows))


def _rows(name: str) -> list[str]:
    return [
        f"{name}:",
        f"  path: {MODEL}",
        "  type: model",
        f"  desc: {_DESC}",
        "  labels:",
        *(f"    - {label}" for label in _LABELS),
        "  meta:",
        f"    lineage: {LINEAGE}",
    ]
