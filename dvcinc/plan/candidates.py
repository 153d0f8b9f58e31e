"""Which commits name a base: HEAD's plan, the merge's other side, earlier plans.

In goes a repository; out go bases as `plan.json` tells of them, nearest first. Whether
one fits, and where its corpus is, is asked elsewhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dvcinc.errors import DvcincError
from dvcinc.plan.document import PATH, SCHEMA
from dvcinc.plan.info import BaseInfo, read_info
from dvcinc.plan.json import Reader, load
from dvcinc.snapshot.git import Git
from dvcinc.snapshot.sources import CommitSource

MAX_COMMITS = 1000
"""How far to look for a corpus; one that is older may be found by its commit."""
MAX_EARLIER_COMMITS = 100
"""How far to look for the corpus of a base that no plan around HEAD names."""
MAX_VERSIONS = 1000
"""How many versions of `plan.json` or `dvc.lock` to look at, newest first."""
WORKTREE = "the work tree"
"""The name of the candidate that no commit has yet."""
_LOG = (
    "log",
    "--full-history",
    # A merge may hold a plan that none of its parents has.
    "-m",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--no-ext-diff",
    "--no-show-signature",
    "--no-color",
    f"-O{os.devnull}",  # else diff.orderFile would have to be there
    "--diff-filter=AM",
    "--format=format:%H",
    f"--max-count={MAX_VERSIONS}",
)
_REBASING = ("rebase-merge", "rebase-apply")
_COMMIT = re.compile("[0-9a-f]{40,64}")
_SQUASHED = re.compile(r"^commit ([0-9a-f]{40,64})$", re.MULTILINE)
_UNMERGED = ("ls-files", "--unmerged", "-z", "--")


@dataclass(frozen=True, slots=True)
class Named:
    """A base that some `plan.json` names.

    Attributes:
        name: Where, for people.
        info: What it says of the base.
        commit: The commit to look for its corpus from, if there is any yet.
        limit: How many commits to look at.
    """

    name: str
    info: BaseInfo
    commit: str | None
    limit: int = MAX_COMMITS


def named_at(git: Git, commits: Iterable[str]) -> Iterator[Named]:
    """The bases of the plans at commits; what cannot be read names none."""
    for commit in commits:
        try:
            data = CommitSource(git, commit, commit).read(PATH)
        except DvcincError:
            continue
        yield from _named(data, commit)


def beside(git: Git, head: str, *, is_open: bool) -> tuple[str, ...]:
    """The commits that a merge brings to one: those being merged, or its parents.

    Args:
        git: The repository.
        head: The commit.
        is_open: Whether what is planned for lies on top of the work tree's HEAD; only
            there a merge can be under way.
    """
    others = _under_way(git) if is_open and git.head() == head else ()
    if others:
        return others
    parents = git.parents(head)
    return parents if len(parents) > 1 else ()


def under_way(git: Git) -> tuple[str, ...]:
    """The commits that may be the other side of what is in conflict, likely first."""
    last = (_squashed(git), _resolved(git, "refs/stash"))
    return (*_under_way(git), *(c for c in last if c))


def _under_way(git: Git) -> tuple[str, ...]:
    """The other side of a merge, a rebase, a cherry-pick, a revert."""
    merge_head = git.found.own / "MERGE_HEAD"
    found = _lines(merge_head)
    for name, parent in (("CHERRY_PICK_HEAD", ""), ("REVERT_HEAD", "^")):
        found += [f"{line}{parent}" for line in _lines(merge_head.with_name(name))]
    # Git may leave this one behind.
    if any(merge_head.with_name(name).is_dir() for name in _REBASING):
        found += _lines(merge_head.with_name("REBASE_HEAD"))
    commits = (_resolved(git, revision) for revision in found)
    return tuple(dict.fromkeys(commit for commit in commits if commit))


def _resolved(git: Git, revision: str) -> str | None:
    return git.try_run("rev-parse", "-q", "--verify", f"{revision}^{{commit}}") or None


def _lines(path: Path) -> list[str]:
    try:
        words = path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return []
    return [word for word in words if _COMMIT.fullmatch(word)]


def earlier(git: Git, heads: Sequence[str]) -> Iterator[Named]:
    """The bases of all plans in the history behind commits, newest first, each once."""
    seen: set[str] = set()
    for at, data in versions(git, heads, PATH):
        for found in _named(data, at):
            if found.info.digest not in seen:
                seen.add(found.info.digest)
                yield replace(found, limit=MAX_EARLIER_COMMITS)


def versions(git: Git, heads: Sequence[str], path: str) -> list[tuple[str, bytes]]:
    """The versions of a file behind commits: where each came last, its bytes."""
    listed = git.run(*_LOG, *heads, "--", git.full(path)).decode().split("\n")
    commits: dict[str, str] = {}
    commit = ""
    for line in listed:
        if not line.startswith(":"):
            commit = line or commit
            continue
        _, _, _, blob, _ = line.partition("\t")[0].split(" ")
        commits.setdefault(blob, commit)
    return list(zip(commits.values(), git.blobs(list(commits)), strict=True))


def in_conflict(git: Git, head: str) -> Iterator[Named]:
    """The bases of the versions of `plan.json` that could not be united.

    A squash or `git stash pop` tells of its other side nowhere but in the index.
    """
    listed = git.run(*_UNMERGED, git.full(PATH)).decode().split("\0")
    about = [entry.partition("\t")[0].split(" ") for entry in listed if entry]
    # The first version is that of the common ancestor.
    sides = [blob for _, blob, stage in about if stage != "1"]
    commit = _squashed(git) or _resolved(git, "refs/stash")
    for data in git.blobs(sides):
        for found in _named(data, head):
            yield Named("a side of the merge", found.info, commit or head)


def _squashed(git: Git) -> str | None:
    """The newest commit of those that `git merge --squash` is making one of."""
    path = git.try_run("rev-parse", "--git-path", "SQUASH_MSG")
    try:
        text = (git.top / (path or "")).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    found = _SQUASHED.search(text)
    return _resolved(git, found[1]) if found else None


def _named(data: bytes | None, commit: str) -> Iterator[Named]:
    if data is None:
        return
    try:
        info = named_in(data)
    except DvcincError:
        return
    yield Named(f"the plan at {commit[:10]}", info, commit)


def named_in(data: bytes) -> BaseInfo:
    """The base that a `plan.json` names, whatever else it says.

    Raises:
        InputError: It cannot be understood; a merge may have left it in conflict.
    """
    return read_info(Reader(load(data, PATH, SCHEMA), PATH).raw("base"), PATH)
