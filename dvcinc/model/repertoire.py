"""Old examples with what the base says of them, worked out as they are needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from dvcinc.corpus.values import Example
from dvcinc.model.batches import encode
from dvcinc.model.document import Model
from dvcinc.model.features import Featurizer
from dvcinc.model.hearing import TEXTS, Heard, hear
from dvcinc.model.labels import Labels


class Repertoire:
    """Draws old examples.

    Args:
        grown: The base with room for the delta; as yet it answers as the base.
        known: The labels of the base.
        examples: The old examples, in the order to draw them.
        featurizer: Of the grown model.
        random: For the order.
    """

    def __init__(
        self,
        grown: Model,
        known: Labels,
        examples: Sequence[Example],
        featurizer: Featurizer,
        random: np.random.Generator,
    ) -> None:
        self._teacher = self._encoder = grown
        self._known, self._featurizer = known, featurizer
        self._waiting = list(examples)
        self._ready: list[Heard] = []
        self._random = random
        self._order = self._endless()

    def draw(self, count: int) -> list[Heard]:
        """The next few, at most all."""
        return list(islice(self._order, min(count, self._size)))

    @property
    def is_empty(self) -> bool:
        """Whether there is none to draw."""
        return not self._size

    @property
    def heard(self) -> Sequence[Heard]:
        """Those heard so far."""
        return self._ready

    def listen(self, model: Model) -> None:
        """Hear all through the encoder of another model; what the base said stays."""
        self._encoder = model
        self._ready = self._again(self._ready)

    @property
    def _size(self) -> int:
        return len(self._waiting) + len(self._ready)

    def _endless(self) -> Iterator[Heard]:
        """First those that wait, one after the other, then all in ever new orders."""
        place = 0
        while self._waiting or place < len(self._ready):
            if place == len(self._ready):
                self._prepare()
            if place < len(self._ready):
                yield self._ready[place]
                place += 1
        while self._ready:
            for at in self._random.permutation(len(self._ready)):
                yield self._ready[at]

    def _prepare(self) -> None:
        block, self._waiting = self._waiting[:TEXTS], self._waiting[TEXTS:]
        lessons = encode(block, self._featurizer, self._teacher.labels)
        heard = [
            self._cut(item) for item in hear(self._teacher, lessons, self._featurizer)
        ]
        if self._encoder is not self._teacher:
            heard = self._again(heard)
        self._ready += heard

    def _again(self, heard: Sequence[Heard]) -> list[Heard]:
        lessons = [item.lesson for item in heard]
        return [
            replace(now, logits=item.logits, scores=item.scores)
            for item, now in zip(
                heard, hear(self._encoder, lessons, self._featurizer), strict=True
            )
        ]

    def _cut(self, item: Heard) -> Heard:
        """Leave out what was said of labels that the base does not know."""
        logits, scores = item.logits, item.scores
        intents, tags = len(self._known.intents), self._known.tags
        return replace(
            item,
            logits=logits[:intents] if logits is not None and intents else None,
            scores=scores[:, :tags]
            if scores is not None and self._known.entities
            else None,
        )
