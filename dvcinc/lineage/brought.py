"""What a change brings by itself, of all that has to run since the base was cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from dvcinc.changes import Side as Where
from dvcinc.config import Mode, Policy, Target
from dvcinc.corpus.values import Place
from dvcinc.decision.decide import Decision, Reason, capped, concluded
from dvcinc.errors import DvcincError
from dvcinc.plan.project import Project
from dvcinc.plan.situation import Committed
from dvcinc.plan.swift import decide_swiftly
from dvcinc.snapshot.side import Side

_Facts = tuple[str, str, str, tuple[str, ...], int, tuple[Place, ...]]


def brought(
    between: Decision, whole: Decision, policy: Policy, before: Callable[[], Mode]
) -> Decision:
    """What lies between two sides, and what only comes about by it.

    A change that makes the delta outgrow its limit brings the training from scratch,
    though each of its examples could be learned; one on top of a commit that waits for
    that training does not.

    Args:
        between: The decision on the two sides by themselves.
        whole: What has to run for the new side, by the old side's plan.
        policy: The new side's policy.
        before: What has to run for the old side by itself; asked where it matters.
    """
    own = concluded(capped(between.reasons, whole.targets[Target.NLU]), policy)
    if own.mode >= whole.mode:
        return replace(own, mode=whole.mode)
    if before() >= whole.mode:
        return own
    more = [r for r in others(whole.reasons, own.reasons) if r.mode > own.mode]
    grown = concluded([*own.reasons, *more], policy)
    targets = {**grown.targets, Target.NLU: whole.targets[Target.NLU]}
    return Decision(mode=whole.mode, targets=targets, reasons=grown.reasons)


def others(reasons: Iterable[Reason], own: Iterable[Reason]) -> list[Reason]:
    """The reasons that say something else than those of the change."""
    known = {_facts(reason) for reason in own}
    return [reason for reason in reasons if _facts(reason) not in known]


def _facts(reason: Reason) -> _Facts:
    # What is gone stood elsewhere when the base was cut.
    places = reason.places if reason.side is Where.NEW else ()
    kind = reason.kind.value
    return (reason.code, kind, reason.subject, reason.names, reason.count, places)


def needed(project: Project, committed: Committed, side: Side, commit: str) -> Mode:
    """What has to run at a commit by itself; nothing where that cannot be told."""
    try:
        return decide_swiftly(project, committed, side, side, commit).decision.mode
    except DvcincError:
        return Mode.NONE
