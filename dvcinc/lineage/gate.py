"""Whether a change may be committed or pushed as it is: grounds to stop, or to pass.

In go a commit and what shall follow it; out goes a finding. What people have said of
the change (a trailer, a variable) is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from dvcinc.config import Mode
from dvcinc.errors import CannotTellError, DvcincError, InputError
from dvcinc.lineage.values import Verdict
from dvcinc.lineage.verdict import classify
from dvcinc.plan.document import PATH, PlanDocument, read_plan
from dvcinc.plan.make import compare_snapshots
from dvcinc.plan.project import Project
from dvcinc.snapshot.sources import CommitSource, Source


class Ground(Enum):
    """Why a change passes or is stopped."""

    FIRST = "nothing was committed before"
    NOTHING = "nothing has to be trained"
    CHEAP = "no training from scratch"
    PLANNED = "the new plan.json covers the new data: its base has been trained"
    TAKEN_UP = "a base that was trained before fits again"
    MERGED = "against the other side of the merge"
    WAITING = "training from scratch is due already, and not for this change"
    MENDED = "the old side cannot be read, the new one can"
    STILL_BROKEN = "neither side can be read, for the same reason"
    UNTOLD = "what would tell cannot be had"
    UNTRAINED = "a base that nobody has trained yet"
    BROKEN = "the new side cannot be read"

    @property
    def stops(self) -> bool:
        """Whether a hook that checks says no."""
        return self in {Ground.UNTRAINED, Ground.BROKEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is found of a change.

    Attributes:
        ground: Why it passes or is stopped.
        verdict: What it needs, where that can be told.
        error: What cannot be read or had.
        note: What people should know of `plan.json`.
    """

    ground: Ground
    verdict: Verdict | None = None
    error: DvcincError | None = None
    note: str = ""

    @property
    def mode(self) -> Mode:
        """The training mode; `NONE` where it cannot be told."""
        return self.verdict.decision.mode if self.verdict else Mode.NONE


def find(
    project: Project, old: CommitSource, new: Source, merged: Sequence[str] = ()
) -> Finding:
    """Judges a change.

    Args:
        project: The project.
        old: The commit before.
        new: The side afterwards.
        merged: Other commits that the new side has as parents.

    Raises:
        DvcincError: Something else than the two sides cannot be read.
    """
    try:
        verdict = classify(project, old, new)
    except CannotTellError as error:
        return Finding(ground=Ground.UNTOLD, error=error)
    except InputError as error:
        return _unread(project, old, new, error)
    if verdict.old.digest is None:
        return Finding(ground=Ground.MENDED, verdict=verdict)
    if verdict.decision.mode is Mode.SCRATCH:
        return _scratch(project, old, new, merged, verdict)
    ground = Ground.CHEAP if verdict.decision.mode > Mode.NONE else Ground.NOTHING
    return Finding(ground=ground, verdict=verdict)


def _unread(
    project: Project, old: CommitSource, new: Source, error: InputError
) -> Finding:
    """Tells which side is broken; a change that mends must pass."""
    after = _mistake(project, new)
    if after is None:
        return Finding(ground=Ground.MENDED, error=error)
    before = _mistake(project, old)
    same = before is not None and before.message == after.message
    ground = Ground.STILL_BROKEN if same else Ground.BROKEN
    return Finding(ground=ground, error=after)


def _mistake(project: Project, source: Source) -> InputError | None:
    try:
        project.side(source)
    except InputError as error:
        return error
    return None


def _scratch(
    project: Project,
    old: CommitSource,
    new: Source,
    merged: Sequence[str],
    verdict: Verdict,
) -> Finding:
    """Tells whether a change that needs another base comes with it."""
    if verdict.origin is not None:
        return Finding(ground=Ground.TAKEN_UP, verdict=verdict)
    covers, note = _covers(project, old, new, verdict)
    if covers:
        return Finding(ground=Ground.PLANNED, verdict=verdict)
    for commit in merged:
        other = CommitSource(project.git, "MERGE_HEAD", commit)
        seen = _perhaps(project, other, new)
        if seen is not None and seen.decision.mode < Mode.SCRATCH:
            return Finding(ground=Ground.MERGED, verdict=seen)
    if verdict.base is not None and _is_waiting(project, old, new):
        return Finding(ground=Ground.WAITING, verdict=verdict, note=note)
    return Finding(ground=Ground.UNTRAINED, verdict=verdict, note=note)


def _perhaps(project: Project, old: CommitSource, new: Source) -> Verdict | None:
    """A verdict that might let a change pass; none where it cannot be had."""
    try:
        return classify(project, old, new)
    except DvcincError:
        return None


def _covers(
    project: Project, old: CommitSource, new: Source, verdict: Verdict
) -> tuple[bool, str]:
    """Whether the new side has a plan of its own that was made for just its data."""
    data = new.read(PATH)
    if data is None or data == old.read(PATH):
        return False, ""
    try:
        plan = read_plan(data, PATH)
    except InputError as error:
        return False, error.message
    if plan.corpus.digest != verdict.new.digest:
        return False, f"{PATH} was made for other data than these"
    if not _is_of_params(project, new, plan):
        return False, f"{PATH} was made with other settings than params.yaml has"
    return True, ""


def _is_of_params(project: Project, new: Source, plan: PlanDocument) -> bool:
    params = project.side(new).params
    forced = plan.forced or not params.policy.forced
    return forced and plan.base.train == params.train


def _is_waiting(project: Project, old: CommitSource, new: Source) -> bool:
    """Whether the old side needs a new base anyway, and the change alone does not."""
    ledger = project.ledger
    was, now = project.compared(ledger.side(old), project.side(new))
    if compare_snapshots(was, now).mode is Mode.SCRATCH:
        return False
    before = _perhaps(project, old, old)
    return before is not None and before.decision.mode is Mode.SCRATCH
