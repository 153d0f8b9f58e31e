"""Adam in TensorFlow, for dense weights and, lazily, for rows of the sparse table.

Kingma and Ba (2015) with decoupled weight decay (Loshchilov and Hutter, 2019). Of the
table only the rows of a batch are read, differentiated and written; the moments of the
others stand still, as in `LazyAdam`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from dvcinc.model.backend import tf

Tensor = Any

BETA1, BETA2, EPSILON = 0.9, 0.99, 1e-8


class Rows(NamedTuple):
    """Some rows of a variable: which, what stands there now, and their gradient."""

    numbers: Tensor
    values: Tensor
    gradient: Tensor


class Adam:
    """Moments of all weights, and the two ways to take a step.

    Args:
        weights: The variables, by name.
        decay: Share of a matrix that a step of rate 1 takes away.
    """

    def __init__(self, weights: Mapping[str, Tensor], decay: float) -> None:
        self._decay = decay
        self.moments = {
            f"{kind}/{name}": tf.Variable(
                tf.zeros_like(variable), shape=variable.shape, trainable=False
            )
            for kind in "mv"
            for name, variable in weights.items()
        }

    def step(
        self, name: str, variable: Tensor, gradient: Tensor, rate: Tensor, at: Tensor
    ) -> None:
        """One step of a dense variable; `at` counts steps from one, as a float."""
        if variable.shape.rank > 1:
            variable.assign(variable * (1 - rate * self._decay))
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self.moments[f"m/{name}"].handle,
            v=self.moments[f"v/{name}"].handle,
            beta1_power=tf.pow(BETA1, at),
            beta2_power=tf.pow(BETA2, at),
            lr=rate,
            beta1=BETA1,
            beta2=BETA2,
            epsilon=EPSILON,
            grad=gradient,
        )

    def step_rows(
        self, name: str, variable: Tensor, rows: Rows, rate: Tensor, at: Tensor
    ) -> None:
        """One step of some rows of a variable."""
        first, second = self.moments[f"m/{name}"], self.moments[f"v/{name}"]
        mean = BETA1 * tf.gather(first, rows.numbers) + (1 - BETA1) * rows.gradient
        square = BETA2 * tf.gather(second, rows.numbers)
        square += (1 - BETA2) * tf.square(rows.gradient)
        rate_now = rate * tf.sqrt(1 - tf.pow(BETA2, at)) / (1 - tf.pow(BETA1, at))
        change = rate_now * mean / (tf.sqrt(square) + EPSILON)
        kept = rows.values * (1 - rate * self._decay)
        for target, now in ((first, mean), (second, square), (variable, kept - change)):
            target.scatter_update(tf.IndexedSlices(now, rows.numbers))
