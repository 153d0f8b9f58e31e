"""What a check of recorded models can find, and what was found of each model.

Facts with codes; what they are read from stands in `dvcinc.stages.proving`.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum, IntEnum

from dvcinc.lineage.models import Made


class Weight(IntEnum):
    """What a finding means for the answer, the gravest last.

    A note is nothing that a record must account for: a squash, newer rules.
    """

    NOTE = 0
    UNTOLD = 1
    WRONG = 2

    @property
    def word(self) -> str:
        """As people and JSON read it."""
        return self.name.lower()


class Check(Enum):
    """What can be found: a stable code, its title, and what it means.

    Each has a section in `docs/proof.md`.
    """

    COMMIT_GONE = ("LV101", "the commit of the training is gone", Weight.NOTE)
    IMPOSSIBLE = ("LV102", "the record contradicts itself", Weight.WRONG)
    PARENT = ("LV103", "the parent is missing", Weight.WRONG)
    LOCK = ("LV104", "dvc.lock names another model", Weight.WRONG)
    FILE = ("LV105", "a committed file is not the one of dvc.lock", Weight.WRONG)
    PLAN = ("LV106", "the plan says otherwise", Weight.WRONG)
    METRICS = ("LV107", "the metrics say otherwise", Weight.WRONG)
    REPORT = ("LV108", "the report of the training says otherwise", Weight.WRONG)
    UNREADABLE = ("LV109", "a record cannot be read", Weight.UNTOLD)
    NO_EVIDENCE = ("LV110", "nothing is committed to hold it against", Weight.UNTOLD)
    NOT_STORED = ("LV201", "the model is not at hand", Weight.UNTOLD)
    BROKEN = ("LV202", "what is stored is broken", Weight.WRONG)
    SWAPPED = ("LV203", "what is stored is another model", Weight.WRONG)
    OTHER_FORMAT = ("LV204", "the model is of another version", Weight.UNTOLD)
    FOREIGN = ("LV205", "the model was made from other inputs", Weight.WRONG)
    NO_DATA = ("LV301", "the data are not at hand", Weight.UNTOLD)
    DATA = ("LV302", "the data are others", Weight.WRONG)
    STALE = ("LV303", "the data have moved on", Weight.UNTOLD)
    INPUTS = ("LV304", "the data give other inputs", Weight.WRONG)
    MODE = ("LV305", "the data need another mode", Weight.WRONG)
    RULES = ("LV306", "the rules were others", Weight.NOTE)
    NO_PREDECESSOR = ("LV307", "the plan before it is gone", Weight.NOTE)
    REBUILT = ("LV401", "a new training gives another model", Weight.WRONG)
    NUMERICS = ("LV402", "this machine calculates otherwise", Weight.UNTOLD)
    NOT_REBUILT = ("LV403", "it cannot be trained again here", Weight.UNTOLD)

    @property
    def code(self) -> str:
        """The stable code."""
        return self.value[0]

    @property
    def title(self) -> str:
        """The code in words."""
        return self.value[1]

    @property
    def weight(self) -> Weight:
        """What it means for the answer."""
        return self.value[2]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that was found of a model.

    Attributes:
        code: The code of the check.
        place: Where: a commit, mostly with a path behind a colon.
        text: What was found there.
        hint: What to do, where that depends on the case.
    """

    code: str
    place: str
    text: str
    hint: str = ""

    @property
    def check(self) -> Check:
        """What was checked."""
        return BY_CODE[self.code]


BY_CODE = {check.code: check for check in Check}


class Aspect(Enum):
    """What of a model was held against what, all of it."""

    RECORD = "record"
    BYTES = "bytes"
    DATA = "data"
    MODE = "mode"
    REBUILT = "rebuilt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was found of one model.

    Attributes:
        model: The model, served or base.
        checked: What could be told of it.
        findings: What was found, in the order of the codes; each once.
    """

    model: Made
    checked: tuple[Aspect, ...]
    findings: tuple[Finding, ...]

    @classmethod
    def of(
        cls, model: Made, checked: AbstractSet[Aspect], findings: Iterable[Finding]
    ) -> Proof:
        """A proof with its parts in order."""
        return cls(
            model=model,
            checked=tuple(aspect for aspect in Aspect if aspect in checked),
            findings=tuple(sorted({*findings})),
        )

    @property
    def weight(self) -> Weight:
        """The gravest finding's; a note's where there is none."""
        found = (finding.check.weight for finding in self.findings)
        return max(found, default=Weight.NOTE)
