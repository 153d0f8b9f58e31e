"""One training: weights, and the step that moves them.

The fast network is trained in NumPy, with derivatives written by hand: its arrays are
so small that in TensorFlow the import, the trace and the overhead of each operation
cost more than the arithmetic.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from dvcinc.model import recipe
from dvcinc.model.batches import Batched
from dvcinc.model.chain import Chain
from dvcinc.model.checkpoint import STEPS
from dvcinc.model.document import Model
from dvcinc.model.dropout import Dropout
from dvcinc.model.gradient import Network
from dvcinc.model.optimizer import Adam
from dvcinc.model.units import Floats


class Step(NamedTuple):
    """What a step reports: the losses before it."""

    loss: float
    intents: float
    tags: float


class Engine(Protocol):
    """A model in training."""

    def step(self, batched: Batched, rate: float) -> Step:
        """Learn from one batch, its texts longest first.

        Args:
            batched: Texts with their right answers.
            rate: The learning rate of this step.
        """

    def tensors(self) -> dict[str, Floats]:
        """The weights as they are now."""

    def optimizer(self) -> dict[str, Floats]:
        """Adam's moments and steps as they are now."""


class NumpyEngine:
    """A model in training, in NumPy.

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
        self._adam = Adam(model.tensors, {}, 0)
        architecture = model.architecture
        self._network = Network(
            architecture, model.labels, self._adam.weights, Chain(model.labels)
        )
        self._dropout = Dropout(
            model.pipeline.diet.drop_rate,
            feature_drop,
            max(architecture.deep, architecture.phrase),
            np.random.default_rng([seed, 1]),
        )

    def step(self, batched: Batched, rate: float) -> Step:
        """Learn from one batch; see `Engine`."""
        numbers = batched.batch.rows
        rows = self._adam.rows(numbers)
        losses, gradient = self._network.learn(rows, batched, self._dropout)
        self._adam.step(numbers, rows, gradient, rate)
        loss = losses.intents + recipe.TAG_WEIGHT * losses.tags
        return Step(loss, *losses)

    def tensors(self) -> dict[str, Floats]:
        """The weights as they are now."""
        return self._adam.tensors()

    def optimizer(self) -> dict[str, Floats]:
        """Adam's moments and steps as they are now."""
        steps = np.array([self._adam.steps], np.float32)
        return {**self._adam.moments(), STEPS: steps}
