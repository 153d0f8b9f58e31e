"""The batches of a fine-tune: some of what is new, among old examples to rehearse.

What the base said of an old text is learned along with its right intent (distillation,
Hinton et al. 2015), so that the model stays the one it was where nothing has changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from dvcinc.corpus.values import Example
from dvcinc.model import recipe
from dvcinc.model.batches import Lead, encode, labelled
from dvcinc.model.document import Model
from dvcinc.model.exam import Exam
from dvcinc.model.features import Featurizer
from dvcinc.model.hearing import Heard, hear
from dvcinc.model.labels import Labels, base_intent
from dvcinc.model.repertoire import Repertoire
from dvcinc.model.units import Floats

Shares = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """How many examples each intent, with its key, had in the base and has now."""

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
        if not now.any():
            return np.zeros(len(now), np.float32)
        ratio = (drawn + recipe.RARE) / (now + recipe.RARE)
        lean: Floats = (recipe.LEAN * np.log(ratio)).astype(np.float32)
        return lean

    def _shares(self, labels: Labels, counts: Mapping[str, int]) -> Shares:
        ids = labels.intent_ids
        found = np.zeros(len(ids))
        for name, count in sorted(counts.items()):
            # Where a retrieval intent is one label, its keys count for it.
            label = ids.get(name, ids.get(base_intent(name)))
            if label is not None:
                found[label] += count
        shares: Shares = found / max(found.sum(), 1)
        return shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A batch of a fine-tune, its texts longest first.

    Args:
        heard: The texts.
        lead: What the base says of the old ones; of new ones it has no say.
        new: How many of them are new.
    """

    heard: tuple[Heard, ...]
    lead: Lead
    new: int


class Rehearsal:
    """Draws batches; what it draws depends on the examples and the seed alone.

    Args:
        grown: The base with room for the delta; as yet it answers as the base.
        known: The labels of the base.
        added: What to learn.
        replay: Old examples.
        balance: How often each intent stood and stands in the corpus.
        seed: For the order.
    """

    def __init__(
        self,
        grown: Model,
        known: Labels,
        added: Sequence[Example],
        replay: Iterable[Example],
        balance: Balance,
        seed: int,
    ) -> None:
        self._labels, self._known, self._balance = grown.labels, known, balance
        self.featurizer = Featurizer(grown.pipeline, grown.vocabulary)
        lessons = encode(added, self.featurizer, grown.labels)
        self.added = hear(grown, lessons, self.featurizer)
        new = set(added)
        old = sorted({e for e in replay if e not in new}, key=Example.order)
        self._random = np.random.default_rng([seed, 3])
        # A few texts to learn need few to rehearse, and to hear each takes its time.
        most = max(recipe.FEWEST_OLD, recipe.OLD_EACH * len(self.added))
        old = self._some_of_each(old, {*labelled(added, grown.labels)})[:most]
        self._shares = [
            _shares([lesson.intent for lesson in lessons], grown.labels),
            _shares(labelled(old, grown.labels), grown.labels),
        ]
        self._old = Repertoire(grown, known, old, self.featurizer, self._random)
        self.exam = Exam(grown.architecture, grown.labels, lessons, self.featurizer)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all to learn from."""
        return not self.added and self._old.is_empty

    @property
    def old(self) -> Sequence[Heard]:
        """The old examples heard so far."""
        return self._old.heard

    def listen(self, model: Model) -> None:
        """Hear all texts through the encoder of another model from now on."""
        lessons = [item.lesson for item in self.added]
        self.added = hear(model, lessons, self.featurizer)
        self._old.listen(model)

    def draw(self, plan: recipe.FinetunePlan, left: Sequence[Heard]) -> Drawn:
        """A batch as the plan says; of the new texts some are left to be learned."""
        fresh = self._some(left, plan.first)
        if len(fresh) < plan.new and len(self.added) > len(fresh):
            most = min(plan.new, len(self.added))
            fresh += self._some(self.added, most - len(fresh))
        both = [(item, False) for item in fresh]
        both += [(item, True) for item in self._old.draw(plan.old)]
        both.sort(key=lambda pair: -len(pair[0].lesson.text))
        heard = tuple(item for item, _ in both)
        lead = self._lead(heard, [is_old for _, is_old in both])
        return Drawn(heard=heard, lead=lead, new=len(fresh))

    def _lean(self, new: int, old: int) -> Floats:
        """How batches of so many new and old texts differ from the corpus [intents]."""
        drawn = np.zeros(len(self._labels.intents))
        for shares, count in zip(self._shares, (new, old), strict=True):
            drawn += count / (new + old) * shares
        return self._balance.lean(self._labels, drawn)

    def _some_of_each(self, old: Sequence[Example], touched: set[int]) -> list[Example]:
        """All in an order that starts with some of each label, most of those touched.

        The plan's own sample is made like that, and may be larger than is needed.
        """
        mixed = [old[at] for at in self._random.permutation(len(old))]
        rank: Counter[int] = Counter()
        turns = []
        for label in labelled(mixed, self._labels):
            rank[label] += 1
            # Of a label that the delta touches so many count as one turn.
            each = recipe.OLD_OF_TOUCHED if label in touched else 1
            turns.append(rank[label] // each)
        order = sorted(range(len(mixed)), key=turns.__getitem__)
        return [mixed[at] for at in order]

    def _lead(self, heard: Sequence[Heard], trusted: Sequence[bool]) -> Lead:
        known, longest = self._known, len(heard[0].lesson.text)
        teacher = np.zeros((len(heard), len(known.intents)), np.float32)
        scores = np.zeros((len(heard), longest, known.tags), np.float32)
        for at, (item, is_old) in enumerate(zip(heard, trusted, strict=True)):
            if is_old and item.logits is not None:
                teacher[at] = item.logits
            if is_old and item.scores is not None:
                scores[at, : len(item.scores)] = item.scores
        trust = np.where(trusted, np.float32(recipe.TRUST), np.float32(0))
        olds = sum(trusted)
        lean = self._lean(len(heard) - olds, olds)
        return Lead(teacher, trust, lean, scores if known.entities else None)

    def _some(self, lessons: Sequence[Heard], count: int) -> list[Heard]:
        order = self._random.permutation(len(lessons))[:count]
        return [lessons[at] for at in order]


def _shares(intents: Sequence[int], labels: Labels) -> Shares:
    """How the intents of some lessons are shared out [intents]; zeros of none."""
    if not intents or not labels.intents:
        return np.zeros(len(labels.intents))
    counts = np.bincount(intents, minlength=len(labels.intents))
    shares: Shares = counts / len(intents)
    return shares
