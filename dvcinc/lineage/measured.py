"""What training changed: the metrics of two sides, overall and intent by intent.

Overall numbers are `metrics.json`'s, those of intents `plots/intents.csv`'s, where
Git, the work tree or DVC's cache has it. An untouched intent counts as worse only where
both sides have answered the same tests, and only beyond chance and another seed.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from dvcinc.errors import DvcincError
from dvcinc.lineage.paired import Outcome
from dvcinc.lineage.verified import Fate, judged
from dvcinc.snapshot.sources import Source

METRICS = "metrics.json"
INTENTS = "plots/intents.csv"
CONFUSION = "plots/confusion.csv"
MIN_DROP = 0.02
"""Two trainings of the same data with other seeds differ by about as much."""
_MAX_BYTES = 1 << 20
_MAX_TESTS = 20_000
"""An exact test takes the square of them, and a pull request may bring any table."""
_COLUMNS = frozenset({"intent", "f1", "support"})
_ANSWER = frozenset({"actual", "predicted"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A number before and after; `None` where a side has none."""

    name: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentPair:
    """The F1 of an intent before and after.

    Attributes:
        name: The intent.
        before: F1 on the old side; `None` where it was not known.
        after: F1 on the new side; `None` where it is gone.
        support: How many test examples it has afterwards.
        touched: Whether the change touches its examples.
        worse: Whether it is untouched, and lost more than chance and another seed take.
    """

    name: str
    before: float | None
    after: float | None
    support: int
    touched: bool
    worse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The metrics before and after.

    Attributes:
        overall: The overall ones, by name.
        intents: Touched intents first, then the worst.
        paired: Whether both sides' answers to the same tests are at hand; without
            them, no intent is called worse.
    """

    overall: tuple[Pair, ...]
    intents: tuple[IntentPair, ...]
    paired: bool


def measured(old: Source, new: Source, touched: AbstractSet[str]) -> Measured | None:
    """Compares the metrics that two sides hold; `None` where one has none.

    Args:
        old: The side before.
        new: The side afterwards.
        touched: The intents whose examples differ.
    """
    before, after = (numbers(held(side, METRICS)) for side in (old, new))
    if not before or not after:
        return None
    names = sorted(before.keys() | after.keys())
    was, now = (intents_of(side) for side in (old, new))
    outcomes = _outcomes(old, new)
    untouched = frozenset(outcome.actual for outcome in outcomes) - touched
    lost = judged(outcomes, untouched, MIN_DROP)
    worse = frozenset(one.name for one in lost if one.fate is Fate.BREACH)
    return Measured(
        overall=tuple(Pair(name, before.get(name), after.get(name)) for name in names),
        intents=_intents(was, now, touched, worse),
        paired=bool(outcomes),
    )


def numbers(data: bytes | None) -> dict[str, float]:
    """The finite numbers of a JSON document by dotted name; none of what is no JSON."""
    try:
        value = json.loads(data or b"")
    except (ValueError, RecursionError):
        return {}
    return dict(_flat("", value))


def _flat(prefix: str, value: object) -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for key in sorted(value):
            yield from _flat(f"{prefix}.{key}" if prefix else str(key), value[key])
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = _number(value)
        if number is not None:
            yield prefix, number


def _number(said: object) -> float | None:
    try:
        number = float(str(said))
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def held(side: Source, path: str) -> bytes | None:
    """A file of a side, where it is small and can be had without more ado."""
    try:
        data = side.read(path)
    except DvcincError:
        return None
    return data if data is not None and len(data) <= _MAX_BYTES else None


def rows_of(side: Source, path: str) -> list[dict[str, str]]:
    """The rows of a table of plots; none where it cannot be had or understood."""
    lines = (held(side, path) or b"").decode(errors="replace").splitlines()
    try:
        return [*csv.DictReader(lines)]
    except csv.Error:
        return []


def intents_of(side: Source) -> dict[str, tuple[float, int]]:
    """F1 and support by intent; empty where a side's cannot be had."""
    found: dict[str, tuple[float, int]] = {}
    for row in rows_of(side, INTENTS):
        f1, support = _number(row.get("f1")), _number(row.get("support"))
        if row.keys() < _COLUMNS or f1 is None or support is None:
            continue
        found[str(row["intent"])] = (min(max(f1, 0.0), 1.0), int(max(support, 0)))
    return found


def _outcomes(old: Source, new: Source) -> list[Outcome]:
    """The answers of both sides to each test; none if they were asked other ones.

    The tables hold no texts. That the intents are the same, one by one, is taken for
    the same tests: if they are others of the same intents, the test still holds.
    """
    before, after = (_answers(rows_of(side, CONFUSION)) for side in (old, new))
    if [actual for actual, _ in before] != [actual for actual, _ in after]:
        return []
    return [
        Outcome(actual, was, now)
        for (actual, was), (_, now) in zip(before, after, strict=True)
    ]


def _answers(rows: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    """The intent of each test, and what it was taken for; none of an odd table."""
    if len(rows) > _MAX_TESTS or not all(row.keys() >= _ANSWER for row in rows):
        return []
    return [(str(row["actual"]), str(row["predicted"] or "")) for row in rows]


def _intents(
    before: Mapping[str, tuple[float, int]],
    after: Mapping[str, tuple[float, int]],
    touched: AbstractSet[str],
    worse: AbstractSet[str],
) -> tuple[IntentPair, ...]:
    if not before or not after:
        return ()
    found = [
        IntentPair(
            name=name,
            before=before[name][0] if name in before else None,
            after=after[name][0] if name in after else None,
            support=after[name][1] if name in after else 0,
            touched=name in touched,
            worse=name in worse,
        )
        for name in before.keys() | after.keys()
    ]
    return tuple(sorted(found, key=_notable_first))


def _notable_first(pair: IntentPair) -> tuple[bool, bool, float, str]:
    change = (pair.after or 0.0) - (pair.before or 0.0)
    return (not pair.touched, not pair.worse, change, pair.name)
