"""Two sides of a comparison to a verdict: the decision, with its base and its cost."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from dvcinc.lineage.unchanged import unchanged
from dvcinc.lineage.values import Verdict
from dvcinc.plan.project import Project
from dvcinc.snapshot.side import Side
from dvcinc.snapshot.sources import CommitSource, Source

if TYPE_CHECKING:
    from dvcinc.lineage.comparing import Judged


def classify(project: Project, old: CommitSource, new: Source) -> Verdict:
    """Judges what lies between a commit and another source.

    Where the old side holds a plan, the verdict is the one that the plan stage would
    come to for the new side; else the two sides are compared.

    Raises:
        InputError: A side cannot be read, with `path:line:column`.
        CannotTellError: Some of a side cannot be had.
    """
    try:
        with project.ledger.store.together():
            after = project.side(new)
            same = unchanged(project, old, after)
            return same or _compared(project, old, after).verdict
    except sqlite3.Error:
        # The store is broken, or another process does not let go of it.
        project.ledger.forget()
        return classify(project, old, new)


def judged(project: Project, old: CommitSource, new: Source) -> Judged:
    """As `classify`, with what the verdict was found from."""
    try:
        with project.ledger.store.together():
            return _compared(project, old, project.side(new))
    except sqlite3.Error:
        project.ledger.forget()
        return judged(project, old, new)


def _compared(project: Project, old: CommitSource, after: Side) -> Judged:
    # What judges differences takes longer to import than most hooks may take.
    from dvcinc.lineage.comparing import compared  # noqa: PLC0415

    return compared(project, old, after)
