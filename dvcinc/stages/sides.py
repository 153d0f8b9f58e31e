"""The sides of a merge that left files in conflict, read from Git's index and trees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dvcinc.errors import DvcincError
from dvcinc.plan.candidates import under_way
from dvcinc.plan.document import PATH as PLAN
from dvcinc.plan.document import PlanDocument, read_plan
from dvcinc.snapshot.entries import project_path
from dvcinc.snapshot.git import Git
from dvcinc.stages.lockmerge import Side
from dvcinc.stages.paths import TRACKED

_STAGE_OF = {Side.OURS: "2", Side.THEIRS: "3"}
_BASE = "1"


class Versions(NamedTuple):
    """The blobs of a file in conflict; `None` where a version has no such file."""

    base: str | None
    ours: str | None
    theirs: str | None

    def of(self, side: Side) -> str | None:
        """A side's version."""
        return self.ours if side is Side.OURS else self.theirs


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of what is under way.

    Attributes:
        git: The repository.
        unmerged: The files in conflict below the project, by path.
        trees: The blobs of the tracked outs at each side's commit; without it where
            it is not known which commit that is.
    """

    git: Git
    unmerged: Mapping[str, Versions]
    trees: Mapping[Side, Mapping[str, str]]

    def data(self, blob: str | None) -> bytes | None:
        """What a version says."""
        return None if blob is None else self.git.blobs([blob])[0]

    def files(self, side: Side) -> dict[str, str | None]:
        """A side's version of each tracked out that differs between the sides.

        Git may have merged some of them line by line, into what neither side says.
        """
        found = {path: self.unmerged[path].of(side) for path in self.in_conflict()}
        if len(self.trees) < len(Side):
            return found
        mine, other = self.trees[side], self.trees[side.other]
        differing = (p for p in TRACKED if mine.get(p) != other.get(p))
        return {**{path: mine.get(path) for path in differing}, **found}

    def in_conflict(self) -> list[str]:
        """The tracked outs that are in conflict."""
        return [path for path in TRACKED if path in self.unmerged]

    def plan(self, side: Side) -> PlanDocument | None:
        """A side's plan, if it has one that can be read."""
        if PLAN in self.unmerged:
            blob = self.unmerged[PLAN].of(side)
        else:
            blob = self.trees.get(side, {}).get(PLAN)
        try:
            data = self.data(blob)
            return None if data is None else read_plan(data)
        except DvcincError:
            return None


def read_sides(git: Git) -> Sides:
    """Looks at what is in conflict below the project."""
    unmerged = _unmerged(git)
    head = git.head()
    trees = {Side.OURS: _tree(git, head)} if head else {}
    for commit in under_way(git):
        tree = _tree(git, commit)
        # What is under way may have gone on, or be another's: its files must agree.
        if all(tree.get(p) == unmerged[p].theirs for p in TRACKED if p in unmerged):
            trees[Side.THEIRS] = tree
            break
    return Sides(git, unmerged, trees)


def _tree(git: Git, commit: str) -> dict[str, str]:
    return {e.path: e.blob for e in git.tree(commit, TRACKED) if e.is_file}


def _unmerged(git: Git) -> dict[str, Versions]:
    listed = git.run("ls-files", "--unmerged", "-z", "--", git.full(".")).split(b"\0")
    found: dict[str, dict[str, str]] = {}
    for entry in listed:
        if entry:
            about, _, path = entry.partition(b"\t")
            _, blob, stage = about.decode().split(" ")
            said = project_path(path, git.prefix).encode(errors="replace").decode()
            found.setdefault(said, {})[stage] = blob
    order: Sequence[str] = (_BASE, *(_STAGE_OF[side] for side in Side))
    return {
        path: Versions(*(stages.get(stage) for stage in order))
        for path, stages in sorted(found.items())
    }
