"""A directory on disk as a source; a work tree with what Git and DVC left out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dvcinc.errors import CannotTellError, GitError, InputError
from dvcinc.snapshot.disk import is_own, leads_out, on_disk
from dvcinc.snapshot.dvcouts import MAX_POINTER, POINTER, Out, is_below, tracked
from dvcinc.snapshot.found import MAX_FILE, Found, leaves, told, too_large
from dvcinc.snapshot.git import Git
from dvcinc.snapshot.piece import Piece, piece_of

if TYPE_CHECKING:
    from dvcinc.snapshot.dvccache import Cache

_MD5 = "md5:"
"""What the id of a content begins with that is DVC's."""
_MAX_KEPT, _MOST_KEPT = 1 << 18, 1 << 10
"""Bytes of a file that is kept until it is asked for, and how many are."""


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A directory on disk: the work tree as DVC sees it, or any other folder.

    What is on disk is the truth, as for DVC. What is not there by intent is taken from
    where it was left: files outside of a sparse checkout from the index, data that DVC
    has not checked out from its cache.

    Attributes:
        folder: The directory.
        name: For people and JSON.
        git: Its repository, where it is a work tree.
    """

    folder: Path
    name: str = "worktree"
    commit: None = field(default=None, init=False)
    git: Git | None = None
    # Read for their ids; kept until their contents are asked for.
    _kept: dict[Found, bytes] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _pieces: dict[str, Piece] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def listed(
        self, paths: Sequence[str], suffixes: tuple[str, ...] = ("",)
    ) -> list[Found]:
        """See `Source`."""
        self._check_work_tree(paths)
        names = set(on_disk(self.folder, paths, self._top()))
        elsewhere = self._left_out(paths, names)
        outs = self._outs(paths, names | {*elsewhere})
        there = {out.path for out in outs if (self.folder / out.path).exists()}
        for out in outs:
            if out.path not in there:
                files = self._cache(out).files(out, list(paths))
                elsewhere |= {path: piece_of(file) for path, file in files}
        hashed = {out.path for out in outs if out.path in there and not out.legacy}
        found = [
            self._identified(told(path), hashed)
            for path in names
            if path.endswith(suffixes)
        ]
        found += self._placed(elsewhere, suffixes)
        return sorted(found)

    def contents(self, found: Sequence[Found]) -> list[bytes]:
        """See `Source`."""
        read = {f: self._content(f) for f in found if f.content not in self._pieces}
        blobs = [f.content for f in found if self._piece_git(f)]
        said = self.git.blobs(blobs) if self.git is not None else []
        by_id = dict(zip(blobs, said, strict=True))
        return [
            read[f] if f in read else self._stored(self._pieces[f.content], by_id)
            for f in found
        ]

    def read(self, path: str) -> bytes | None:
        """See `Source`."""
        self._check_bare()
        place = self.folder / path
        if place.is_file():
            self._check_own(path)
            return self._bytes(path)
        if leaves(self._prefix(), path):
            return None
        if place.exists():
            self._check_own(path)
            return None
        found = [f for f in self.listed([path]) if f.path == path]
        return self.contents(found)[0] if found else None

    def _content(self, found: Found) -> bytes:
        kept = self._kept.get(found)
        if kept is not None:
            return kept
        data = self._bytes(found.path)
        if self._hash(found.content, len(data), [data]) != found.content:
            raise _changed(found.path)
        return data

    def _piece_git(self, found: Found) -> bool:
        piece = self._pieces.get(found.content)
        return piece is not None and piece.git is not None

    def _stored(self, piece: Piece, blobs: dict[str, bytes]) -> bytes:
        return (
            self._cache(piece.out).read(piece.out)
            if piece.out
            else blobs[piece.content]
        )

    def _identified(self, path: str, hashed: Iterable[str]) -> Found:
        kind = _MD5 if any(is_below(path, out) for out in hashed) else ""
        try:
            with (self.folder / path).open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if size > MAX_FILE:
                    raise too_large(path)
                if size > _MAX_KEPT:
                    pieces = iter(lambda: file.read(_MAX_KEPT), b"")
                    return Found(path, self._hash(kind, size, pieces))
                data = file.read()
        except OSError as error:
            raise _unreadable(path, error) from error
        found = Found(path, self._hash(kind, len(data), [data]))
        if len(self._kept) < _MOST_KEPT:
            self._kept[found] = data
        return found

    def _hash(self, kind: str, size: int, pieces: Iterable[bytes]) -> str:
        """The id of a content of the kind that another id is of."""
        if kind.startswith(_MD5):
            total, start = hashlib.md5(usedforsecurity=False), _MD5
        else:
            algorithm = "sha1" if self.git is None else self.git.algorithm
            total, start = blob_hash(size, algorithm), ""
        for piece in pieces:
            total.update(piece)
        return f"{start}{total.hexdigest()}"

    def _placed(
        self, elsewhere: dict[str, Piece], suffixes: tuple[str, ...]
    ) -> list[Found]:
        wanted = {p: e for p, e in elsewhere.items() if p.endswith(suffixes)}
        self._pieces.update({piece.content: piece for piece in wanted.values()})
        return [Found(told(path), piece.content) for path, piece in wanted.items()]

    def _left_out(self, paths: Sequence[str], names: set[str]) -> dict[str, Piece]:
        """Files of the index that a sparse checkout has left out of the work tree."""
        git = self.git
        if git is None or not git.is_sparse():
            return {}
        return {
            entry.path: Piece(entry.blob, git)
            for entry in git.skipped(paths)
            if entry.is_file and entry.path not in names and _is_shown(entry.path)
        }

    def _check_work_tree(self, paths: Sequence[str]) -> None:
        """Refuses what would look like deletions and is none."""
        self._check_bare()
        git = self.git
        if git is None or not (self._top() / ".gitmodules").is_file():
            return
        for entry in git.index(paths):
            place = self.folder / entry.path
            if entry.is_submodule and place.is_dir() and not any(place.iterdir()):
                raise CannotTellError(
                    f"{entry.path} ({self.name}) is a submodule without its content",
                    f"run git submodule update --init {entry.path}",
                )

    def _check_bare(self) -> None:
        if self.git is not None and self.git.bare:
            raise GitError(
                "a bare repository has no index and no work tree",
                "name two revisions: dvcinc classify A B",
            )

    def _top(self) -> Path:
        return self.folder if self.git is None else self.git.found.place.directory

    def _prefix(self) -> str:
        return "" if self.git is None else self.git.prefix

    def _cache(self, out: Out) -> Cache:
        # Where Git has all of the data, there is no cache to know.
        from dvcinc.snapshot.dvccache import Cache  # noqa: PLC0415
        from dvcinc.snapshot.dvcconfig import dvc_root  # noqa: PLC0415

        start = (self.folder / out.pointer).parent
        online = self.git is not None and self.git.found.place.online
        root = dvc_root(start, self._top())
        return Cache(root, self.name, fetch=online, pull=True)

    def pointed(self, paths: Sequence[str]) -> list[tuple[Out, Cache]]:
        """The outs of `.dvc` files at, above or below the paths, with their caches.

        Raises:
            CannotTellError: A pointer cannot be followed.
            InputError: One is no YAML.
        """
        outs = self._outs(paths, set(on_disk(self.folder, paths, self._top())))
        return [(o, self._cache(o)) for o in outs if o.pointer.endswith(POINTER)]

    def _outs(self, paths: Sequence[str], names: set[str]) -> list[Out]:
        return tracked(self._read_all, paths, names, self._prefix())

    def _read_all(self, paths: Sequence[str]) -> list[bytes | None]:
        return [self._pointer(path) for path in paths]

    def _pointer(self, path: str) -> bytes | None:
        place = self.folder / path
        try:
            if not place.is_file():  # to open a pipe is to wait for its other end
                return None
            with place.open("rb") as file:
                return file.read(MAX_POINTER + 1)
        except OSError:
            return None

    def _check_own(self, path: str) -> None:
        if not is_own(self.folder / path, self._top()):
            raise leads_out(path)

    def _bytes(self, path: str) -> bytes:
        place = self.folder / path
        try:
            if place.stat().st_size > MAX_FILE:
                raise too_large(path)
            return place.read_bytes()
        except OSError as error:
            raise _unreadable(path, error) from error


def _unreadable(path: str, error: OSError) -> InputError:
    return InputError(
        f"{path}: cannot be read: {error.strerror}", "see its permissions"
    )


def _changed(path: str) -> InputError:
    return InputError(f"{path}: changed while it was read", "run this again")


def _is_shown(path: str) -> bool:
    return not any(part.startswith(".") for part in path.split("/"))


def blob_id(data: bytes, algorithm: str = "sha1") -> str:
    """The id that Git gives to a file's content."""
    total = blob_hash(len(data), algorithm)
    total.update(data)
    return total.hexdigest()


def blob_hash(size: int, algorithm: str) -> hashlib._Hash:
    """The hash that Git's id of a content is of, before the content."""
    total = hashlib.new(algorithm, usedforsecurity=False)
    total.update(b"blob %d\0" % size)
    return total
