"""`reports/verify.json`: what fine-tuning did to intents that the delta did not touch.

The base and the model that is served answer the same test texts. A loss is a breach if
it is larger than `policy.max_f1_drop` and more than chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum

from dvcinc.errors import DvcincError, InputError
from dvcinc.lineage.paired import (
    LEVEL,
    MIN_SUPPORT,
    Outcome,
    Tally,
    adjusted,
    tallies,
)
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.lineage.record import read_lineage
from dvcinc.plan.json import REMEDY, Reader, dump, load
from dvcinc.snapshot.sources import Source
from dvcinc.yaml import Json

SCHEMA = "dvcinc/verify/1"
PATH = "reports/verify.json"
REMEDY_OF_BREACH = (
    "policy.mode: scratch in params.yaml, then dvc repro, trains a new base; or look "
    "at what was added, or raise policy.max_f1_drop"
)
_DIGITS = 5
_SHOWN = 5


class Fate(Enum):
    """What became of an intent; the value is the word in JSON."""

    KEPT = "kept"
    """It lost nothing beyond chance."""
    WORSE = "worse"
    """It lost more than chance, and no more than is allowed."""
    BREACH = "breach"
    """It lost more than chance, and more than is allowed."""
    TOO_FEW = "too few texts to tell"
    """It has next to none, or its loss is too large and may yet be chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Untouched:
    """An intent that the delta does not touch, under the base and under the model.

    Attributes:
        name: The intent.
        support: How many test texts it has.
        before: Its F1 under the base.
        after: Its F1 under the model that is served.
        lost: Texts that the base alone gets right for it, its own or those of others.
        won: Texts that the model alone gets right for it.
        p: How likely a loss as large is by chance, corrected for all intents judged.
        fate: What that comes to.
    """

    name: str
    support: int
    before: float
    after: float
    lost: int
    won: int
    p: float
    fate: Fate

    @property
    def drop(self) -> float:
        """How much F1 is lost."""
        return self.before - self.after

    def __str__(self) -> str:
        sure = "" if self.fate is Fate.TOO_FEW else f", p {self.p:.2g}"
        said = f"{self.before:.3f} → {self.after:.3f}"
        return f"{self.name} {said} ({self.support:,} texts{sure})"

    def to_json(self) -> dict[str, Json]:
        """As the report says it."""
        return {
            "name": self.name,
            "support": self.support,
            "base_f1": self.before,
            "f1": self.after,
            "lost": self.lost,
            "won": self.won,
            "p": self.p,
            "fate": self.fate.value,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """The report.

    Attributes:
        base: The digest of the base model.
        model: The digest of the model that is served.
        limit: `policy.max_f1_drop`.
        examples: How many texts both were asked; none where they are the same.
        touched: The intents that the delta touches; nothing is said of them.
        intents: The others that have test texts: the largest loss first.
    """

    base: str
    model: str
    limit: float | None
    examples: int
    touched: tuple[str, ...]
    intents: tuple[Untouched, ...]

    def of(self, *fates: Fate) -> tuple[Untouched, ...]:
        """The intents that something has become of."""
        return tuple(intent for intent in self.intents if intent.fate in fates)

    @property
    def breaches(self) -> tuple[Untouched, ...]:
        """The intents that lost too much; none where nothing is too much."""
        return () if self.limit is None else self.of(Fate.BREACH)

    def breach(self) -> str:
        """A sentence that names them, without a full stop."""
        found = self.breaches
        which = f"{len(found):,} intents" if found[1:] else "an intent"
        return (
            f"{which} that the delta does not touch lost more F1 against the base "
            f"than policy.max_f1_drop ({self.limit:g}) allows: {listed(found)}"
        )

    def to_bytes(self) -> bytes:
        """The file's bytes: first what DVC shows, which shows nothing of lists."""
        told = self.of(Fate.KEPT, Fate.WORSE, Fate.BREACH)
        said: dict[str, Json] = {
            "schema": SCHEMA,
            "passed": not self.breaches,
            "largest_drop": round(max((i.drop for i in told), default=0.0), _DIGITS),
            "worse": len(self.of(Fate.WORSE, Fate.BREACH)),
            "breaches": len(self.breaches),
            "verified": [self._in_full(len(told))],
        }
        return dump(said)

    def _in_full(self, judged: int) -> dict[str, Json]:
        return {
            "base": self.base,
            "model": self.model,
            "max_f1_drop": self.limit,
            "level": LEVEL,
            "min_support": MIN_SUPPORT,
            "examples": self.examples,
            "judged": judged,
            "too_few": len(self.of(Fate.TOO_FEW)),
            "touched": [*self.touched],
            "intents": [intent.to_json() for intent in self.intents],
        }


def listed(intents: Sequence[Untouched]) -> str:
    """The names of some intents and what they lost; of many, the first."""
    more = f" and {len(intents) - _SHOWN:,} more" if len(intents) > _SHOWN else ""
    return f"{', '.join(map(str, intents[:_SHOWN]))}{more}"


def judged(
    outcomes: Iterable[Outcome], untouched: AbstractSet[str], limit: float | None
) -> tuple[Untouched, ...]:
    """What became of the intents that the delta does not touch.

    Args:
        outcomes: What the base (before) and the model (after) say of the test texts.
        untouched: These intents; those without test texts are left out.
        limit: The largest loss that is allowed; `None` allows all.
    """
    found = [
        tally
        for name, tally in tallies(outcomes).items()
        if name in untouched and tally.support
    ]
    p = adjusted([tally for tally in found if tally.support >= MIN_SUPPORT])
    kept = (_untouched(tally, p.get(tally.name), limit) for tally in found)
    return tuple(sorted(kept, key=lambda one: (-one.drop, one.name)))


def _untouched(tally: Tally, p: float | None, limit: float | None) -> Untouched:
    return Untouched(
        name=tally.name,
        support=tally.support,
        before=round(tally.before, _DIGITS),
        after=round(tally.after, _DIGITS),
        lost=tally.lost + tally.false_won,
        won=tally.won + tally.false_lost,
        p=float(f"{1.0 if p is None else p:.4g}"),
        fate=_fate(tally.drop, p, limit),
    )


def _fate(drop: float, p: float | None, limit: float | None) -> Fate:
    too_much = limit is not None and drop > limit
    if p is None or (p > LEVEL and too_much):
        return Fate.TOO_FEW
    if p > LEVEL:
        return Fate.KEPT
    return Fate.BREACH if too_much else Fate.WORSE


def read_verified(data: bytes, path: str = PATH) -> Verified:
    """Reads the report.

    Raises:
        InputError: It cannot be understood.
    """
    reader = Reader(load(data, path, SCHEMA), path).only("verified")
    return Verified(
        base=reader.text("base"),
        model=reader.text("model"),
        limit=reader.optional_number("max_f1_drop"),
        examples=reader.integer("examples"),
        touched=reader.texts("touched"),
        intents=tuple(
            _read_untouched(inner, path) for inner in reader.inners("intents")
        ),
    )


def _read_untouched(reader: Reader, path: str) -> Untouched:
    try:
        fate = Fate(reader.text("fate"))
    except ValueError as error:
        raise InputError(f"{path}: intents: {error}", REMEDY) from error
    return Untouched(
        name=reader.text("name"),
        support=reader.integer("support"),
        before=reader.number("base_f1"),
        after=reader.number("f1"),
        lost=reader.integer("lost"),
        won=reader.integer("won"),
        p=reader.number("p"),
        fate=fate,
    )


def mark(source: Source) -> Verified | None:
    """The report of a breach, if it is about the model that a side records.

    One of another model, or one that cannot be read, marks nothing.
    """
    try:
        data, lineage = source.read(PATH), source.read(LINEAGE)
        if not data or not lineage:
            return None
        found = read_verified(data)
        is_its = found.model == read_lineage(lineage).model.digest
    except DvcincError:
        return None
    return found if is_its and found.breaches else None
