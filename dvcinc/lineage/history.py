"""The history of `lineage.json`: its versions, from Git alone, newest first.

In goes a commit; out go the commits that made another version, and the lineage each of
them holds. The file is followed where its project's directory was moved.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import groupby, islice

from dvcinc.errors import DvcincError
from dvcinc.lineage.record import PATH, Lineage, read_lineage
from dvcinc.snapshot.commits import Commit, Touch, readable, renamed_from, touches
from dvcinc.snapshot.git import Git
from dvcinc.snapshot.sources import Source, blob_id

_BATCH = 256
"""Versions that are read together: a question to git takes longer than an answer."""
_PROBLEMS = 3
_DIGEST = re.compile(rb'"(sha256:[0-9a-f]+)"')
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

    @property
    def is_committed(self) -> bool:
        """Whether it is a commit's, and not the work tree's."""
        return bool(self.commit.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All versions up to a commit.

    Attributes:
        head: The commit; `None` before the first one.
        versions: They, newest first, children before parents; before them the work
            tree's, where that was asked for and is another.
        current: What the commit, or the work tree, has; `None` where it has none.
        more: Whether there are older models than were asked for.
        missing: What this clone cannot tell, as a sentence; empty where it has all.
    """

    head: str | None
    versions: tuple[Version, ...]
    current: Lineage | None = None
    more: bool = False
    missing: str = ""

    @property
    def problems(self) -> tuple[str, ...]:
        """The versions that cannot be read, and why."""
        return tuple(one.problem for one in self.versions if one.problem)

    def untold(self) -> Iterator[str]:
        """What cannot be told; broken versions are often alike."""
        yield from self.problems[:_PROBLEMS]
        if left := len(self.problems[_PROBLEMS:]):
            yield f"{left:,} more versions of {PATH} cannot be read"
        if self.missing:
            yield self.missing


def read_history(
    git: Git, commit: str | None, here: Source | None = None, most: int | None = None
) -> History:
    """Reads the versions up to a commit.

    Args:
        git: The repository, as seen from the project.
        commit: The id of the commit to start from; `None` before the first.
        here: The work tree, where it counts as well.
        most: How many different models are enough. Versions before them are left out,
            but for those that hold one of these models again.

    Raises:
        GitError: There is no such commit.
        CannotTellError: A partial clone lacks the trees that this needs.
    """
    held = _held(git, commit) if commit else None
    new = tuple(_uncommitted(git, commit, here, held)) if here else ()
    last = new[0].lineage if new else held
    found, more = _first(git, commit, new, most) if commit else ([], False)
    return History(
        head=commit,
        versions=(*new, *found),
        current=None if isinstance(last, str) else last,
        more=more,
        missing=CUT_OFF if git.is_shallow() else "",
    )


def _first(
    git: Git, commit: str, new: Sequence[Version], most: int | None
) -> tuple[list[Version], bool]:
    """The versions that tell of the first models, and whether there are more models."""
    if most is None:
        return list(versions(git, commit)), False
    records, kept = _Records(git), list[Version]()
    models = {one.lineage.model.digest for one in new if one.lineage}
    touched = _followed(git, commit, git.full(PATH))
    while batch := list(islice(touched, most)):
        records.read(batch)
        for number, touch in enumerate(batch):
            version = records.version(touch)
            digest = version.lineage.model.digest if version.lineage else None
            if digest and digest not in models and len(models) == most:
                rest = (*batch[number:], *touched)
                return kept + records.holding(rest, models), True
            models |= {digest} if digest else set()
            kept.append(version)
    return kept, False


def _held(git: Git, commit: str) -> Lineage | str | None:
    """What a commit has, whoever made that; a merge may have taken either side's."""
    try:
        (found,) = git.at(commit, [PATH])
    except DvcincError as error:
        return error.message
    return _read(found.data) if found and found.kind == "blob" else None


def _uncommitted(
    git: Git, head: str | None, here: Source, held: Lineage | str | None
) -> Iterator[Version]:
    """The work tree's version, if it says another thing than HEAD's."""
    data = here.read(PATH)
    known = None if data is None else _read(data)
    if data is None or known == held:
        return
    parents = () if head is None else (head,)
    commit = Commit(name="", parents=parents, author="", time=0, date="", subject="")
    yield Version(
        commit=commit,
        path=git.full(PATH),
        blob=blob_id(data, git.algorithm),
        lineage=None if isinstance(known, str) else known,
        problem=f"{PATH}{known}" if isinstance(known, str) else "",
    )


def projects_at(git: Git, commit: str) -> Iterator[Git]:
    """Every project that a commit holds a `lineage.json` of, by its path.

    Raises:
        CannotTellError: A partial clone lacks the trees that this needs.
    """
    for path in sorted(leaf.path for leaf in git.trees.below(commit, [])):
        folder, name = posixpath.split(path)
        if name == PATH:
            prefix = f"{folder}/" if folder else ""
            found = replace(git.found, prefix=prefix)
            yield Git(git.top / folder, found, git.objects)


def versions(git: Git, commit: str) -> Iterator[Version]:
    """The versions up to a commit, newest first, each read as it is asked for.

    Args:
        git: The repository, as seen from the project.
        commit: The id of the commit to start from, or `EVERYWHERE`.

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

    def read(self, batch: Iterable[Touch]) -> None:
        """Reads the contents of some versions that are not known yet."""
        for name, data in self._contents(batch).items():
            self._known[name] = _read(data)

    def holding(
        self, batch: Iterable[Touch], models: AbstractSet[str]
    ) -> list[Version]:
        """The versions that hold one of some models; most others are not parsed."""
        found = list(batch)
        for name, data in self._contents(found).items():
            if not models.isdisjoint(map(bytes.decode, _DIGEST.findall(data))):
                self._known[name] = _read(data)
        read = (self.version(touch) for touch in found if touch.blob in self._known)
        return [
            one for one in read if one.lineage and one.lineage.model.digest in models
        ]

    def _contents(self, batch: Iterable[Touch]) -> dict[str, bytes]:
        new = {touch.blob for touch in batch if touch.mode in _FILES} - {*self._known}
        names = sorted(new)
        try:
            return dict(zip(names, self.git.blobs(names), strict=True))
        except DvcincError:
            # One of them is damaged or missing: it must not hide the others.
            return {name: data for name in names for data in self._alone(name)}

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
        place = f"{touch.commit.name[:10]}:{readable(touch.path)}"
        return Version(
            commit=touch.commit,
            path=touch.path,
            blob=None if touch.is_gone else touch.blob,
            lineage=None if isinstance(known, str) else known,
            problem=f"{place}{known}" if lost else "",
        )


def _read(data: bytes) -> Lineage | str:
    """A lineage, or what is to be said of the file behind its path."""
    try:
        return read_lineage(data)
    except DvcincError as error:
        return error.message.removeprefix(PATH)
