"""What a change brings by itself, of all that has to run since the base was cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from dvcinc.changes import Change, Kind
from dvcinc.changes import Side as Where
from dvcinc.config import Mode, Policy, Target
from dvcinc.corpus.values import Place
from dvcinc.decision.decide import Decision, Reason, capped, concluded
from dvcinc.decision.words import sentence
from dvcinc.errors import DvcincError
from dvcinc.plan.project import Project
from dvcinc.plan.situation import Committed
from dvcinc.plan.swift import decide_swiftly
from dvcinc.snapshot.side import Side

_OF_EXAMPLES = frozenset(
    {
        Kind.EXAMPLE_ADDED,
        Kind.EXAMPLE_REMOVED,
        Kind.EXAMPLE_RELABELLED,
        Kind.ANNOTATION_CHANGED,
        Kind.EXAMPLE_EDITED,
    }
)
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
    return [reason for reason, is_own in told_apart(reasons, own) if not is_own]


def told_apart(
    reasons: Iterable[Reason], own: Iterable[Reason]
) -> Iterator[tuple[Reason, bool]]:
    """All reasons, and whether each is the change's own.

    Where only some of a reason's examples are the change's, it is two: those, and the
    rest.

    Args:
        reasons: The reasons for what has to run.
        own: Those of the change.
    """
    ours = list(own)
    known = {_facts(reason) for reason in ours}
    named = {_object(reason): reason for reason in ours}
    for reason in reasons:
        one = named.get(_object(reason))
        shared = 0 if one is None else _shared(reason, one)
        if _facts(reason) in known or shared == reason.count:
            yield reason, True
        elif one is None or not shared:
            yield reason, False
        else:
            places = {*one.places}
            mine = tuple(p for p in reason.places if p in places)
            left = tuple(p for p in reason.places if p not in places)
            yield _part(reason, shared, mine or one.places), True
            yield _part(reason, reason.count - shared, left), False


def _object(reason: Reason) -> tuple[str, Kind, str, tuple[str, ...]]:
    return reason.code, reason.kind, reason.subject, reason.names


def _shared(reason: Reason, own: Reason) -> int:
    """How many examples of a reason are the change's own.

    Where all lines are known, they tell; what was removed has moved since the base.
    """
    if reason.kind not in _OF_EXAMPLES:
        return 0
    told = all(len(one.places) == one.count for one in (reason, own))
    if told and reason.side is Where.NEW:
        return len({*reason.places} & {*own.places})
    return min(reason.count, own.count)


def _part(reason: Reason, count: int, places: tuple[Place, ...]) -> Reason:
    """A reason of some of its examples."""
    change = Change(
        kind=reason.kind, subject=reason.subject, names=reason.names, count=count
    )
    return replace(reason, count=count, places=places, text=sentence(change))


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
