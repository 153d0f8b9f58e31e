"""How the versions of `lineage.json` follow each other: branches, merges, bases.

In goes their history; out go nodes, each with the nodes before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dvcinc.lineage.history import History, Version
from dvcinc.snapshot.commits import Commit, linked
from dvcinc.snapshot.git import Git


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A commit that made a version, or a merge of branches that took one's.

    Attributes:
        commit: The commit.
        parents: The ids of the nodes before it, nearest first.
        versions: What it made of `lineage.json`; none for a merge that took a side's.
    """

    commit: Commit
    parents: tuple[str, ...]
    versions: tuple[Version, ...]


def nodes(git: Git, history: History) -> tuple[Node, ...]:
    """The nodes of a history, newest first, children before parents.

    Raises:
        CannotTellError: A partial clone lacks the trees that this needs.
    """
    made: dict[str, list[Version]] = {}
    for version in history.versions:
        made.setdefault(version.commit.name, []).append(version)
    paths = sorted({version.path for version in history.versions})
    found = linked(git, history.head, paths) if paths and history.head else []
    kept = list(_spliced(found, made))
    here = made.get("", [])
    top = tuple(node.commit.name for node in kept[:1])
    new = (Node(commit=one.commit, parents=top, versions=(one,)) for one in here)
    return (*new, *kept)


def _spliced(
    found: Sequence[Commit], made: Mapping[str, Sequence[Version]]
) -> Iterator[Node]:
    """Leaves out what neither made a version nor joins two branches."""
    stands: dict[str, str | None] = {}
    kept: list[Node] = []
    for commit in reversed(found):
        before = (stands.get(parent) for parent in commit.parents)
        parents = tuple(dict.fromkeys(name for name in before if name))
        versions = tuple(made.get(commit.name, ()))
        if versions or len(parents) > 1:
            stands[commit.name] = commit.name
            # That of a version knows its parents in Git.
            known = versions[0].commit if versions else commit
            kept.append(Node(commit=known, parents=parents, versions=versions))
        else:
            stands[commit.name] = parents[0] if parents else None
    return reversed(kept)


def follows(found: Sequence[Node]) -> Iterator[tuple[str, str]]:
    """Which model came after which: pairs of digests, the oldest pair first."""
    held: dict[str, tuple[str, ...]] = {}
    for node in reversed(found):
        before = tuple(d for parent in node.parents for d in held.get(parent, ()))
        own = tuple(v.lineage.model.digest for v in node.versions if v.lineage)
        yield from ((old, new) for new in own for old in before if old != new)
        held[node.commit.name] = own or before


def newest(found: Sequence[Node], count: int) -> tuple[Node, ...]:
    """The first nodes, without ways to those that are left off."""
    kept = found[:count]
    names = {node.commit.name for node in kept}
    return tuple(
        replace(node, parents=tuple(p for p in node.parents if p in names))
        for node in kept
    )
