"""What has to run against the plan at HEAD, and why: a function of HEAD and the data.

What lies in the work tree (a base that the last run cut, say) decides what is chosen,
but never how it is told: the same data give the same words, before and after a run.
"""

from __future__ import annotations

from collections.abc import Iterable

from dvcinc.changes import Change, Kind, diff, diff_params
from dvcinc.config import Mode, Params, Target
from dvcinc.decision.advice import advised
from dvcinc.decision.decide import Decision, Reason, capped, concluded, decide
from dvcinc.decision.decide import judge as judged
from dvcinc.plan.capacity import PARAMS
from dvcinc.plan.choice import Choice, Judge
from dvcinc.plan.document import PlanDocument
from dvcinc.plan.situation import Committed, Situation

_UNCOMMITTED = "the base in the work tree was cut under another policy, and is nearer"
_JOINED = "the merge joins two bases that fit; {} is nearer"


def nlu_mode(committed: Committed | None, document: PlanDocument) -> Mode:
    """The dearest input of a stage that differs from HEAD's plan."""
    if committed is None or committed.document.base.digest != document.base.digest:
        return Mode.SCRATCH
    before = committed.document
    if before.delta.digest != document.delta.digest:
        return Mode.FINETUNE
    if before.finetune != document.finetune and not document.delta.is_empty:
        return Mode.FINETUNE
    return Mode.REFRESH if before.tables != document.tables else Mode.NONE


def decided(situation: Situation, judge: Judge, choice: Choice, mode: Mode) -> Decision:
    """Mode and reasons of a plan.

    Args:
        situation: What the plan is made from.
        judge: Tells how the corpus stands to HEAD's plan and its base.
        choice: The base that holds.
        mode: What the NLU model needs, against HEAD's plan.
    """
    since = _since(situation, judge)
    nlu = [reason for reason in since if Target.NLU in reason.targets]
    other = [reason for reason in since if Target.NLU not in reason.targets]
    if mode is Mode.SCRATCH:
        nlu = _why_scratch(situation, judge, choice, nlu)
    if not nlu and mode > Mode.NONE and choice.fit is not None:
        nlu = list(choice.fit.decision.reasons)
    policy = situation.now.params.policy
    reasons = advised([*capped(nlu, mode), *other], policy, since)
    decision = concluded(reasons, policy)
    targets = {**decision.targets, Target.NLU: mode}
    return Decision(
        mode=max(targets[target] for target in policy.targets),
        targets=targets,
        reasons=decision.reasons,
    )


def _since(situation: Situation, judge: Judge) -> tuple[Reason, ...]:
    """The changes since the corpus of HEAD's plan, judged."""
    committed, params = situation.committed, situation.now.params
    sides = judge.since()
    if committed is None or sides is None:
        return ()
    old, new = sides
    before = Params(finetune=committed.document.finetune, train=params.train)
    changes: Iterable[Change] = (
        *diff(old, new),
        *diff_params(before, params, PARAMS),
    )
    return decide(changes, params.policy, new.config).reasons


def _why_scratch(
    situation: Situation, judge: Judge, choice: Choice, since: list[Reason]
) -> list[Reason]:
    """Why HEAD's base does not hold: what changed since it was cut."""
    committed = situation.committed
    if committed is None:
        said = "no plan has been committed yet"
        return [_judged(situation, Change(kind=Kind.BASE_UNAVAILABLE, subject=said))]
    digest = committed.document.base.digest
    head = next((f for f in choice.fits if f.base.info.digest == digest), None)
    if head is None:
        said = choice.missing[0] if choice.missing else "the base was not looked for"
        gone = Change(kind=Kind.BASE_UNAVAILABLE, subject=said)
        return [_judged(situation, gone), *since]
    if head.mode < Mode.SCRATCH:
        taken = Change(kind=Kind.OTHER_BASE, subject=_taken(situation, choice))
        return [_judged(situation, taken), *since]
    return list(judge.located(head).decision.reasons)


def _taken(situation: Situation, choice: Choice) -> str:
    """Which base is taken though HEAD's would do."""
    origin = choice.origin()
    if origin is None:
        return _UNCOMMITTED
    base = f"the base of {origin}"
    if origin in {named.name for named in situation.candidates}:
        return _JOINED.format(base)
    return f"{base} is nearer"


def _judged(situation: Situation, change: Change) -> Reason:
    now = situation.now
    return judged(change, now.params.policy, now.corpus.config)
