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
from dvcinc.lineage.evidence import is_trained
from dvcinc.lineage.standing import Standing
from dvcinc.lineage.values import Verdict
from dvcinc.lineage.verdict import classify
from dvcinc.plan.info import PLAN
from dvcinc.plan.project import Project
from dvcinc.snapshot.dvcouts import LOCK
from dvcinc.snapshot.sources import CommitSource, IndexSource, Source

_WRITTEN = (LOCK, PLAN, "lineage.json", "metrics.json", "reports")
"""What `dvc repro` writes for Git to keep, of which evidence is a part."""
_GLANCE = 3
"""So many commits are asked since when a training is due, while one more waits."""


class Ground(Enum):
    """Why a change passes or is stopped."""

    FIRST = "nothing was committed before"
    NOTHING = "nothing has to be trained"
    CHEAP = "no training from scratch"
    TRAINED = "the new plan.json fits the new data, and its model has been trained"
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


_DONE = {Standing.TRAINED: Ground.TRAINED, Standing.RESTORED: Ground.TAKEN_UP}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is found of a change.

    Attributes:
        ground: Why it passes or is stopped.
        verdict: What it needs, where that can be told.
        error: What cannot be read or had.
        note: Why what looks trained does not count.
        since: Since which commit a training is due, where it is due and that is not
            too far back.
        unstaged: What to stage, where the training has been done in the work tree.
    """

    ground: Ground
    verdict: Verdict | None = None
    error: DvcincError | None = None
    note: str = ""
    since: str | None = None
    unstaged: tuple[str, ...] = ()

    @property
    def mode(self) -> Mode:
        """The training mode; `NONE` where it cannot be told."""
        return self.verdict.decision.mode if self.verdict else Mode.NONE

    @property
    def own(self) -> Mode:
        """The mode that the change is told by: its own, where more is due anyway."""
        return self.verdict.mode if self.verdict else Mode.NONE


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
    if verdict.standing in _DONE:
        return Finding(ground=_DONE[verdict.standing], verdict=verdict)
    for commit in merged:
        other = CommitSource(project.git, "MERGE_HEAD", commit)
        seen = _perhaps(project, other, new)
        if seen is not None and seen.decision.mode < Mode.SCRATCH:
            return Finding(ground=Ground.MERGED, verdict=seen)
    if verdict.standing is Standing.DUE:
        return _waiting(project, old, verdict)
    if unstaged := _unstaged(project, old, new, verdict):
        return Finding(ground=Ground.UNTRAINED, verdict=verdict, unstaged=unstaged)
    note = _note(project, old, new, verdict)
    return Finding(ground=Ground.UNTRAINED, verdict=verdict, note=note)


def _unstaged(
    project: Project, old: CommitSource, new: Source, verdict: Verdict
) -> tuple[str, ...]:
    """What to stage, where the work tree holds evidence that the index lacks.

    pre-commit takes away what is not staged before it runs a hook.
    """
    if not isinstance(new, IndexSource):
        return ()
    before, params = project.plan_data(old.commit), project.side(new).params
    there = project.worktree()
    try:
        is_done, _ = is_trained(before, there, params, verdict.new.digest)
    except DvcincError:
        return ()
    return tuple(p for p in _WRITTEN if is_done and (project.path / p).exists())


def _waiting(project: Project, old: CommitSource, verdict: Verdict) -> Finding:
    from dvcinc.lineage.since import due_since  # noqa: PLC0415 - little is ever due

    since = due_since(project, verdict, old.commit, _GLANCE)
    return Finding(ground=Ground.WAITING, verdict=verdict, since=since)


def _perhaps(project: Project, old: CommitSource, new: Source) -> Verdict | None:
    """A verdict that might let a change pass; none where it cannot be had."""
    try:
        return classify(project, old, new)
    except DvcincError:
        return None


def _note(project: Project, old: CommitSource, new: Source, verdict: Verdict) -> str:
    """Why a plan that is there does not count, or a base that fits again."""
    before, params = project.plan_data(old.commit), project.side(new).params
    _, note = is_trained(before, new, params, verdict.new.digest)
    if note or verdict.origin is None:
        return note
    return f"the base of {verdict.origin} fits, but no {LOCK} tells of its training"
