"""Asking a model in training what it says of texts that are already encoded.

The batches are put together once; each look at them takes the weights as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dvcinc.model.batches import Batched, Encoded
from dvcinc.model.chances import are_sure
from dvcinc.model.features import Featurizer
from dvcinc.model.forward import Forward
from dvcinc.model.hearing import in_batches, unit_vectors
from dvcinc.model.labels import Labels
from dvcinc.model.network import Architecture, Tensors
from dvcinc.model.units import Floats
from dvcinc.model.viterbi import Field


class Exam:
    """Some lessons to ask about, again and again.

    Args:
        architecture: Of the models to be asked.
        labels: What they answer.
        lessons: What they are asked.
        featurizer: What encoded these.
    """

    def __init__(
        self,
        architecture: Architecture,
        labels: Labels,
        lessons: Sequence[Encoded],
        featurizer: Featurizer,
    ) -> None:
        self._architecture, self._labels = architecture, labels
        self._lessons = lessons
        self._parts = list(in_batches(lessons, featurizer))

    def mistagged(self, tensors: Tensors) -> list[Encoded]:
        """The lessons with a token whose tag is answered wrong."""
        return self._failed(tensors, intents=False)

    def wrong(self, tensors: Tensors) -> list[Encoded]:
        """The lessons that are answered wrong, or right without being sure."""
        return self._failed(tensors, intents=True)

    def _failed(self, tensors: Tensors, *, intents: bool) -> list[Encoded]:
        right = np.ones(len(self._lessons), np.bool_)
        tagged = bool(self._labels.entities)
        field = Field.of(tensors, self._labels) if tagged else None
        for places, batched, logits, scores in self._answers(tensors):
            if intents and logits is not None:
                right[places] &= are_sure(logits, batched.intents)
            if field is not None and scores is not None:
                tags, _ = field.decode(scores, batched.batch.lengths)
                right[places] &= (tags == batched.tags).all(axis=1)
        return [self._lessons[at] for at in np.flatnonzero(~right).tolist()]

    def _answers(
        self, tensors: Tensors
    ) -> Iterator[tuple[list[int], Batched, Floats | None, Floats | None]]:
        forward = Forward(tensors, self._architecture, self._labels)
        for places, batched in self._parts:
            batch = batched.batch
            vectors, _ = unit_vectors(forward, tensors, batch)
            logits, scores = forward.read(vectors, batch.units, batch.lengths)
            yield places, batched, logits, scores
