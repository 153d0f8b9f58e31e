"""Which commits touched files, and what they made of them: one `git log`, newest first.

In go a commit and paths from the top; out go the commits of all branches that lead to
it, children before parents. A merge is named where it differs from all its parents.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from dvcinc.snapshot.git import Git

EVERYWHERE = "--all"
"""All branches and tags, in the place of a commit to start from."""
_FIELDS = ("%H", "%P", "%an", "%ct", "%cs", "%s")
_LOG = (
    "log",
    "-z",
    "--full-history",
    "--no-show-signature",
    "--no-color",
    f"--format={'%x00'.join(_FIELDS)}",
)
_TOUCHED = (
    "--raw",
    "-c",
    # Clocks differ, but no parent comes before its child.
    "--date-order",
    "--no-abbrev",
    "--no-renames",
    "--no-ext-diff",
    f"-O{os.devnull}",  # else diff.orderFile would have to be there
)
_LINKED = ("--no-patch", "--parents", "--simplify-merges")
_RENAMES = ("-r", "-z", "--raw", "-M", "-l1000", "--diff-filter=R", "--no-ext-diff")
_ABSENT = "000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit, as its author and git tell of it.

    Attributes:
        name: Its id.
        parents: The ids of its parents, but for those that history is cut off from.
        author: The name that its author gave.
        time: When it was committed, in seconds since 1970, UTC.
        date: The day on which it was committed, as YYYY-MM-DD.
        subject: The first line of its message, as somebody wrote it.
    """

    name: str
    parents: tuple[str, ...]
    author: str
    time: int
    date: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """A path that a commit touched.

    Attributes:
        commit: The commit.
        path: The path, from the top of the repository.
        mode: What lies there now, as trees say it; `000000` for nothing.
        blob: Its id; zeros for nothing.
        absent: The parents that have nothing there, where there is something now.
    """

    commit: Commit
    path: str
    mode: str
    blob: str
    absent: tuple[str, ...]

    @property
    def is_gone(self) -> bool:
        """Whether there is nothing any more."""
        return self.mode == _ABSENT


def touches(git: Git, commit: str, paths: Sequence[str]) -> Iterator[Touch]:
    """The commits up to one that touched paths, newest first.

    Args:
        git: The repository.
        commit: The id of the commit to start from, or `EVERYWHERE`.
        paths: Files, from the top of the repository.

    Raises:
        GitError: There is no such commit.
        CannotTellError: A partial clone lacks the trees that this needs.
    """
    fields = iter(_listed(git, _TOUCHED, commit, paths))
    header = tuple(islice(fields, len(_FIELDS)))
    while len(header) == len(_FIELDS):
        at = _commit(*header)
        first = ""
        for field in fields:
            about = field.lstrip("\n")
            if about.startswith(":"):
                yield _touch(at, about, next(fields))
            elif about:
                first = about
                break
        header = (first, *islice(fields, len(_FIELDS) - 1))


def linked(git: Git, commit: str, paths: Sequence[str]) -> list[Commit]:
    """The commits up to one that touched paths, and the merges between them.

    Their parents are not Git's but the next of these commits on each way back, as in
    `git log --graph`. Newest first, the commits of a branch together.

    Args:
        git: The repository.
        commit: The id of the commit to start from.
        paths: Files, from the top of the repository.

    Raises:
        GitError: There is no such commit.
        CannotTellError: A partial clone lacks the trees that this needs.
    """
    fields = _listed(git, _LINKED, commit, paths)
    starts = range(0, len(fields) - len(_FIELDS) + 1, len(_FIELDS))
    return [_commit(*fields[at : at + len(_FIELDS)]) for at in starts]


def _listed(
    git: Git, options: Sequence[str], commit: str, paths: Sequence[str]
) -> list[str]:
    said = git.run(*_LOG, *options, commit, "--", *paths)
    return said.decode(errors="surrogateescape").split("\0")


def _commit(
    name: str, parents: str, author: str, time: str, date: str, subject: str
) -> Commit:
    return Commit(
        name=name,
        parents=tuple(parents.split()),
        author=readable(author),
        time=int(time),
        date=date,
        subject=readable(subject),
    )


def readable(text: str) -> str:
    """What git said, without the bytes that are no UTF-8, which paths may have."""
    if text.isascii():
        return text
    return text.encode(errors="surrogateescape").decode(errors="replace")


def _touch(commit: Commit, about: str, path: str) -> Touch:
    """A line of git's: modes and ids of all parents and of the commit, and a status."""
    words = about.lstrip(":").split(" ")[:-1]
    modes, blobs = words[: len(words) // 2], words[len(words) // 2 :]
    before = zip(commit.parents, modes[:-1], strict=False)
    there = modes[-1] != _ABSENT
    absent = (parent for parent, mode in before if there and mode == _ABSENT)
    return Touch(
        commit=commit,
        path=path,
        mode=modes[-1],
        blob=blobs[-1],
        absent=tuple(absent),
    )


def renamed_from(git: Git, parent: str, commit: str, path: str) -> str | None:
    """The path that a file had in a parent, where git takes it for renamed."""
    listed = git.run("diff-tree", *_RENAMES, parent, commit, "--")
    fields = listed.decode(errors="surrogateescape").split("\0")
    # Each rename is three fields: what it is about, the old path, the new one.
    renames = zip(fields[::3], fields[1::3], fields[2::3], strict=False)
    return next((old for _, old, new in renames if new == path), None)
