"""Sources of files: a commit, the index, a directory, behind one small interface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from dvcinc.snapshot.folder import FolderSource, blob_id
from dvcinc.snapshot.found import Found, is_hidden, told
from dvcinc.snapshot.git import Entry, Git
from dvcinc.snapshot.piece import Piece
from dvcinc.snapshot.walk import INDEX, Walk

__all__ = [
    "CommitSource",
    "FolderSource",
    "Found",
    "IndexSource",
    "Source",
    "blob_id",
]


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

    def listed(
        self, paths: Sequence[str], suffixes: tuple[str, ...] = ("",)
    ) -> list[Found]:
        """The files at or below the paths that end in one of the suffixes, sorted.

        Hidden ones are left out; a symbolic link inside the repository is read as what
        it leads to, so that a commit and the work tree say the same. The content's id
        is the Git blob id of its bytes, or `md5:…` for data that DVC tracks.

        Raises:
            InputError: A file cannot be read, or its name is no UTF-8.
            CannotTellError: Files are meant to be there that this clone cannot see.
        """

    def contents(self, found: Sequence[Found]) -> list[bytes]:
        """The bytes of files that this source has listed, in the order asked.

        Raises:
            CannotTellError: Content cannot be had here.
        """

    def read(self, path: str) -> bytes | None:
        """One file, or `None` where there is none."""


class _GitSource(Protocol):
    """What Git has: a commit or the index."""

    __slots__ = ()
    _pieces: dict[str, Piece]

    def _walk(self) -> Walk: ...

    def listed(
        self, paths: Sequence[str], suffixes: tuple[str, ...] = ("",)
    ) -> list[Found]:
        """See `Source`."""
        return _listed(self._walk(), paths, suffixes, self._pieces)

    def contents(self, found: Sequence[Found]) -> list[bytes]:
        """See `Source`."""
        return _contents(self._walk(), found, self._pieces)

    def read(self, path: str) -> bytes | None:
        """See `Source`."""
        return self._walk().read(path)


@dataclass(frozen=True, slots=True)
class CommitSource(_GitSource):
    """A commit of the repository."""

    git: Git
    name: str
    commit: str
    _pieces: dict[str, Piece] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def _walk(self) -> Walk:
        return Walk(self.git, self.commit, self.name)


@dataclass(frozen=True, slots=True)
class IndexSource(_GitSource):
    """What is staged: the commit that `git commit` would make now."""

    git: Git
    name: str = field(default="index", init=False)
    commit: None = field(default=None, init=False)
    _pieces: dict[str, Piece] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _listings: dict[tuple[str, ...], list[Entry]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def _walk(self) -> Walk:
        return Walk(self.git, INDEX, self.name, self._listings)


def _listed(
    walk: Walk,
    paths: Sequence[str],
    suffixes: tuple[str, ...],
    pieces: dict[str, Piece],
) -> list[Found]:
    kept = {
        told(path): piece
        for path, piece in sorted(walk.files(paths).items())
        if path.endswith(suffixes) and not is_hidden(path)
    }
    pieces.update({piece.content: piece for piece in kept.values()})
    return [Found(path, piece.content) for path, piece in kept.items()]


def _contents(
    walk: Walk, found: Sequence[Found], pieces: dict[str, Piece]
) -> list[bytes]:
    plain = Piece("", walk.git)
    return walk.contents(
        [pieces.get(f.content) or plain._replace(content=f.content) for f in found]
    )
