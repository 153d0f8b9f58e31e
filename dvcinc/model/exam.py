"""Asking a model in training what it says of texts that are already encoded.

The batches are put together once; each look at them takes the weights as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from dvcinc.model import recipe
from dvcinc.model.batches import Batched, Encoded, stack
from dvcinc.model.features import Featurizer
from dvcinc.model.forward import Forward
from dvcinc.model.labels import Labels
from dvcinc.model.network import TABLE, Architecture, Tensors
from dvcinc.model.packing import unit_sums
from dvcinc.model.units import Floats, Places
from dvcinc.model.viterbi import Field

TEXTS = 256


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
        lengths = np.array([len(lesson.text) for lesson in lessons], np.int32)
        order = np.argsort(-lengths, kind="stable")
        self._parts: list[tuple[Places, Batched]] = []
        for start in range(0, len(order), TEXTS):
            places = order[start : start + TEXTS]
            batched = stack([lessons[at] for at in places], featurizer)
            self._parts.append((places, batched))

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
                right[places] &= _is_sure(logits, batched)
            if field is not None and scores is not None:
                tags, _ = field.decode(scores, batched.batch.lengths)
                right[places] &= (tags == batched.tags).all(axis=1)
        return [self._lessons[at] for at in np.flatnonzero(~right).tolist()]

    def _answers(
        self, tensors: Tensors
    ) -> Iterator[tuple[Places, Batched, Floats | None, Floats | None]]:
        forward = Forward(tensors, self._architecture, self._labels)
        for places, batched in self._parts:
            batch = batched.batch
            sums = unit_sums(len(batch.rows), batch.picks, batch.owners, batch.scales)
            rows = tensors[TABLE].take(batch.rows, axis=0)
            vectors = forward.spoken(sums.of(rows))
            logits, scores = forward.read(vectors, batch.units, batch.lengths)
            yield places, batched, logits, scores


def _is_sure(logits: Floats, batched: Batched) -> npt.NDArray[np.bool_]:
    """Whether the right intent has more than `recipe.SURE` of the probability."""
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    everyone = np.arange(len(chances))
    sure = chances[everyone, batched.intents] > recipe.SURE * chances.sum(axis=1)
    return np.asarray(sure)
