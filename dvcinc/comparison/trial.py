"""One trained model, tested: what it took, how good it is, what it says to a text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from dvcinc.changes import base_intent
from dvcinc.corpus.values import Example

SHARES = ("accuracy", "macro_f1", "entity_f1", "responses_accuracy")
"""The names that `Scores` may hold, in their order."""


class Way(Enum):
    """How a model came about."""

    BASE = "base"
    FINETUNED = "finetuned"
    SCRATCH = "scratch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one training took, in a process of its own.

    Attributes:
        seconds: Wall time of the training, as the stages' reports have it.
        cpu_seconds: CPU time of the whole process until then, imports included.
        peak_bytes: The most memory that it held until then.
        steps: Steps taken.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    steps: int


class Entity(NamedTuple):
    """An entity that was found, or should be: where it is and what it is."""

    start: int
    end: int
    entity: str
    role: str | None = None
    group: str | None = None


class Answer(NamedTuple):
    """What a model says to one text, as far as it can be right or wrong.

    `intent` is empty where it cannot tell; `key` is the response key that the selector
    of a test example's intent has chosen, `None` where there is none to choose.
    """

    intent: str
    key: str | None = None
    entities: frozenset[Entity] = frozenset()


class IntentScore(NamedTuple):
    """The F1 of one intent, and how many test examples it has."""

    name: str
    f1: float
    support: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How good a model is, in the terms of `metrics.json`.

    Attributes:
        overall: Shares by name; of `SHARES` those that the test data can tell.
        intents: One row for each intent that the test data have.
    """

    overall: tuple[tuple[str, float], ...]
    intents: tuple[IntentScore, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A model that was trained and tested.

    Attributes:
        way: How it came about.
        seed: Its seed.
        spent: What it took; `None` of a recorded model that was not trained here.
        unlearned: How many examples it was to learn and could not.
        scores: How good it is.
        answers: What it says to each test example, in their order.
    """

    way: Way
    seed: int
    spent: Spent | None
    unlearned: int
    scores: Scores
    answers: tuple[Answer, ...]


def wanted(example: Example) -> Answer:
    """The answer to a test example that is right in all."""
    return Answer(
        intent=base_intent(example.intent),
        key=example.intent if "/" in example.intent else None,
        entities=frozenset(
            Entity(s.start, s.end, s.entity, s.role, s.group) for s in example.spans
        ),
    )


def is_right(answer: Answer, example: Example, *, tagged: bool) -> bool:
    """Whether an answer is right; a key only counts where one is chosen.

    Args:
        answer: The answer.
        example: What was asked.
        tagged: Whether entities count; a pipeline without them finds none.
    """
    right = wanted(example)
    return answer == Answer(
        intent=right.intent,
        key=right.key if answer.key is not None else None,
        entities=right.entities if tagged else frozenset(),
    )
