"""What training changed: the metrics of two sides, overall and intent by intent.

Overall numbers are `metrics.json`'s, those of intents `plots/intents.csv`'s, where
Git, the work tree or DVC's cache has it. An untouched intent counts as worse only
beyond what the test set's size and another seed would do.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from dvcinc.errors import DvcincError
from dvcinc.snapshot.sources import Source

METRICS = "metrics.json"
INTENTS = "plots/intents.csv"
MIN_DROP = 0.02
"""Two trainings of the same data with other seeds differ by about as much."""
MIN_EXAMPLES = 2
"""So many test examples of an intent may tip over without meaning anything."""
_MAX_BYTES = 1 << 20
_COLUMNS = frozenset({"intent", "f1", "support"})


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
        worse: Whether it is untouched and lost more than noise.
    """

    name: str
    before: float | None
    after: float | None
    support: int
    touched: bool
    worse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The metrics before and after; touched intents first, then the worst."""

    overall: tuple[Pair, ...]
    intents: tuple[IntentPair, ...]


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
    return Measured(
        overall=tuple(Pair(name, before.get(name), after.get(name)) for name in names),
        intents=_intents(was, now, touched),
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


def _intents(
    before: Mapping[str, tuple[float, int]],
    after: Mapping[str, tuple[float, int]],
    touched: AbstractSet[str],
) -> tuple[IntentPair, ...]:
    if not before or not after:
        return ()
    found = [
        _pair(name, before.get(name), after.get(name), touched=name in touched)
        for name in before.keys() | after.keys()
    ]
    return tuple(sorted(found, key=_notable_first))


def _pair(
    name: str,
    before: tuple[float, int] | None,
    after: tuple[float, int] | None,
    *,
    touched: bool,
) -> IntentPair:
    was, now = before[0] if before else None, after[0] if after else None
    support = after[1] if after else 0
    drop = was - now if was is not None and now is not None else 0.0
    return IntentPair(
        name=name,
        before=was,
        after=now,
        support=support,
        touched=touched,
        worse=not touched and drop > noise(support),
    )


def noise(support: int) -> float:
    """The largest loss of F1 that says nothing, for an intent with test examples."""
    return max(MIN_DROP, MIN_EXAMPLES / max(support, 1))


def _notable_first(pair: IntentPair) -> tuple[bool, bool, float, str]:
    change = (pair.after or 0.0) - (pair.before or 0.0)
    return (not pair.touched, not pair.worse, change, pair.name)
