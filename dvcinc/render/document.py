"""`dvcinc/decision/1` as values: all that a comment, a status or an annotation says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dvcinc.config import Mode, Target
from dvcinc.lineage.standing import Standing
from dvcinc.lineage.values import Cost


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to look: a path from the project, a line, and whether on the old side."""

    path: str
    line: int
    old: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SideSaid:
    """A side: the source's name, its commit, and the digest of its corpus."""

    source: str
    commit: str | None
    digest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseSaid:
    """The base: how old it was in days, and the fine-tunes that it has had."""

    digest: str
    commit: str | None
    examples: int
    age_days: float | None
    finetunes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonSaid:
    """A reason; see `dvcinc.decision.decide.Reason`.

    `ours` tells whether it is of the change itself, and not of what was before.
    """

    code: str
    kind: str
    targets: tuple[Target, ...]
    mode: Mode
    subject: str
    names: tuple[str, ...]
    count: int
    spots: tuple[Spot, ...]
    text: str
    advice: str
    ours: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSaid:
    """What the change brings by itself: its mode, that of each target, why."""

    mode: Mode
    targets: Mapping[Target, Mode]
    reasons: tuple[ReasonSaid, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentSaid:
    """How many examples of an intent come and go, and how many there are then."""

    name: str
    added: int
    removed: int
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningSaid:
    """A warning; its kind is a value of `dvcinc.lineage.warning.About`."""

    kind: str
    text: str
    spot: Spot | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSaid:
    """A metric before and after; of an intent it is the F1.

    Attributes:
        name: The metric, or the intent.
        before: On the old side; `None` where there was none.
        after: On the new side likewise.
        support: How many test examples an intent has.
        touched: Whether the change touches the intent.
        worse: Whether the intent is untouched and lost more than noise.
    """

    name: str
    before: float | None
    after: float | None
    support: int = 0
    touched: bool = False
    worse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsSaid:
    """Metrics: the overall ones, and those of intents, touched ones first.

    Attributes:
        overall: Those of all test examples.
        intents: Those of single intents.
        paired: Whether it can be told which untouched intents got worse.
    """

    overall: tuple[MetricSaid, ...]
    intents: tuple[MetricSaid, ...]
    paired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSaid:
    """A model of the past; see `dvcinc.lineage.recent.Model`."""

    digest: str
    base: str
    base_examples: int
    mode: Mode
    ran: str
    examples: int
    added: int
    removed: int
    seconds: float | None
    commit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSaid:
    """Files that go together, and what they need alone; see `dvcinc.lineage.split`.

    Attributes:
        files: The first of them.
        count: How many they are.
        mode: What they need alone; `None` where that cannot be told.
        reasons: Why.
        first: Whether they may go first, as less than the whole.
        together: Why they go together.
        problem: Why their mode cannot be told.
    """

    files: tuple[str, ...]
    count: int
    mode: Mode | None
    reasons: tuple[ReasonSaid, ...]
    first: bool
    together: tuple[str, ...]
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOff:
    """How many more there are than the document lists."""

    reasons: int = 0
    change: int = 0
    intents: int = 0
    warnings: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The whole document.

    Attributes:
        project: The project's path from the top of the repository; `.` for that.
        mode: What has to run.
        targets: The mode of each target.
        standing: How what has to run stands to the change, and whether it is done.
        due_since: The commit since which it is due, if it is since before.
        change: What the change brings by itself.
        old: The side before.
        new: The side afterwards.
        preset: The policy's preset.
        forced: Whether the policy forces training from scratch.
        base: The base of the committed plan.
        cost: What the recorded trainings took.
        reasons: Every reason, the dearest first.
        intents: Examples that come and go.
        warnings: What people should know.
        metrics: Before and after, once the new side has been trained.
        models: The last models, the newest first.
        split: The parts that the change could be split into; `None` if nobody asked.
        left_off: How many more there are of what is listed.
    """

    project: str
    mode: Mode
    targets: Mapping[Target, Mode]
    standing: Standing
    due_since: str | None
    change: ChangeSaid
    old: SideSaid
    new: SideSaid
    preset: str
    forced: bool
    base: BaseSaid | None
    cost: Cost
    reasons: tuple[ReasonSaid, ...]
    intents: tuple[IntentSaid, ...]
    warnings: tuple[WarningSaid, ...]
    metrics: MetricsSaid | None
    models: tuple[ModelSaid, ...]
    split: tuple[PartSaid, ...] | None
    left_off: LeftOff

    @property
    def told(self) -> Mode:
        """The mode that the change is told by: its own, where more is due anyway."""
        return self.change.mode if self.standing is Standing.DUE else self.mode

    @property
    def left(self) -> Mode:
        """What has to run and has not been run yet."""
        return self.standing.left(self.mode)

    @property
    def since(self) -> tuple[ReasonSaid, ...]:
        """The reasons that are none of the change's own."""
        return tuple(reason for reason in self.reasons if not reason.ours)

    @property
    def matters(self) -> bool:
        """Whether there is anything to tell: something trains, or the policy changed.

        A bot that comments on what trains nothing is turned off.
        """
        trains = any(mode is not Mode.NONE for mode in self.change.targets.values())
        brings = self.standing is Standing.TRAINED and self.mode is not Mode.NONE
        policy = any(warning.kind == "policy" for warning in self.warnings)
        return trains or brings or policy
