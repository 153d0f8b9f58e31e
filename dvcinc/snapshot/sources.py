"""Sources of files: a commit, the index, a directory, behind one small interface."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from dvcinc.errors import CannotTellError, InputError
from dvcinc.snapshot.git import Entry, Git

Entries = Callable[[Sequence[str]], list[Entry]]
# Where DVC's links lead with `cache.type: symlink`: files/md5/ab/cdef…
_CACHED = re.compile(r"/files/md5/[0-9a-f]{2}/[0-9a-f]{30}\Z")
# As many as Linux follows.
_MAX_LINKS = 40


class Found(NamedTuple):
    """A file of a source, unread.

    Attributes:
        path: From the project, as it is called there.
        content: Identifies its content: equal ids mean equal bytes.
    """

    path: str
    content: str


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

        Hidden ones are left out; a symbolic link to a file inside the project is read
        as that file, so that a commit and the work tree say the same. The content's id
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


@dataclass(frozen=True, slots=True)
class CommitSource:
    """A commit of the repository."""

    git: Git
    name: str
    commit: str

    def listed(
        self, paths: Sequence[str], suffixes: tuple[str, ...] = ("",)
    ) -> list[Found]:
        """See `Source`."""
        return _found(self.git, self._entries, paths, suffixes)

    def contents(self, found: Sequence[Found]) -> list[bytes]:
        """See `Source`."""
        return self.git.blobs([file.content for file in found])

    def read(self, path: str) -> bytes | None:
        """See `Source`."""
        return _read_one(self.git, self._entries, path)

    def _entries(self, paths: Sequence[str]) -> list[Entry]:
        return self.git.tree(self.commit, paths)


@dataclass(frozen=True, slots=True)
class IndexSource:
    """What is staged: the commit that `git commit` would make now."""

    git: Git
    name: str = field(default="index", init=False)
    commit: None = field(default=None, init=False)

    def listed(
        self, paths: Sequence[str], suffixes: tuple[str, ...] = ("",)
    ) -> list[Found]:
        """See `Source`."""
        return _found(self.git, self.git.index, paths, suffixes)

    def contents(self, found: Sequence[Found]) -> list[bytes]:
        """See `Source`."""
        return self.git.blobs([file.content for file in found])

    def read(self, path: str) -> bytes | None:
        """See `Source`."""
        return _read_one(self.git, self.git.index, path)


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A directory on disk: the work tree as DVC sees it, or any other folder.

    Attributes:
        folder: The directory.
        name: For people and JSON.
        algorithm: That of the repository's object ids: `sha1` or `sha256`.
    """

    folder: Path
    name: str = "worktree"
    commit: None = field(default=None, init=False)
    algorithm: str = "sha1"
    # Read for their ids; kept until their contents are asked for.
    _kept: dict[Found, bytes] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def listed(
        self, paths: Sequence[str], suffixes: tuple[str, ...] = ("",)
    ) -> list[Found]:
        """See `Source`."""
        found = {path for base in paths for path in self._walk(base)}
        wanted = sorted(path for path in found if path.endswith(suffixes))
        return [
            self._identified(_told(path))
            for path in wanted
            if (self.folder / path).is_file()  # no device, no pipe, no broken link
        ]

    def contents(self, found: Sequence[Found]) -> list[bytes]:
        """See `Source`."""
        return [self._kept[f] if f in self._kept else self._bytes(f[0]) for f in found]

    def _identified(self, path: str) -> Found:
        data = self._bytes(path)
        found = Found(path, blob_id(data, self.algorithm))
        self._kept[found] = data
        return found

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
        if not self._is_inside(path):
            raise InputError(
                f"{path}: a link that leads out of the project", "copy the file instead"
            )
        try:
            return (self.folder / path).read_bytes()
        except OSError as error:
            raise InputError(
                f"{path}: cannot be read: {error.strerror}", "see its permissions"
            ) from error

    def _is_inside(self, path: str) -> bool:
        """Whether a file is the project's own, or DVC's link into its cache."""
        real = (self.folder / path).resolve()
        own = real.is_relative_to(self.folder.resolve())
        return own or bool(_CACHED.search(real.as_posix()))


def _hidden(name: str) -> bool:
    return name.startswith(".")


def _told(path: str) -> str:
    """A path that can be told to people and written into JSON."""
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"{path!a}: the file's name is not UTF-8", "rename the file"
        ) from error
    return path


def blob_id(data: bytes, algorithm: str = "sha1") -> str:
    """The id that Git gives to a file's content."""
    total = hashlib.new(algorithm, usedforsecurity=False)
    total.update(b"blob %d\0" % len(data))
    total.update(data)
    return total.hexdigest()


def _found(
    git: Git, entries: Entries, paths: Sequence[str], suffixes: tuple[str, ...]
) -> list[Found]:
    return [
        Found(_told(path), target)
        for path, entry in _listed(git, entries, paths)
        if path.endswith(suffixes)
        and not any(map(_hidden, path.split("/")))
        and (target := _followed(git, entries, entry)) is not None
    ]


def _listed(
    git: Git, entries: Entries, paths: Sequence[str]
) -> Iterator[tuple[str, Entry]]:
    """The entries below the paths, as they are called there, sorted."""
    found = {entry.path: entry for entry in entries(paths)}
    for path in paths:
        there = path == "." or any(_is_below(name, path) for name in found)
        if not there or (path in found and not found[path].is_file):
            found |= _behind(git, entries, path)
    yield from sorted(found.items())


def _is_below(name: str, path: str) -> bool:
    return name == path or name.startswith(f"{path}/")


def _behind(git: Git, entries: Entries, path: str) -> dict[str, Entry]:
    """What stands behind a link to a folder above or at a path.

    Raises:
        CannotTellError: The content is in a submodule, or only DVC has it.
    """
    parts = path.split("/")
    for count in range(1, len(parts) + 1):
        above = "/".join(parts[:count])
        if entries([f"{above}.dvc"]):
            raise CannotTellError(
                f"{above} is tracked by DVC ({above}.dvc): its content is not in Git",
                "only data that are in Git can be compared",
            )
        exact = next((e for e in entries([above]) if e.path == above), None)
        if exact is not None and exact.is_submodule:
            raise CannotTellError(
                f"{above} is a submodule: this repository does not have its content",
                "run dvcinc in the submodule's own repository",
            )
        if exact is not None and exact.is_link:
            target = _link_target(git, exact)
            rest = path.removeprefix(above)
            below = _listed(git, entries, [target + rest]) if target else ()
            return {path + e[0].removeprefix(target + rest): e[1] for e in below}
    return {}


def _read_one(git: Git, entries: Entries, path: str) -> bytes | None:
    for found, entry in _listed(git, entries, [path]):
        if found == path:
            blob = _followed(git, entries, entry)
            return None if blob is None else git.blobs([blob])[0]
    return None


def _followed(git: Git, entries: Entries, entry: Entry, links: int = 0) -> str | None:
    """The blob of a file, or of the file in the project that a link leads to."""
    if entry.is_file:
        return entry.blob
    if not entry.is_link or links > _MAX_LINKS:
        return None
    target = _link_target(git, entry)
    for found in entries([target]) if target else ():
        if found.path == target:
            return _followed(git, entries, found, links + 1)
    return None


def _link_target(git: Git, link: Entry) -> str:
    """Where a link leads, from the project; empty where it leads out of it."""
    said = os.fsdecode(git.blobs([link.blob])[0])
    target = posixpath.normpath(posixpath.join(posixpath.dirname(link.path), said))
    return "" if target.startswith("/") or target.split("/")[0] == ".." else target
