"""Deps of dvcinc's stages that lead nowhere: `dvc repro` would stop at the first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dvcinc.adopt import dvcfile
from dvcinc.adopt.pipeline import SECTIONS
from dvcinc.snapshot.dvcouts import POINTER, ancestors
from dvcinc.snapshot.files import covers
from dvcinc.yaml import Document, Item, MappingNode, Node, SequenceNode, compose

_OUTS = SECTIONS[2:]


class Stale(NamedTuple):
    """A dep that is not there: its line, its stage and its path."""

    line: int
    stage: str
    path: str

    def __str__(self) -> str:
        place = f"{dvcfile.PATH}:{self.line}"
        return f"{place}: {self.stage} depends on {self.path}, which is not there"


ADVICE = "take the line out, if the data have moved"


def stale(project: Path, data: bytes | None) -> list[Stale]:
    """The deps that are not there, and that no stage or `.dvc` file will bring.

    Args:
        project: The project directory.
        data: Its `dvc.yaml`.

    Raises:
        InputError: It cannot be understood.
    """
    there = dvcfile.read_pipeline(data)
    made = [
        path
        for stage in there.stages.values()
        for section in _OUTS
        for path in dvcfile.entries(stage, section)
    ]
    return [
        found
        for found in _deps(compose(data or b"", dvcfile.PATH), there)
        if not _is_elsewhere(found.path)
        and not covers(made, found.path)
        and not (project / found.path).exists()
        and not _is_tracked(project, found.path)
    ]


def _deps(document: Document, there: dvcfile.Pipeline) -> Iterator[Stale]:
    """All deps of dvcinc's stages."""
    root = document.root
    stages = None if root is None else _value(document, root, "stages")
    for stage in _items(document, stages):
        deps = _value(document, stage.value, "deps")
        if there.own(stage.key) is None or not isinstance(deps, SequenceNode):
            continue
        for node in deps.value:
            for key in _items(document, node) or [node]:
                said = key.node if isinstance(key, Item) else key
                path = str(said.value).removeprefix("./").rstrip("/")
                yield Stale(said.start_mark.line + 1, stage.key, path)


def _items(document: Document, node: Node | None) -> list[Item]:
    is_mapping = isinstance(node, MappingNode)
    return list(document.items(node, dvcfile.PATH)) if node and is_mapping else []


def _value(document: Document, node: Node, key: str) -> Node | None:
    return next((i.value for i in _items(document, node) if i.key == key), None)


def _is_elsewhere(path: str) -> bool:
    """Whether only DVC can tell: an address, or what a variable says."""
    return "://" in path or "${" in path or ":" in path


def _is_tracked(project: Path, path: str) -> bool:
    """Whether a `.dvc` file has it, which is told as not checked out."""
    return any(
        (project / f"{above}{POINTER}").is_file() for above in (*ancestors(path), path)
    )
