"""The history of `lineage.json`: its versions, from Git alone, newest first.

In goes a commit; out go the commits that made another version, and the lineage each of
them holds. The file is followed where its project's directory was moved.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice

from dvcinc.errors import DvcincError
from dvcinc.lineage.record import PATH, Lineage, read_lineage
from dvcinc.snapshot.commits import Commit, Touch, renamed_from, touches
from dvcinc.snapshot.git import Git

_BATCH = 256
"""Versions that are read together: a question to git takes longer than an answer."""
_FILES = frozenset({"100644", "100664", "100755"})
CUT_OFF = (
    "history is cut off in this shallow clone; fetch all of it "
    "(fetch-depth: 0, git fetch --unshallow)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a commit made of `lineage.json`.

    Attributes:
        commit: The commit that added, edited, renamed or removed it; a merge where it
            is that of no parent.
        path: Where it lies, from the top of the repository.
        blob: The id of its content; `None` where the commit removed it.
        lineage: What it says; `None` where it is removed or cannot be read.
        problem: Why it cannot be read, with commit and path; else empty.
    """

    commit: Commit
    path: str
    blob: str | None
    lineage: Lineage | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All versions up to a commit.

    Attributes:
        head: The commit.
        versions: They, newest first, children before parents.
        missing: What this clone cannot tell, as a sentence; empty where it has all.
    """

    head: str
    versions: tuple[Version, ...]
    missing: str = ""

    @property
    def problems(self) -> tuple[str, ...]:
        """The versions that cannot be read, and why."""
        return tuple(one.problem for one in self.versions if one.problem)


def read_history(git: Git, commit: str) -> History:
    """Reads all versions up to a commit.

    Args:
        git: The repository, as seen from the project.
        commit: The id of the commit to start from.

    Raises:
        GitError: There is no such commit.
        CannotTellError: A partial clone lacks the trees that this needs.
    """
    missing = CUT_OFF if git.is_shallow() else ""
    return History(head=commit, versions=tuple(versions(git, commit)), missing=missing)


def versions(git: Git, commit: str) -> Iterator[Version]:
    """The versions up to a commit, newest first, each read as it is asked for.

    Raises:
        GitError: There is no such commit.
        CannotTellError: A partial clone lacks the trees that this needs.
    """
    records = _Records(git)
    found = _followed(git, commit, git.full(PATH))
    while batch := list(islice(found, _BATCH)):
        records.read(batch)
        yield from map(records.version, batch)


def _followed(git: Git, commit: str, path: str) -> Iterator[Touch]:
    """The touches of a path, and before a rename those of the path that it had."""
    paths, renamed_at = [path], ""
    while paths:
        known, paths, skips = paths, [], bool(renamed_at)
        found = groupby(touches(git, commit, known), lambda touch: touch.commit.name)
        for at, group in found:
            # What lay at the old path after the rename is another file.
            if skips:
                skips = at != renamed_at
                continue
            here = list(group)
            # A file that was moved is not gone.
            yield from [one for one in here if not one.is_gone] or here[:1]
            if before := _before(git, here, known):
                paths, renamed_at = [*known, *before], at
                break


def _before(git: Git, here: Sequence[Touch], known: Sequence[str]) -> list[str]:
    """The paths not known yet that a file had in parents that lack it."""
    found = {
        renamed_from(git, parent, touch.commit.name, touch.path)
        for touch in here
        for parent in touch.absent
    }
    kept = {old for old in found if old and posixpath.basename(old) == PATH}
    return sorted(kept - {*known})


@dataclass(slots=True)
class _Records:
    """Reads contents, each once however many commits have it."""

    git: Git
    _known: dict[str, Lineage | str] = field(default_factory=dict)

    def read(self, batch: Sequence[Touch]) -> None:
        """Reads the contents of some versions that are not known yet."""
        new = {touch.blob for touch in batch if touch.mode in _FILES} - {*self._known}
        names = sorted(new)
        try:
            found = dict(zip(names, self.git.blobs(names), strict=True))
        except DvcincError:
            # One of them is damaged or missing: it must not hide the others.
            found = {name: data for name in names for data in self._alone(name)}
        self._known.update({name: _read(data) for name, data in found.items()})

    def _alone(self, name: str) -> list[bytes]:
        try:
            return self.git.blobs([name])
        except DvcincError as error:
            self._known[name] = f": {error.message}"
            return []

    def version(self, touch: Touch) -> Version:
        """A version, once its content is read."""
        known = self._known.get(touch.blob, ": is no regular file")
        lost = isinstance(known, str) and not touch.is_gone
        return Version(
            commit=touch.commit,
            path=touch.path,
            blob=None if touch.is_gone else touch.blob,
            lineage=None if isinstance(known, str) else known,
            problem=f"{touch.commit.name[:10]}:{touch.path}{known}" if lost else "",
        )


def _read(data: bytes) -> Lineage | str:
    """A lineage, or what is to be said of the file behind its path."""
    try:
        return read_lineage(data)
    except DvcincError as error:
        return error.message.removeprefix(PATH)
