"""One training in TensorFlow: variables, and the step that moves them.

It trains the transformer, which `dvcinc.model.engine` cannot, and does the same as that
where both can.

The step is traced once: every dimension that varies between batches, and every one that
grows with the data, is left open. All randomness comes with the batch, so that a second
training in the same process gives the same bytes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dvcinc.model import recipe
from dvcinc.model.adam import Adam, Rows
from dvcinc.model.backend import tf
from dvcinc.model.batches import Batched
from dvcinc.model.checkpoint import STEPS
from dvcinc.model.diet import INPUT_SIGNATURE, MASK_ROWS, Diet, Inputs, mask_pool
from dvcinc.model.document import Model
from dvcinc.model.dropout import Dropout
from dvcinc.model.engine import Step
from dvcinc.model.network import TABLE
from dvcinc.model.units import Floats

Tensor = Any

SCALAR = tf.TensorSpec([], tf.float32)


def prepare(threads: int) -> None:
    """Set TensorFlow up for repeatable results; the first call in a process counts."""
    tf.config.experimental.enable_op_determinism()
    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    except RuntimeError:
        # TensorFlow fixes its threads at the first operation of a process.
        return


class TensorFlowEngine:
    """A model in training.

    Args:
        model: The weights to start from.
        seed: For dropout.
        feature_drop: The share of features left out.
    """

    def __init__(
        self,
        model: Model,
        seed: int,
        feature_drop: float,
    ) -> None:
        self._random = np.random.default_rng([seed, 1])
        self._dropout = Dropout(0, feature_drop, 1, self._random)
        self._weights = {
            name: tf.Variable(value, shape=_open(value.shape))
            for name, value in sorted(model.tensors.items())
        }
        self._adam = Adam(self._weights, recipe.DECAY)
        self._steps = 0
        diet = model.pipeline.diet
        pool = mask_pool(model.architecture, diet.drop_rate, self._random)
        self._diet = Diet(
            model.architecture, model.labels, pool, diet.drop_rate_attention
        )
        self._step = tf.function(
            self._take,
            input_signature=[
                tf.TensorSpec([None], tf.int32),
                INPUT_SIGNATURE,
                SCALAR,
                SCALAR,
            ],
        )

    def step(self, batched: Batched, rate: float) -> Step:
        """Learn from one batch; see `Engine`."""
        self._steps += 1
        found = self._step(
            tf.constant(batched.batch.rows),
            self._inputs(batched),
            tf.constant(rate, tf.float32),
            tf.constant(self._steps, tf.float32),
        )
        return Step(*(float(value) for value in found))

    def tensors(self) -> dict[str, Floats]:
        """The weights as they are now."""
        return {name: variable.numpy() for name, variable in self._weights.items()}

    def optimizer(self) -> dict[str, Floats]:
        """Adam's moments and steps as they are now."""
        moments = {name: v.numpy() for name, v in self._adam.moments.items()}
        return {**moments, STEPS: np.array([self._steps], np.float32)}

    def _inputs(self, batched: Batched) -> Inputs:
        features = self._dropout.features(batched.batch)
        masks = self._random.integers(MASK_ROWS, size=self._diet.masks, dtype=np.int32)
        inputs = as_inputs(batched, self._diet)
        picks, owners, scales = (tf.constant(value) for value in features)
        return inputs._replace(
            picks=picks, owners=owners, scales=scales, masks=tf.constant(masks)
        )

    def _take(
        self, rows: Tensor, inputs: Inputs, rate: Tensor, at: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        table = self._weights[TABLE]
        values = tf.gather(table, rows)
        dense = {n: w for n, w in self._weights.items() if n != TABLE}
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([values, *dense.values()])
            losses = self._diet.losses(dense, values, inputs)
            loss = losses.intents + recipe.TAG_WEIGHT * losses.tags
        gradients = tape.gradient(loss, [values, *dense.values()])
        gradients = [tf.convert_to_tensor(gradient) for gradient in gradients]
        gradients, _ = tf.clip_by_global_norm(gradients, recipe.CLIP)
        touched = Rows(rows, values, gradients[0])
        self._adam.step_rows(TABLE, table, touched, rate * recipe.TABLE_RATE, at)
        for (name, variable), gradient in zip(
            dense.items(), gradients[1:], strict=True
        ):
            self._adam.step(name, variable, gradient, rate, at)
        return loss, losses.intents, losses.tags


def as_inputs(batched: Batched, diet: Diet) -> Inputs:
    """A batch for the network, with nothing left out."""
    batch = batched.batch
    values = Inputs(
        picks=batch.picks,
        owners=batch.owners,
        scales=batch.scales,
        units=batch.units,
        lengths=batch.lengths,
        intents=batched.intents,
        tags=batched.tags,
        masks=np.zeros(diet.masks, np.int32),
    )
    return Inputs(*(tf.constant(value) for value in values))


def _open(shape: tuple[int, ...]) -> list[int | None]:
    """A variable's shape with the dimension open that grows with the data."""
    return [None, *shape[1:]]
