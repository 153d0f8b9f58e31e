"""What to do about reasons: only what makes the change cheaper if somebody does it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dvcinc.changes import Kind
from dvcinc.config import Mode, Policy
from dvcinc.decision.rules import rule_of
from dvcinc.decision.values import Reason
from dvcinc.decision.words import Counted

_REST = {Mode.FINETUNE: "the rest fine-tunes", Mode.REFRESH: "the rest is a refresh"}


def advised(
    reasons: Sequence[Reason], policy: Policy, since: Sequence[Reason]
) -> tuple[Reason, ...]:
    """Reasons with the advice that there is among them, and no other.

    To take a change apart gains something if the rest needs less; to change the policy
    if nothing is left that no policy allows.

    Args:
        reasons: Why something has to run.
        policy: The policy.
        since: The reasons in what can still be taken apart: since the last plan.
    """
    wanted = {*policy.targets}
    counting = [reason for reason in reasons if wanted & {*reason.targets}]
    dear = [reason for reason in counting if reason.mode is Mode.SCRATCH]
    left = [r.mode for r in since if wanted & {*r.targets} and r.mode < Mode.SCRATCH]
    rest = max(left, default=Mode.NONE)
    solvable = all(map(_todo, dear))
    ways = _Ways(
        rest=_REST.get(rest, "") if solvable else "",
        solvable=solvable,
        allowed=all(_allowable(reason, policy) for reason in dear),
        policy=policy,
    )
    chosen = {id(reason) for reason in dear}
    return tuple(
        replace(reason, advice=ways.advice(reason) if id(reason) in chosen else "")
        for reason in reasons
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    """What would help, of all that could be said.

    Attributes:
        rest: What is left if the dearest goes elsewhere; empty where that is nothing.
        solvable: Whether there is something to do about each of the dearest.
        allowed: Whether a policy could make each of them cheaper.
        policy: The policy.
    """

    rest: str
    solvable: bool
    allowed: bool
    policy: Policy

    def advice(self, reason: Reason) -> str:
        """What would help against a reason."""
        return "; or ".join(self._said(reason))

    def _said(self, reason: Reason) -> Iterator[str]:
        rule, todo = rule_of(reason.kind), _todo(reason)
        if todo and (self.rest if rule.parts else self.solvable):
            yield todo.format(
                n=Counted(reason.count),
                subject=reason.subject,
                rest=self.rest,
                key=reason.names[-1] if reason.names else "the limit",
            )
        if self.allowed and _allowable(reason, self.policy):
            yield f"set policy.rules.{rule.code}: {rule.pragmatic.word}"


def _todo(reason: Reason) -> str:
    """What the rule says; of a base that is nearer there is nothing to say."""
    return "" if reason.kind is Kind.OTHER_BASE else rule_of(reason.kind).advice


def _allowable(reason: Reason, policy: Policy) -> bool:
    rule = rule_of(reason.kind)
    known = reason.fixed or rule.code in policy.rules
    return not known and rule.pragmatic < Mode.SCRATCH
