"""What a verdict is: the decision, its sides, its base and its cost."""

from __future__ import annotations

from dataclasses import dataclass

from dvcinc.config import Mode, Policy
from dvcinc.decision.values import Decision
from dvcinc.lineage.standing import Standing
from dvcinc.lineage.warning import Warned
from dvcinc.plan.info import BaseInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class SideInfo:
    """One side: the source's name, its commit, and the digest of its corpus.

    The digest is `None` where the side cannot be read.
    """

    source: str
    commit: str | None
    digest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds that the recorded trainings took; `None` where none is recorded."""

    scratch_s: float | None = None
    finetune_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentCount:
    """How many examples of an intent came and went."""

    name: str
    added: int
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a change means for training.

    Attributes:
        decision: What has to run for the new side, and why: mode, targets, reasons.
        change: What this change brings of that; less where more is due since before.
        standing: How what has to run stands to the change, and whether it is done.
        old: The side before.
        new: The side afterwards.
        policy: The new side's policy.
        base: The base of the committed plan, where there is one.
        cost: What the recorded trainings took.
        intents: Examples that come and go, by intent.
        warnings: What people should know.
        unheeded: Why the old side's plan is not judged by; empty where it is, or where
            there is none.
        origin: Which committed plan names the base that holds, if another than the
            old side's does: its model is restored, not trained.
    """

    decision: Decision
    change: Decision
    standing: Standing
    old: SideInfo
    new: SideInfo
    policy: Policy
    base: BaseInfo | None
    cost: Cost
    intents: tuple[IntentCount, ...]
    warnings: tuple[Warned, ...]
    unheeded: str = ""
    origin: str | None = None

    @property
    def mode(self) -> Mode:
        """The mode that a change is told by: its own, where more is due anyway."""
        is_due = self.standing is Standing.DUE
        return self.change.mode if is_due else self.decision.mode

    @property
    def left(self) -> Mode:
        """What has to run and has not been run yet."""
        return self.standing.left(self.decision.mode)
