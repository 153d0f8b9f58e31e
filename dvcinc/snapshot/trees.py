"""Commits and paths to entries of their trees, by the one process that gives objects.

A tree has the same id wherever it occurs, so the last ones are kept: most of a commit's
are its parent's.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dvcinc.errors import GitError
from dvcinc.snapshot.process import Object, Objects, absent

_KEPT = 100_000
"""Entries of trees in memory: those of a large project, or of a small one's history."""
_ROOTS = 64
_SMALL, _SMALLS = 1 << 14, 64
"""Bytes of an object that is worth keeping, and how many of them."""
_FOLDER = "40000"


class Leaf(NamedTuple):
    """What a tree says of one path: from the top, mode, object id."""

    path: str
    mode: str
    name: str

    @property
    def is_folder(self) -> bool:
        """Whether it is a tree of its own."""
        return self.mode == _FOLDER


_Tree = dict[str, tuple[str, str]]
"""Names to modes and ids."""


@dataclass(slots=True)
class Trees:
    """The trees of a repository.

    Attributes:
        objects: Its objects.
        algorithm: That of object ids: `sha1` or `sha256`.
    """

    objects: Objects
    algorithm: str
    _trees: OrderedDict[str, _Tree] = field(default_factory=OrderedDict, init=False)
    _roots: OrderedDict[str, str] = field(default_factory=OrderedDict, init=False)
    _entries: int = field(default=0, init=False)
    _small: OrderedDict[str, Object] = field(default_factory=OrderedDict, init=False)

    def below(self, commit: str, paths: Sequence[str]) -> list[Leaf]:
        """The files of a commit at or below paths from the top, all without paths.

        Raises:
            CannotTellError: A tree is not in this clone.
            GitError: There is no such commit.
        """
        found: dict[str, Leaf] = {}
        waiting: list[Leaf] = []
        for path in paths or ["."]:
            leaf = self.at(commit, path)
            if leaf is not None:
                waiting.append(leaf)
        while waiting:
            found.update((leaf.path, leaf) for leaf in waiting if not leaf.is_folder)
            folders = {leaf.path: leaf for leaf in waiting if leaf.is_folder}
            self._read([leaf.name for leaf in folders.values()])
            waiting = [leaf for f in folders.values() for leaf in self._children(f)]
        return list(found.values())

    def at(self, commit: str, path: str) -> Leaf | None:
        """What lies at a path from the top, `.` for all; links are not followed."""
        here = Leaf("", _FOLDER, self._root(commit))
        for part in [] if path == "." else path.split("/"):
            said = self._tree(here.name).get(part) if here.is_folder else None
            if said is None:
                return None
            here = Leaf(_joined(here.path, part), *said)
        return here

    def contents(self, leaves: Sequence[Leaf]) -> list[Object | None]:
        """The objects of leaves; what many commits share, as settings are, is kept."""
        names = [leaf.name for leaf in leaves]
        new = [name for name in dict.fromkeys(names) if name not in self._small]
        found = dict(zip(new, self.objects.get(new), strict=True))
        known = {name: self._small[name] for name in names if name in self._small}
        for name, one in (known | found).items():
            if one is not None and len(one.data) <= _SMALL:
                self._small[name] = one
                self._small.move_to_end(name)
        while len(self._small) > _SMALLS:
            self._small.popitem(last=False)
        return [found[name] if name in found else known[name] for name in names]

    def _children(self, folder: Leaf) -> Iterator[Leaf]:
        for name, (mode, blob) in self._tree(folder.name).items():
            yield Leaf(_joined(folder.path, name), mode, blob)

    def _root(self, commit: str) -> str:
        known = self._roots.get(commit)
        if known is not None:
            return known
        (found,) = self.objects.get([f"{commit}^{{tree}}"])
        if found is None:
            raise GitError(f"there is no commit {commit}", "run git fetch")
        self._roots[commit] = found.name
        if len(self._roots) > _ROOTS:
            self._roots.popitem(last=False)
        self._keep(found.name, found.data)
        return found.name

    def _tree(self, name: str) -> _Tree:
        if name not in self._trees:
            self._read([name])
        self._trees.move_to_end(name)
        return self._trees[name]

    def _read(self, names: Sequence[str]) -> None:
        """Reads trees that are not known, all at once."""
        new = [name for name in dict.fromkeys(names) if name not in self._trees]
        for name, found in zip(new, self.objects.get(new), strict=True):
            if found is None:
                raise absent(name, partial=False)
            self._keep(name, found.data)

    def _keep(self, name: str, data: bytes) -> None:
        """Keeps a tree, and the latest others."""
        if name in self._trees:
            return
        tree = _parsed(data, 20 if self.algorithm == "sha1" else 32)
        self._trees[name] = tree
        self._entries += len(tree)
        while self._entries > _KEPT and len(self._trees) > 1:
            _, oldest = self._trees.popitem(last=False)
            self._entries -= len(oldest)


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _parsed(data: bytes, width: int) -> _Tree:
    """The entries of a tree object: mode, space, name, NUL, id in bytes."""
    tree: _Tree = {}
    at = 0
    while at < len(data):
        end = data.find(b"\0", at)
        mode, _, name = data[at:end].partition(b" ")
        at = end + 1 + width
        if end < 0 or at > len(data):
            raise GitError("git gave a tree that is cut off", "see git fsck")
        blob = data[end + 1 : at].hex()
        tree[os.fsdecode(name)] = (mode.decode(errors="replace"), blob)
    return tree
