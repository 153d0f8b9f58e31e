"""The batches of a fine-tune: some of what is new, among old examples to rehearse.

What the base said of an old text is learned along with its right intent (distillation,
Hinton et al. 2015), so that the model stays the one it was where nothing has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from dvcinc.corpus.values import Example
from dvcinc.model import recipe
from dvcinc.model.batches import Batched, Encoded, Lead, encode, stack
from dvcinc.model.document import Model
from dvcinc.model.features import Featurizer
from dvcinc.model.runtime import Runtime


class Rehearsal:
    """Draws batches; what it draws depends on the examples and the seed alone."""

    def __init__(
        self,
        base: Model,
        grown: Model,
        added: Sequence[Example],
        replay: Iterable[Example],
        seed: int,
    ) -> None:
        self._featurizer = Featurizer(grown.pipeline, grown.vocabulary)
        self.added = encode(added, self._featurizer, grown.labels)
        known = set(added)
        old = sorted({e for e in replay if e not in known}, key=repr)
        self._old = encode(old, self._featurizer, grown.labels)
        self._teacher = Runtime(base)
        self._intents = len(base.labels.intents)
        self._random = np.random.default_rng([seed, 3])
        self._old_order = self._endless(len(self._old))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all to learn from."""
        return not self.added and not self._old

    def draw(self, new: int, old: int, left: Sequence[Encoded]) -> tuple[Batched, Lead]:
        """A batch of so many new and old texts; of the new what is left comes first.

        With few examples that is what lets the last of them be learned.
        """
        fresh = self._some(left, new)
        if len(fresh) < new and len(self.added) > len(fresh):
            fresh += self._some(self.added, min(new, len(self.added)) - len(fresh))
        rehearsed = [
            self._old[next(self._old_order)] for _ in range(min(old, len(self._old)))
        ]
        lead = self._lead(len(fresh), rehearsed)
        return stack([*fresh, *rehearsed], self._featurizer), lead

    def _some(self, lessons: Sequence[Encoded], count: int) -> list[Encoded]:
        order = self._random.permutation(len(lessons))[:count]
        return [lessons[at] for at in order]

    def _endless(self, count: int) -> Iterator[int]:
        while True:
            yield from self._random.permutation(count).tolist()

    def _lead(self, new: int, rehearsed: Sequence[Encoded]) -> Lead:
        """The base's word on old texts; on new ones it has none."""
        texts = new + len(rehearsed)
        teacher = np.zeros((texts, self._intents), np.float32)
        trust = np.zeros(texts, np.float32)
        said = None
        if rehearsed:
            said = self._teacher.intent_logits([item.text.text for item in rehearsed])
        if said is not None:
            teacher[new:] = said
            trust[new:] = recipe.TRUST
        return Lead(teacher, trust)
