"""Two sides of a comparison to a verdict: the decision, with its base and its cost."""

from __future__ import annotations

from dvcinc.lineage.circumstances import recorded_cost, recorded_lineage
from dvcinc.lineage.unchanged import unchanged
from dvcinc.lineage.values import Cost, IntentCount, SideInfo, Verdict
from dvcinc.plan.project import Project
from dvcinc.snapshot.sources import CommitSource, Source

__all__ = [
    "Cost",
    "IntentCount",
    "SideInfo",
    "Verdict",
    "classify",
    "recorded_cost",
    "recorded_lineage",
]


def classify(project: Project, old: CommitSource, new: Source) -> Verdict:
    """Judges what lies between a commit and another source.

    Where the old side holds a plan, the verdict is the one that the plan stage would
    come to for the new side; without one, or with one that cannot be understood, the
    two sides are compared.

    Raises:
        InputError: A side cannot be read, with `path:line:column`.
        CannotTellError: Some of a side cannot be had.
    """
    with project.ledger.store.together():
        return _classified(project, old, new)


def _classified(project: Project, old: CommitSource, new: Source) -> Verdict:
    after = project.side(new)
    same = unchanged(project, old, after)
    if same is not None:
        return same
    # What judges differences takes longer to import than most hooks may take.
    from dvcinc.lineage.comparing import compared  # noqa: PLC0415

    return compared(project, old, after)
