"""What DVC and the work tree disagree about: not checked out, or edited and not added.

In: a work tree and paths of its data; out: lines for people, each with the command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dvcinc.config import Data
from dvcinc.corpus.part import SUFFIXES
from dvcinc.snapshot.dvcouts import Out, is_below
from dvcinc.snapshot.folder import FolderSource
from dvcinc.snapshot.mixed import Remembered
from dvcinc.snapshot.side import Side

_MD5 = "md5:"


class Todo(NamedTuple):
    """What is not as it should be, and the command that puts it right."""

    said: str
    command: str

    def __str__(self) -> str:
        return f"{self.said}: {self.command}"


def places(data: Data) -> list[str]:
    """Where all data of a project lie."""
    return [*data.nlu, *data.domain, data.config, *data.test]


def missing(source: FolderSource, data: Data) -> Iterator[Todo]:
    """What `.dvc` files name and the work tree has not, with the command that helps.

    `dvc repro` stops there, although DVC's cache may have it.
    """
    for out, _ in source.pointed(places(data)):
        if not (source.folder / out.path).exists():
            said = f"{out.path} is not checked out"
            yield Todo(said, f"dvc pull {out.pointer}")


def edited(source: FolderSource, data: Data) -> list[Todo]:
    """Data that differ from what their `.dvc` files say.

    The files are read: not for whoever has to be fast.
    """
    listed = source.listed([*data.nlu, *data.domain, data.config], SUFFIXES)
    return _edited(source, data, dict(listed))


def edited_here(side: Side) -> list[str]:
    """The same as warnings, by what is known of a side that is a work tree."""
    asked = side.source
    source = asked.source if isinstance(asked, Remembered) else asked
    found = {file.path: file.content for file in side.files}
    by_dvc = any(content.startswith(_MD5) for content in found.values())
    if not by_dvc or not isinstance(source, FolderSource):
        return []
    return [str(todo) for todo in _edited(source, side.params.data, found)]


def _edited(source: FolderSource, data: Data, found: Mapping[str, str]) -> list[Todo]:
    return [
        Todo(f"{out.path} differs from {out.pointer}", f"dvc add {out.path}")
        for out, cache in source.pointed(places(data))
        if not out.legacy
        and (source.folder / out.path).exists()
        and (known := cache.known(out)) is not None
        and _differs(source, out, found, known)
    ]


def _differs(
    source: FolderSource, out: Out, found: Mapping[str, str], known: Mapping[str, str]
) -> bool:
    here = [path for path in found if is_below(path, out.path)]
    moved = any(found[path] != f"{_MD5}{known.get(path)}" for path in here)
    return moved or any(not (source.folder / path).exists() for path in known)
