"""`metrics.json` as the record holds it: numbers by dotted name."""

from __future__ import annotations

from collections.abc import Iterator

from dvcinc.errors import InputError
from dvcinc.plan.json import parsed, real
from dvcinc.stages.paths import METRICS
from dvcinc.yaml import Json

_REMEDY = "run dvc repro evaluate"
_MAX_DEPTH = 50
"""Deeper than any metrics of DVC's."""


def read_metrics(data: bytes) -> dict[str, float]:
    """Metrics by dotted name; what is no number is none.

    Raises:
        InputError: The file is no JSON, or nested without sense.
    """
    return dict(_flat((), parsed(data, METRICS, _REMEDY)))


def _flat(above: tuple[str, ...], value: Json) -> Iterator[tuple[str, float]]:
    if len(above) > _MAX_DEPTH:
        raise InputError(f"{METRICS}: objects more than {_MAX_DEPTH} deep", _REMEDY)
    if isinstance(value, dict):
        for key in sorted(value):
            yield from _flat((*above, key), value[key])
    elif (number := real(value)) is not None:
        yield ".".join(above), number
