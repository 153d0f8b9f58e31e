"""Two sides of a comparison to a verdict: the decision, with its base and its cost."""

from __future__ import annotations

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
    return glanced(project, old, new)[0]


def glanced(
    project: Project, old: CommitSource, new: Source
) -> tuple[Verdict, Judged | None]:
    """As `classify`; where something had to be compared, with what it was found from.

    Raises:
        InputError: As there.
        CannotTellError: Likewise.
    """
    with project.ledger.store.together():
        after = project.side(new)
        same = unchanged(project, old, after)
        if same is not None:
            return same, None
        found = _compared(project, old, after)
        return found.verdict, found


def judged(project: Project, old: CommitSource, new: Source) -> Judged:
    """As `classify`, with what the verdict was found from."""
    with project.ledger.store.together():
        return _compared(project, old, project.side(new))


def _compared(project: Project, old: CommitSource, after: Side) -> Judged:
    # What judges differences takes longer to import than most hooks may take.
    from dvcinc.lineage.comparing import compared  # noqa: PLC0415

    return compared(project, old, after)
