"""What the next `dvc repro` will do, as values: stage by stage, and on the whole."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dvcinc.config import Mode
from dvcinc.decision.decide import Decision

_TRAINS = {"train": Mode.SCRATCH, "finetune": Mode.FINETUNE}


class Action(Enum):
    """What a stage will do."""

    SKIP = "up to date"
    RUN = "run"
    PASS_ON = "pass on"  # noqa: S105 - no password
    RESTORE = "restore"
    PULL = "pull"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStatus:
    """One stage: what it will do, why, and the seconds that it took when recorded."""

    name: str
    action: Action
    why: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The decision for the work tree, and what each stage will do.

    Attributes:
        decision: What the data need against the plan at HEAD.
        stages: What each stage will do in this clone.
        warnings: What people should know.
        settled: Whether the lock, the plan and the record here are those of the data,
            whatever models this clone holds: a repro would write no other.
    """

    decision: Decision
    stages: tuple[StageStatus, ...]
    warnings: tuple[str, ...]
    settled: bool

    @property
    def left(self) -> Mode:
        """What a repro takes: more than the decision where HEAD's plan never ran."""
        if self.settled:
            return Mode.NONE
        run = {one.name for one in self.stages if one.action is Action.RUN}
        found = [mode for name, mode in _TRAINS.items() if name in run]
        return max(self.decision.mode, Mode.REFRESH, *found)
