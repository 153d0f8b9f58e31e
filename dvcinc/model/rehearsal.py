"""The batches of a fine-tune: some of what is new, among old examples to rehearse.

What the base said of an old text is learned along with its right intent (distillation,
Hinton et al. 2015), so that the model stays the one it was where nothing has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from dvcinc.corpus.values import Example
from dvcinc.model import recipe
from dvcinc.model.batches import Batched, Encoded, Lead, encode, stack
from dvcinc.model.document import Model
from dvcinc.model.exam import Exam
from dvcinc.model.features import Featurizer
from dvcinc.model.labels import Labels
from dvcinc.model.units import Floats

Shares = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """How many examples each intent had in the base, and has now."""

    before: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    now: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def shift(self, labels: Labels) -> Floats:
        """By how much each intent's bias is to rise, so that old ones count anew.

        What a classifier says is, by Bayes, the chance of the text times that of the
        intent; where an intent had 8 examples and has 100 now, the second is known to
        have grown without a step of training (Saerens et al., 2002).
        """
        before, now = (
            self._shares(labels, counts) for counts in (self.before, self.now)
        )
        both = (before > 0) & (now > 0)
        ratio = np.divide(now, before, out=np.ones_like(now), where=both)
        shift: Floats = np.log(ratio).astype(np.float32)
        return shift

    def lean(self, labels: Labels, drawn: Shares) -> Floats:
        """By how much more often an intent is drawn than it stands in the corpus."""
        now = self._shares(labels, self.now)
        ratio = (drawn + recipe.RARE) / (now + recipe.RARE)
        lean: Floats = (recipe.LEAN * np.log(ratio)).astype(np.float32)
        return lean

    def _shares(self, labels: Labels, counts: Mapping[str, int]) -> Shares:
        found = np.array([counts.get(name, 0) for name in labels.intents], np.float64)
        shares: Shares = found / max(found.sum(), 1)
        return shares


class Rehearsal:
    """Draws batches; what it draws depends on the examples and the seed alone.

    Args:
        grown: The base with room for the delta; as yet it answers as the base.
        known: How many intents the base knows.
        added: What to learn.
        replay: Old examples.
        balance: How often each intent stood and stands in the corpus.
        seed: For the order.
    """

    def __init__(
        self,
        grown: Model,
        known: int,
        added: Sequence[Example],
        replay: Iterable[Example],
        balance: Balance,
        seed: int,
    ) -> None:
        self._labels, self._known, self._balance = grown.labels, known, balance
        self._featurizer = Featurizer(grown.pipeline, grown.vocabulary)
        self.added = encode(added, self._featurizer, grown.labels)
        new = set(added)
        old = sorted({e for e in replay if e not in new}, key=repr)
        self._old = encode(old, self._featurizer, grown.labels)
        asked = Exam(grown.architecture, grown.labels, self._old, self._featurizer)
        self._teacher = asked.logits(grown.tensors)[:, :known]
        self._random = np.random.default_rng([seed, 3])
        self._old_order = self._endless(len(self._old))
        self.exam = Exam(grown.architecture, grown.labels, self.added, self._featurizer)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all to learn from."""
        return not self.added and not self._old

    def lean(self, new: int, old: int) -> Floats:
        """How batches of so many new and old texts differ from the corpus [intents]."""
        drawn = np.zeros(len(self._labels.intents))
        for lessons, count in ((self.added, new), (self._old, old)):
            intents = [lesson.intent for lesson in lessons]
            share = np.bincount(intents, minlength=len(drawn)) if intents else 0
            drawn += count / (new + old) * share / max(len(intents), 1)
        return self._balance.lean(self._labels, drawn)

    def draw(
        self, new: int, old: int, left: Sequence[Encoded], lean: Floats
    ) -> tuple[Batched, Lead]:
        """A batch of so many new and old texts; of the new what is left comes first.

        With few examples that is what lets the last of them be learned.
        """
        fresh = self._some(left, new)
        if len(fresh) < new and len(self.added) > len(fresh):
            fresh += self._some(self.added, min(new, len(self.added)) - len(fresh))
        count = min(old, len(self._old))
        places = [next(self._old_order) for _ in range(count)]
        lessons = [*fresh, *(self._old[place] for place in places)]
        teacher = np.zeros((len(lessons), self._known), np.float32)
        teacher[len(fresh) :] = self._teacher[places]
        # On new texts the base has no say.
        trust = np.full(len(lessons), recipe.TRUST, np.float32)
        trust[: len(fresh)] = 0
        lengths = np.array([len(lesson.text) for lesson in lessons])
        order = np.argsort(-lengths, kind="stable")
        batched = stack([lessons[at] for at in order], self._featurizer)
        return batched, Lead(teacher[order], trust[order], lean)

    def _some(self, lessons: Sequence[Encoded], count: int) -> list[Encoded]:
        order = self._random.permutation(len(lessons))[:count]
        return [lessons[at] for at in order]

    def _endless(self, count: int) -> Iterator[int]:
        while True:
            yield from self._random.permutation(count).tolist()
