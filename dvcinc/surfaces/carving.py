"""`classify --split`: a change taken apart, and the commands that begin a split."""

from __future__ import annotations

import os
from collections.abc import Sequence

from dvcinc.lineage.split import Split
from dvcinc.plan.project import Project
from dvcinc.render import split as render
from dvcinc.snapshot.sources import CommitSource, Source


def commands(
    project: Project, old: CommitSource, new: Source, found: Split, *, staged: bool
) -> list[str]:
    """What would commit the parts that go first; nothing where that is no one's next.

    Only what lies on top of HEAD, in the index or the work tree, is the next commit.
    """
    if found.first is None or new.commit is not None:
        return []
    if old.commit != project.git.head():
        return []
    way = render.Way.UNSTAGE if staged else render.Way.ADD
    first = _from_here(project, found.first.known)
    return render.commands(found, way, first, _from_here(project, found.staged))


def _from_here(project: Project, paths: Sequence[str]) -> list[str]:
    return [os.path.relpath(project.path / path) for path in paths]
