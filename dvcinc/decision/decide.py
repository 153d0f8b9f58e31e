"""Changes under a policy to a decision: the mode, and every reason for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dvcinc.changes import Change, Kind
from dvcinc.config import Mode, Policy, Target
from dvcinc.corpus.pipeline import effective_options
from dvcinc.corpus.trained import short_name
from dvcinc.corpus.values import Config
from dvcinc.decision.advice import advised
from dvcinc.decision.rules import rule_of
from dvcinc.decision.values import Decision, Reason, concluded
from dvcinc.decision.words import sentence

__all__ = ["Decision", "Reason", "capped", "concluded", "decide", "judge"]


def decide(changes: Iterable[Change], policy: Policy, config: Config) -> Decision:
    """Judges changes.

    Args:
        changes: The facts.
        policy: The new side's policy, already checked against the floors.
        config: The new side's `config.yml`: what its pipeline trains on.
    """
    reasons = [judge(change, policy, config) for change in changes]
    return concluded(advised(reasons, policy, reasons), policy)


def judge(change: Change, policy: Policy, config: Config) -> Reason:
    """What one change needs, and the words for it; others decide on the advice."""
    rule = rule_of(change.kind)
    mode = rule.mode(policy, change.kind, trains=change.trains)
    if change.served:
        mode = max(mode, Mode.REFRESH)
    # No policy can make a feature of the pipeline cheaper.
    feature = change.kind is Kind.INTENT_RENAMED and _names_are_features(config)
    if feature:
        mode = Mode.SCRATCH
    return Reason(
        code=rule.code,
        kind=change.kind,
        targets=rule.targets,
        mode=mode,
        subject=change.subject,
        names=change.names,
        count=change.count,
        side=change.side,
        places=change.places,
        text=sentence(change),
        advice="",
        fixed=feature,
    )


def capped(reasons: Iterable[Reason], mode: Mode) -> tuple[Reason, ...]:
    """Reasons that need no more than what has to run.

    The base decides what is sound: a change since the last plan that would be dear
    by itself is cheap where the base never saw what it touches.
    """
    return tuple(
        replace(reason, mode=mode, advice="")
        if Target.NLU in reason.targets and reason.mode > mode
        else reason
        for reason in reasons
    )


def _names_are_features(config: Config) -> bool:
    """Whether the tokenizer splits intent names, which makes them inputs in Rasa."""
    return any(
        bool(effective_options(component).get("intent_tokenization_flag"))
        for component, _ in config.pipeline
        if short_name(component).endswith("Tokenizer")
    )
