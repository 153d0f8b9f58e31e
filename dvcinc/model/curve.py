"""The training curve: losses on the way, thinned to what a plot can show."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

MOST_POINTS = 100


class CurvePoint(NamedTuple):
    """Mean losses of the steps since the point before."""

    step: int
    loss: float
    intent_loss: float
    tag_loss: float


LOSSES = CurvePoint._fields[1:]
"""What is drawn over the steps."""

Draw = Callable[[CurvePoint], None]
"""Takes the points of a curve, each as soon as it is known."""


def nowhere(_point: CurvePoint) -> None:
    """Draws nothing."""


class Curve:
    """Collects the losses of each step of a training of at most so many steps."""

    def __init__(self, most_steps: int, draw: Draw) -> None:
        self._each = max(-(-most_steps // MOST_POINTS), 1)
        self._draw = draw
        self._losses: list[tuple[float, float, float]] = []
        self._steps = 0

    @property
    def steps(self) -> int:
        """Steps taken so far."""
        return self._steps

    def add(self, loss: float, intent_loss: float, tag_loss: float) -> None:
        """Take down one step; every few steps make a point."""
        self._losses.append((loss, intent_loss, tag_loss))
        self._steps += 1
        if len(self._losses) == self._each:
            self.close()

    def close(self) -> None:
        """Make a point of the steps that are left."""
        if self._losses:
            means = (float(value) for value in np.mean(self._losses, axis=0))
            self._losses.clear()
            self._draw(CurvePoint(self._steps, *means))
