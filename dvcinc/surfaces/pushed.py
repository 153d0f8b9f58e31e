"""What a push brings: pairs of commits, as pre-commit or git itself tells of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import NamedTuple

from dvcinc.snapshot.git import Git

_FIELDS = 4


class Pushed(NamedTuple):
    """One ref of a push.

    Attributes:
        old: The commit that the remote has, or will be compared with; empty if none.
        new: The commit that is pushed.
    """

    old: str
    new: str


def pushed(git: Git, remote: str) -> Iterator[Pushed]:
    """The refs of a push, each once; deletions and what is no commit bring nothing.

    Args:
        git: The repository.
        remote: The remote's name; empty where it has none.
    """
    seen: set[Pushed] = set()
    for old, new in _told():
        after = _commit(git, new)
        if after is None:
            continue
        # A commit that this clone has never fetched tells as little as none.
        before = _commit(git, old) or _branched_from(git, after, remote) or ""
        found = Pushed(before, after)
        if found not in seen and before != after:
            seen.add(found)
            yield found


def _told() -> Iterator[tuple[str, str]]:
    """The ids on both sides of each ref; zeros for none."""
    if "PRE_COMMIT" in os.environ:
        # It has read what git says; of a push of all history, it names no range.
        names = ("PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF")
        old, new = (os.environ.get(name, "") for name in names)
        if new:
            yield old, new
        return
    if sys.stdin is None or sys.stdin.isatty():
        return
    for line in sys.stdin:
        fields = line.split()
        if len(fields) == _FIELDS:
            _, local, _, theirs = fields
            yield theirs, local


def _commit(git: Git, name: str) -> str | None:
    if not name.strip("0"):
        return None
    return git.try_run("rev-parse", "-q", "--verify", f"{name}^{{commit}}") or None


def _branched_from(git: Git, new: str, remote: str) -> str | None:
    """Where a new branch has left the remote's default branch."""
    for branch in ("HEAD", "main", "master"):
        tip = _commit(git, f"refs/remotes/{remote}/{branch}") if remote else None
        found = git.try_run("merge-base", tip, new) if tip else None
        if found:
            return found.split("\n")[0]
    return None
