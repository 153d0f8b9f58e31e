"""`params.yaml` as frozen values: where the data lies, the policy, how to train.

Every key has the default that stands in the documentation; `dvcinc.params` reads the
file and reports all its mistakes at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from types import MappingProxyType

TRAILER = "Training-Mode"
"""The trailer by which a commit message says that its training mode is meant."""
VARIABLE = "DVCINC_TRAINING_MODE"
"""The environment variable that says the same."""


class Mode(IntEnum):
    """What has to run, from the cheapest to the dearest; comparable."""

    NONE = 0
    REFRESH = 1
    FINETUNE = 2
    SCRATCH = 3

    @property
    def word(self) -> str:
        """The word for it in code, JSON and docs."""
        return self.name.lower()


class Target(Enum):
    """What is trained: dvcinc's own NLU model, or Rasa Core's dialogue model."""

    NLU = "nlu"
    DIALOGUE = "dialogue"


class Preset(Enum):
    """Which column of the rule table holds."""

    STRICT = "strict"
    PRAGMATIC = "pragmatic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Where the data lies, as POSIX paths from the project; file or folder each.

    `nlu` may name several. `given` is false where `params.yaml` is silent about it
    and Rasa's own default place holds, where test data may lie among the rest.
    """

    nlu: tuple[str, ...] = ("data",)
    domain: tuple[str, ...] = ("domain.yml", "domain")
    config: str = "config.yml"
    test: tuple[str, ...] = ("tests",)
    given: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a change may cost: preset, per-rule modes and limits."""

    preset: Preset = Preset.STRICT
    forced: bool = False
    rules: Mapping[str, Mode] = field(default_factory=lambda: MappingProxyType({}))
    targets: tuple[Target, ...] = (Target.NLU,)
    growth_limit: float = 0.5
    intent_growth_limit: float = 4.0
    unlearn_limit: float = 0.05
    intent_unlearn_limit: float = 0.25
    warn_age_days: float = 90.0
    max_f1_drop: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Train:
    """How a base is trained; `None` stands for `auto`.

    `epochs_from_config` is `train.epochs: config`: the classifier's own `epochs`.
    `learning_rate` is the peak of the schedule; `threads` are those of a matrix
    product, in NumPy's library as in TensorFlow's pools.
    """

    epochs: int | None = None
    epochs_from_config: bool = False
    seed: int = 42
    batch_size: int | None = None
    learning_rate: float | None = None
    threads: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Finetune:
    """How a delta is learned; `steps` `None` is `auto`, `replay` counts examples."""

    steps: int | None = None
    replay: int = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """The whole of `params.yaml`."""

    data: Data = field(default_factory=Data)
    policy: Policy = field(default_factory=Policy)
    train: Train = field(default_factory=Train)
    finetune: Finetune = field(default_factory=Finetune)
    trainer: str = "builtin"
