"""How far metrics spread from seed to seed, as `dvcinc compare --json` has measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import stdev

from dvcinc.errors import InputError
from dvcinc.plan.json import Reader, load, real

SCHEMA = "dvcinc/comparison/1"
_METRICS = {
    "accuracy": "intent.accuracy",
    "macro_f1": "intent.macro_f1",
    "entity_f1": "entity.f1",
}
"""What `metrics.json` calls the metrics of a comparison, where the names differ."""
_LEAST = 2
"""Fewer values have no spread."""
_HINT = "give a file that dvcinc compare --json has written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """The spread of a comparison.

    Attributes:
        commit: The commit whose data were trained on; `None` for the work tree's.
        count: How many models were trained from scratch.
        spread: The standard deviation of each metric among them, by dotted name.
    """

    commit: str | None
    count: int
    spread: Mapping[str, float]


def read_seeds(data: bytes, name: str) -> Seeds:
    """Reads a comparison.

    Raises:
        InputError: It is none.
    """
    try:
        reader = Reader(load(data, name, SCHEMA), name)
        found = {one.text("name"): _values(one) for one in reader.inners("metrics")}
        commit = reader.optional_text("commit")
    except InputError as error:
        raise InputError(error.message, _HINT) from error
    return Seeds(
        commit=commit,
        count=max(map(len, found.values()), default=0),
        spread={
            _METRICS.get(metric, metric): stdev(values)
            for metric, values in found.items()
            if len(values) >= _LEAST
        },
    )


def _values(metric: Reader) -> list[float]:
    """What the models from scratch reached."""
    said = metric.raw("scratch")
    items = said if isinstance(said, list) else []
    return [value for item in items if (value := real(item)) is not None]
