"""Adam in NumPy, for the layers' weights and, lazily, for rows of the sparse table.

Kingma and Ba (2015) with decoupled weight decay (Loshchilov and Hutter, 2019). The
layers' weights lie in one array, so that a step is a few passes over it. Of the table
only the rows of a batch are read and written; the moments of the others stand still, as
in `LazyAdam`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from dvcinc.model import recipe
from dvcinc.model.layers import Weights
from dvcinc.model.network import TABLE
from dvcinc.model.units import Floats, Ints

BETA1, BETA2, EPSILON = np.float32(0.9), np.float32(0.99), np.float32(1e-8)


class Flat:
    """Arrays of several shapes as views of one."""

    def __init__(self, values: Mapping[str, Floats]) -> None:
        self.views: dict[str, Floats] = {}
        self.array = np.zeros(sum(value.size for value in values.values()), np.float32)
        start = 0
        for name, value in sorted(values.items()):
            stop = start + value.size
            view = self.array[start:stop].reshape(value.shape)
            view[...] = value
            self.views[name] = view
            start = stop

    def copies(self, kind: str = "") -> dict[str, Floats]:
        """What stands there now, by name."""
        return {kind + name: view.copy() for name, view in self.views.items()}


class Adam:
    """Weights, their gradients and moments, and the step that moves them.

    Args:
        tensors: The weights to start from.
        moments: Values of earlier moments as `m/…`, `v/…`; zeros where missing.
        steps: How many steps these have seen.
    """

    def __init__(
        self, tensors: Mapping[str, Floats], moments: Mapping[str, Floats], steps: int
    ) -> None:
        dense = {name: value for name, value in tensors.items() if name != TABLE}
        nothing = {name: np.zeros_like(value) for name, value in dense.items()}
        self._dense = Flat(dense)
        self._gradients = Flat(nothing)
        self._first, self._second = (
            Flat({name: moments.get(kind + name, nothing[name]) for name in dense})
            for kind in ("m/", "v/")
        )
        self._decays = Flat(
            {name: np.full_like(value, value.ndim > 1) for name, value in dense.items()}
        )
        self._table = tensors[TABLE].copy()
        self._table_first, self._table_second = (
            moments[name].copy() if name in moments else np.zeros_like(self._table)
            for name in (f"m/{TABLE}", f"v/{TABLE}")
        )
        self.steps = steps

    @property
    def weights(self) -> Weights:
        """The layers' weights as they are now, and where to write their gradients."""
        return Weights(self._dense.views, self._gradients.views)

    @property
    def table(self) -> Floats:
        """The table as it is now."""
        return self._table

    def rows(self, numbers: Ints) -> Floats:
        """Some rows of the table."""
        return self._table.take(numbers, axis=0)

    def step(self, numbers: Ints, rows: Floats, gradient: Floats, rate: float) -> None:
        """Move the layers' weights by their gradients, and some rows by theirs.

        Args:
            numbers: Which rows of the table.
            rows: Their values.
            gradient: Their gradient.
            rate: The learning rate of this step.
        """
        self.steps += 1
        flat = self._gradients.array
        norm = np.sqrt(np.vdot(gradient, gradient) + np.vdot(flat, flat))
        if norm > recipe.CLIP:
            gradient *= np.float32(recipe.CLIP) / norm
            flat *= np.float32(recipe.CLIP) / norm
        self._step_dense(flat, rate)
        self._step_rows(numbers, rows, gradient, rate * recipe.TABLE_RATE)

    def tensors(self) -> dict[str, Floats]:
        """A copy of the weights as they are now."""
        return {TABLE: self._table.copy(), **self._dense.copies()}

    def moments(self) -> dict[str, Floats]:
        """A copy of the moments as they are now."""
        return {
            f"m/{TABLE}": self._table_first.copy(),
            f"v/{TABLE}": self._table_second.copy(),
            **self._first.copies("m/"),
            **self._second.copies("v/"),
        }

    def _step_dense(self, gradient: Floats, rate: float) -> None:
        values, first, second = (
            flat.array for flat in (self._dense, self._first, self._second)
        )
        values -= np.float32(rate * recipe.DECAY) * self._decays.array * values
        values -= _change(first, second, gradient, self._corrected(rate))

    def _step_rows(
        self, numbers: Ints, rows: Floats, gradient: Floats, rate: float
    ) -> None:
        first = self._table_first.take(numbers, axis=0)
        second = self._table_second.take(numbers, axis=0)
        change = _change(first, second, gradient, self._corrected(rate))
        rows *= np.float32(1 - rate * recipe.DECAY)
        rows -= change
        self._table_first[numbers], self._table_second[numbers] = first, second
        self._table[numbers] = rows

    def _corrected(self, rate: float) -> np.float32:
        """The rate, corrected for moments that started from zero."""
        first, second = (1 - float(beta) ** self.steps for beta in (BETA1, BETA2))
        return np.float32(rate * np.sqrt(second) / first)


def _change(
    first: Floats, second: Floats, gradient: Floats, rate: np.float32
) -> Floats:
    """Update both moments in place; what to take off the values."""
    first *= BETA1
    first += (1 - BETA1) * gradient
    change = np.square(gradient)
    change *= 1 - BETA2
    second *= BETA2
    second += change
    np.sqrt(second, out=change)
    change += EPSILON
    np.divide(first, change, out=change)
    change *= rate
    return change
