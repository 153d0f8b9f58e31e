"""Figures from answers: means, calibration, separation, and paired bootstraps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

BINS = 15
RESAMPLES = 2000
# The middle 95 of 100 resamples.
TAILS = (2.5, 97.5)


class Interval(NamedTuple):
    """Where 95 of 100 resamples lie."""

    low: float
    high: float

    def times(self, factor: float) -> Interval:
        """In another unit."""
        return Interval(self.low * factor, self.high * factor)


def f1(counts: Ints | Floats) -> Floats:
    """F1 from counts of right, found and annotated entities along the last axis."""
    right, found, annotated = np.moveaxis(np.asarray(counts, np.float64), -1, 0)
    both = found + annotated
    shares: Floats = np.divide(2 * right, both, out=np.zeros_like(both), where=both > 0)
    return shares


def calibration_error(sure: Floats, right: Bools, bins: int = BINS) -> float:
    """Expected calibration error: bins of equal width on the top confidence."""
    places = np.minimum((np.asarray(sure) * bins).astype(int), bins - 1)
    size = np.bincount(places, minlength=bins)
    gap = np.bincount(places, sure, bins) - np.bincount(places, right, bins)
    return float(np.abs(gap).sum() / max(size.sum(), 1))


def separation(inside: Floats, outside: Floats) -> float:
    """AUROC: how often a text in scope is surer than one out of scope; ties half."""
    ordered = np.sort(outside)
    below = np.searchsorted(ordered, inside, "left")
    not_above = np.searchsorted(ordered, inside, "right")
    return float((below + not_above).mean() / (2 * len(outside)))


def shares_bootstrap(
    ours: Sequence[Bools], theirs: Sequence[Bools], seed: int = 0
) -> Interval:
    """Interval of the difference in mean accuracy, over resamples of the texts.

    Args:
        ours: What each of our runs gets right, text by text.
        theirs: The same texts for each run to compare with.
        seed: Of the resamples.
    """
    gap = np.mean(ours, axis=0) - np.mean(theirs, axis=0)
    drawn = _draws(len(gap), seed)
    return _interval(drawn @ gap / len(gap))


def f1_bootstrap(
    ours: Sequence[Ints], theirs: Sequence[Ints], seed: int = 0
) -> Interval:
    """Likewise of the difference in mean F1, from counts of each text [texts, 3]."""
    drawn = _draws(len(ours[0]), seed)
    gap = np.mean([f1(drawn @ counts) for counts in ours], axis=0)
    gap -= np.mean([f1(drawn @ counts) for counts in theirs], axis=0)
    return _interval(gap)


def _draws(texts: int, seed: int) -> Floats:
    """How often each text is in each resample [resamples, texts]."""
    random = np.random.default_rng(seed)
    even = np.full(texts, 1 / texts)
    return random.multinomial(texts, even, size=RESAMPLES).astype(np.float64)


def _interval(values: Floats) -> Interval:
    low, high = np.percentile(values, TAILS)
    return Interval(float(low), float(high))
