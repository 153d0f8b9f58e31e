"""Which commit brought a name to the data, wherever these lay at that time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dvcinc.config import Data
from dvcinc.errors import DvcincError
from dvcinc.lineage.looking import Kind, Looker
from dvcinc.lineage.presence import Line
from dvcinc.params import PATH as PARAMS
from dvcinc.params import read_params
from dvcinc.plan.project import Project
from dvcinc.snapshot.commits import Commit, linked
from dvcinc.snapshot.dvcouts import LOCK, POINTER, ancestors
from dvcinc.snapshot.sources import CommitSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """Since when the data have something.

    Attributes:
        commit: The commit that brought it; `None` where no commit has it yet.
        cut_off: Whether it may have been there before, where history is cut off.
    """

    commit: Commit | None
    cut_off: bool = False


def brought_by(project: Project, looker: Looker, kind: Kind, at: str) -> Brought:
    """Looks back from a commit that has it, as long as commits before have it.

    Where several branches brought it, it is the oldest commit of those that did.

    Raises:
        CannotTellError: A partial clone lacks the trees that this needs.
    """

    def ask(commit: str) -> bool | None:
        found = looker.at(commit)
        return None if found is None else kind in found

    while True:
        listed = linked(project.git, at, list(_paths(project, at)))
        known = {commit.name: commit for commit in listed}
        line = Line({name: commit.parents for name, commit in known.items()}, ask)
        begins = set(line.begins(listed[0].name)) if listed else set()
        if not begins:
            return Brought(commit=None)
        first = [commit for commit in listed if commit.name in begins][-1]
        parents = project.git.parents(first.name)
        # The data may have lain elsewhere before.
        older = next((parent for parent in parents if ask(parent)), None)
        if older is None:
            return Brought(
                commit=first, cut_off=not parents and project.git.is_shallow()
            )
        at = older


def _paths(project: Project, commit: str) -> Iterator[str]:
    """Where a commit has its data, from the top, and what DVC tells of them."""
    git = project.git
    try:
        data = read_params(CommitSource(git, commit, commit).read(PARAMS)).data
    except DvcincError:
        data = Data()
    yield git.full(PARAMS)
    for path in map(git.full, (*data.nlu, *data.domain)):
        if path == ".." or path.startswith("../"):
            continue
        yield path
        for folder in (".", *ancestors(path)):
            yield LOCK if folder == "." else f"{folder}/{LOCK}"
        yield from (f"{folder}{POINTER}" for folder in (*ancestors(path), path))
