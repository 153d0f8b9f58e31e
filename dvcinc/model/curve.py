"""The training curve: losses on the way, thinned to what a plot can show."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

MOST_POINTS = 100


class CurvePoint(NamedTuple):
    """Mean losses of the steps since the point before."""

    step: int
    loss: float
    intent_loss: float
    tag_loss: float


class Curve:
    """Collects the losses of each step of a training of at most so many steps."""

    def __init__(self, most_steps: int) -> None:
        self._each = max(-(-most_steps // MOST_POINTS), 1)
        self._losses: list[tuple[float, float, float]] = []

    @property
    def steps(self) -> int:
        """Steps taken so far."""
        return len(self._losses)

    def add(self, loss: float, intent_loss: float, tag_loss: float) -> None:
        """Take down one step."""
        self._losses.append((loss, intent_loss, tag_loss))

    def points(self) -> tuple[CurvePoint, ...]:
        """The curve: one point for every few steps."""
        found = []
        for start in range(0, self.steps, self._each):
            part = self._losses[start : start + self._each]
            means = (float(value) for value in np.mean(part, axis=0))
            found.append(CurvePoint(start + len(part), *means))
        return tuple(found)
