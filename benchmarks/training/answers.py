"""What a model or a floor says of some examples, scored as `dvcinc` scores it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dvcinc.corpus.values import Example
from dvcinc.model.labels import base_intent
from dvcinc.model.result import ParseResult
from training.figures import Bools, Floats, Ints, calibration_error, f1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers to some examples, in their order.

    Attributes:
        names: The predicted intents.
        right: Whether each is right.
        sure: How sure the model is of it.
        counts: Entities that are right, found, annotated, for each text [n, 3].
    """

    names: tuple[str, ...]
    right: Bools
    sure: Floats
    counts: Ints

    @property
    def accuracy(self) -> float:
        """Share of right intents, in percent."""
        return 100 * float(self.right.mean()) if len(self.right) else 0.0

    @property
    def entity_f1(self) -> float:
        """Micro F1 over exact spans, types, roles and groups, in percent."""
        return 100 * float(f1(self.counts.sum(axis=0)))

    @property
    def perfect(self) -> Bools:
        """Whether intent and all entities are right."""
        ours, found, annotated = self.counts.T
        return self.right & (ours == found) & (ours == annotated)

    @property
    def calibration(self) -> float:
        """Expected calibration error of the intents."""
        return calibration_error(self.sure, self.right)

    def only(self, mask: Bools) -> Answers:
        """The answers to some of the examples."""
        return Answers(
            names=tuple(n for n, yes in zip(self.names, mask, strict=True) if yes),
            right=self.right[mask],
            sure=self.sure[mask],
            counts=self.counts[mask],
        )


def score(examples: Sequence[Example], results: Sequence[ParseResult]) -> Answers:
    """Compares; `dvcinc.model.evaluate.compare` says the same in sums."""
    names = tuple(result.intent.name or "" for result in results)
    pairs = list(zip(examples, results, strict=True))
    right = [
        name == base_intent(example.intent)
        for name, (example, _) in zip(names, pairs, strict=True)
    ]
    counts = [_counts(example, result) for example, result in pairs]
    return Answers(
        names=names,
        right=np.array(right, np.bool_),
        sure=np.array([result.intent.confidence for result in results], np.float64),
        counts=np.array(counts, np.int64).reshape(len(pairs), 3),
    )


def churn(one: Answers, other: Answers) -> float:
    """Share of texts with another intent, in percent."""
    differs = [a != b for a, b in zip(one.names, other.names, strict=True)]
    return 100 * sum(differs) / max(len(differs), 1)


def _counts(example: Example, result: ParseResult) -> tuple[int, int, int]:
    wanted = {(s.entity, s.start, s.end, s.role, s.group) for s in example.spans}
    found = {(e.entity, e.start, e.end, e.role, e.group) for e in result.entities}
    return len(wanted & found), len(found), len(wanted)
