"""One training in TensorFlow: variables, and the step that moves them.

The step is traced once: every dimension that varies between batches, and every one that
grows with the data, is left open. All randomness comes with the batch, so that a second
training in the same process gives the same bytes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from dvcinc.config import Train
from dvcinc.model import recipe
from dvcinc.model.adam import Adam, Rows
from dvcinc.model.backend import tf
from dvcinc.model.batches import Batched, Lead, drop_features
from dvcinc.model.checkpoint import STEPS
from dvcinc.model.diet import INPUT_SIGNATURE, MASK_ROWS, Diet, Inputs, mask_pool
from dvcinc.model.document import Model
from dvcinc.model.features import Floats
from dvcinc.model.network import TABLE

Tensor = Any

SCALAR = tf.TensorSpec([], tf.float32)


class Step(NamedTuple):
    """What a step reports: the losses before it."""

    loss: float
    intents: float
    tags: float


def prepare(train: Train) -> None:
    """Set TensorFlow up for repeatable results; the first call in a process counts."""
    tf.config.experimental.enable_op_determinism()
    try:
        tf.config.threading.set_intra_op_parallelism_threads(train.threads)
        tf.config.threading.set_inter_op_parallelism_threads(train.threads)
    except RuntimeError:
        # TensorFlow fixes its threads at the first operation of a process.
        return


class Trainer:
    """A model in training.

    Args:
        model: Where to start: weights, and moments if it has any.
        seed: For dropout.
        fresh: For each bias that was appended masked, which entries [n]; a step can
            raise these.
    """

    def __init__(
        self, model: Model, seed: int, fresh: dict[str, Floats] | None = None
    ) -> None:
        self._random = np.random.default_rng([seed, 1])
        self._weights = {
            name: tf.Variable(value, shape=_open(value.shape))
            for name, value in sorted(model.tensors.items())
        }
        moments = model.optimizer or {}
        self._adam = Adam(self._weights, moments, recipe.DECAY)
        self._steps = int(moments[STEPS][0]) if STEPS in moments else 0
        self._fresh = {name: tf.constant(v) for name, v in (fresh or {}).items()}
        rate = model.pipeline.diet.drop_rate
        pool = mask_pool(model.architecture, rate, self._random)
        self._diet = Diet(model.architecture, model.labels, pool)
        self._step = tf.function(
            self._take,
            input_signature=[
                tf.TensorSpec([None], tf.int32),
                INPUT_SIGNATURE,
                SCALAR,
                SCALAR,
                SCALAR,
            ],
        )

    def step(
        self, batched: Batched, rate: float, lead: Lead | None = None, raised: float = 0
    ) -> Step:
        """Learn from one batch; `raised` lifts the biases of fresh labels."""
        self._steps += 1
        found = self._step(
            tf.constant(batched.batch.rows),
            as_inputs(batched, self._diet, lead, self._random),
            tf.constant(rate, tf.float32),
            tf.constant(self._steps, tf.float32),
            tf.constant(raised, tf.float32),
        )
        return Step(*(float(value) for value in found))

    def tensors(self) -> dict[str, Floats]:
        """The weights as they are now."""
        return {name: variable.numpy() for name, variable in self._weights.items()}

    def optimizer(self) -> dict[str, Floats]:
        """Adam's moments and steps as they are now."""
        moments = {name: v.numpy() for name, v in self._adam.moments.items()}
        return {**moments, STEPS: np.array([self._steps], np.float32)}

    def _take(
        self, rows: Tensor, inputs: Inputs, rate: Tensor, at: Tensor, raised: Tensor
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
        for name, entries in self._fresh.items():
            self._weights[name].assign_add(raised * entries)
        return loss, losses.intents, losses.tags


def as_inputs(
    batched: Batched,
    diet: Diet,
    lead: Lead | None = None,
    random: np.random.Generator | None = None,
) -> Inputs:
    """A batch for the network; with `random`, some features and masks are drawn."""
    batch = batched.batch
    texts = len(batch.lengths)
    picks, owners, scales = batch.picks, batch.owners, batch.scales
    masks = np.zeros(diet.layers, np.int32)
    if random is not None:
        picks, owners, scales = drop_features(batch, recipe.FEATURE_DROP, random)
        masks = random.integers(MASK_ROWS, size=diet.layers, dtype=np.int32)
    if lead is None:
        nobody = np.zeros((texts, len(diet.labels.intents)), np.float32)
        lead = Lead(nobody, np.zeros(texts, np.float32))
    values = Inputs(
        picks=picks,
        owners=owners,
        scales=scales,
        units=batch.units,
        lengths=batch.lengths,
        intents=batched.intents,
        tags=batched.tags,
        teacher=lead.teacher,
        trust=lead.trust,
        masks=masks,
    )
    return Inputs(*(tf.constant(value) for value in values))


def _open(shape: tuple[int, ...]) -> list[int | None]:
    """A variable's shape with the dimension open that grows with the data."""
    return [None, *shape[1:]]
