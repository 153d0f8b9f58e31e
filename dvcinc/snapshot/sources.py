"""Sources of files: a commit, the index, a directory, behind one small interface."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from dvcinc.errors import InputError
from dvcinc.snapshot.git import Entry, Git


class FoundFile(NamedTuple):
    """A file of a source: its path from the project, and its bytes."""

    path: str
    data: bytes


class Source(Protocol):
    """Where files are read from.

    Attributes:
        name: For people and JSON: a revision, `index`, `worktree` or a folder.
        commit: The commit's id where the source is one.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - said above

    @property
    def commit(self) -> str | None: ...  # noqa: D102 - said above

    def files(self, paths: Sequence[str]) -> list[FoundFile]:
        """The files at or below the paths, sorted by path, hidden ones left out."""

    def read(self, path: str) -> bytes | None:
        """One file, or `None` where there is none."""


@dataclass(frozen=True, slots=True)
class CommitSource:
    """A commit of the repository."""

    git: Git
    name: str
    commit: str

    def files(self, paths: Sequence[str]) -> list[FoundFile]:
        """See `Source`."""
        return _read_entries(self.git, self.git.tree(self.commit, paths))

    def read(self, path: str) -> bytes | None:
        """See `Source`."""
        return _read_one(self.git, self.git.tree(self.commit, [path]), path)


@dataclass(frozen=True, slots=True)
class IndexSource:
    """What is staged: the commit that `git commit` would make now."""

    git: Git
    name: str = field(default="index", init=False)
    commit: None = field(default=None, init=False)

    def files(self, paths: Sequence[str]) -> list[FoundFile]:
        """See `Source`."""
        return _read_entries(self.git, self.git.index(paths))

    def read(self, path: str) -> bytes | None:
        """See `Source`."""
        return _read_one(self.git, self.git.index([path]), path)


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A directory on disk: the work tree as DVC sees it, or any other folder."""

    folder: Path
    name: str = "worktree"
    commit: None = field(default=None, init=False)

    def files(self, paths: Sequence[str]) -> list[FoundFile]:
        """See `Source`."""
        found = {path: None for base in paths for path in self._walk(base)}
        return [FoundFile(path, self._bytes(path)) for path in sorted(found)]

    def read(self, path: str) -> bytes | None:
        """See `Source`."""
        return self._bytes(path) if (self.folder / path).is_file() else None

    def _walk(self, base: str) -> Iterator[str]:
        start = self.folder / base
        if start.is_file():
            yield base
            return
        for folder, folders, names in os.walk(start):
            folders[:] = sorted(name for name in folders if not _hidden(name))
            for name in names:
                if not _hidden(name):
                    yield (Path(folder) / name).relative_to(self.folder).as_posix()

    def _bytes(self, path: str) -> bytes:
        try:
            return (self.folder / path).read_bytes()
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _hidden(name: str) -> bool:
    return name.startswith(".")


def _read_entries(git: Git, entries: Sequence[Entry]) -> list[FoundFile]:
    kept = [
        entry
        for entry in entries
        if entry.is_file and not any(map(_hidden, entry.path.split("/")))
    ]
    contents = git.blobs([entry.blob for entry in kept])
    return [
        FoundFile(entry.path, data) for entry, data in zip(kept, contents, strict=True)
    ]


def _read_one(git: Git, entries: Sequence[Entry], path: str) -> bytes | None:
    for entry in entries:
        if entry.path == path and entry.is_file:
            return git.blobs([entry.blob])[0]
    return None
