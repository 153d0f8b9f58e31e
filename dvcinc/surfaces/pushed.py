"""What a push brings: commits that its remote lacks, and what it has to compare with.

Told by pre-commit or by git itself; of what the remote has, by what was fetched of it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from dvcinc.errors import CannotTellError, DvcincError
from dvcinc.snapshot.git import Git

_FIELDS = 4


class Pushed(NamedTuple):
    """What a ref of a push brings.

    Attributes:
        old: The commit that the remote has, or that the new one builds on; empty where
            it builds on nothing that the remote has.
        new: The commit that is pushed.
        others: Further commits of the remote that the new one may be compared with:
            other sides of its merges, and where a branch that is forced leaves them.
    """

    old: str
    new: str
    others: tuple[str, ...] = ()


class _Ref(NamedTuple):
    """A ref of a push: its name here, and the ids there and here."""

    name: str
    old: str
    new: str


class _Remote(NamedTuple):
    """Where a push goes.

    Attributes:
        said: How git calls it: by its name, or by a URL.
        name: Its name here; empty where it has none.
        is_known: Whether anything was ever fetched of it, or pushed to it.
    """

    said: str
    name: str
    is_known: bool


def pushed(
    git: Git, remote: str, untold: Callable[[DvcincError], None]
) -> Iterator[Pushed]:
    """What each ref of a push brings, each once; what is no commit brings nothing.

    Args:
        git: The repository.
        remote: The remote's name, or its URL.
        untold: Takes what stands in the way of one ref.
    """
    seen: set[Pushed] = set()
    there = _remote(git, remote)
    for ref in _told(git, there):
        try:
            found = _compared(git, ref, there)
        except DvcincError as error:
            untold(error)
            continue
        if found is not None and found not in seen:
            seen.add(found)
            yield found


# --- what is told -----------------------------------------------------------------


def _told(git: Git, remote: _Remote) -> Iterator[_Ref]:
    """The refs, with zeros or nothing for an id that there is not."""
    if "PRE_COMMIT" in os.environ:
        yield _told_by_pre_commit(git, remote)
    elif sys.stdin is not None and not sys.stdin.isatty():
        for line in sys.stdin:
            # What is pushed may be called `HEAD@{1 day ago}`.
            fields = line.rsplit(maxsplit=_FIELDS - 1)
            if len(fields) == _FIELDS:
                name, new, _, old = fields
                yield _Ref(name, old, new)


def _told_by_pre_commit(git: Git, remote: _Remote) -> _Ref:
    """The one ref that pre-commit names; of all history, it names no commits."""
    names = ("FROM_REF", "TO_REF", "LOCAL_BRANCH", "REMOTE_BRANCH")
    old, new, here, there = (os.environ.get(f"PRE_COMMIT_{n}", "") for n in names)
    if remote.is_known and there and not _is_tracked(git, remote, there):
        # Of a new branch, it tells the first commit's parent: an older main, perhaps.
        old = ""
    return _Ref(here or new, old, new or here)


def _is_tracked(git: Git, remote: _Remote, ref: str) -> bool:
    branch = ref.removeprefix("refs/heads/")
    return _commit(git, f"refs/remotes/{remote.name}/{branch}") is not None


def _remote(git: Git, said: str) -> _Remote:
    """The remote that is called so, or that has this URL."""
    listed = (git.try_run("remote", "--verbose") or "") if said else ""
    rows = [line.partition("\t")[::2] for line in listed.splitlines()]
    names = [name for name, _ in rows if name == said] or [
        name for name, rest in rows if _same(git, rest.rpartition(" (")[0], said)
    ]
    name = next(iter(names), "")
    refs = f"refs/remotes/{name}/"
    found = name and git.try_run("for-each-ref", "--count=1", refs)
    return _Remote(said, name, bool(found))


def _same(git: Git, one: str, other: str) -> bool:
    """Whether two URLs lead to the same repository, as far as can be seen."""
    first, second = (url.rstrip("/").removesuffix(".git") for url in (one, other))
    places = [git.top / url for url in (one, other)]
    is_local = all(place.is_dir() for place in places)
    return first == second or (is_local and Path.samefile(*places))


# --- what it is compared with -----------------------------------------------------


def _compared(git: Git, ref: _Ref, remote: _Remote) -> Pushed | None:
    """What a ref brings; nothing where the remote has it.

    Raises:
        CannotTellError: Nothing is known of what the remote has.
    """
    new, old = _commit(git, ref.new), _commit(git, ref.old)
    if new is None or new == old:
        return None
    if old is not None and _is_ancestor(git, old, new):
        return Pushed(old, new)
    if old is None and not remote.is_known:
        raise _unknown(ref, remote)
    brought = _brought(git, new, old, remote)
    if brought is None:
        return None
    if old is not None:
        return Pushed(old, new, tuple(brought))
    if not brought and git.is_shallow():
        raise CannotTellError(
            f"{ref.name}: history is cut off before anything that {remote.said} has",
            "git fetch --unshallow",
        )
    first, *others = brought or [""]
    return Pushed(first, new, tuple(others))


def _brought(git: Git, new: str, old: str | None, remote: _Remote) -> list[str] | None:
    """What a commit builds on that the remote has; `None` where it has the commit.

    These are the commits at the boundary, but for those that others there build on. The
    first is the one that first parents lead to, if it is among them.
    """
    known = [*([old] if old else []), *([f"--remotes={remote.name}"] * remote.is_known)]
    listed = git.run("rev-list", "--boundary", "--parents", new, "--not", *known, "--")
    rows = [line.split() for line in listed.decode().splitlines()]
    parents = {row[0]: row[1:] for row in rows if not row[0].startswith("-")}
    if not parents:
        return None
    boundary = [row[0][1:] for row in rows if row[0].startswith("-")]
    if len(boundary) > 1:
        boundary = git.run("merge-base", "--independent", *boundary).decode().split()
    left = new
    while left in parents:
        left = next(iter(parents[left]), "")
    return sorted(boundary, key=lambda commit: (commit != left, commit))


def _unknown(ref: _Ref, remote: _Remote) -> CannotTellError:
    said = f"nothing is known of what {remote.said or 'the remote'} has"
    fetch = f"git fetch {remote.name}" if remote.name else "push to a named remote"
    todo = f"{fetch}; to one that has nothing yet, there is nothing to compare with"
    return CannotTellError(f"{ref.name}: {said}", todo)


def _is_ancestor(git: Git, old: str, new: str) -> bool:
    return git.try_run("merge-base", "--is-ancestor", old, new) is not None


def _commit(git: Git, name: str) -> str | None:
    """The id of a commit, or of that of a tag; nothing for zeros and what is none."""
    if not name.strip("0"):
        return None
    return git.try_run("rev-parse", "-q", "--verify", f"{name}^{{commit}}") or None
