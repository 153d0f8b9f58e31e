"""Examples as arrays, and the batches that a training takes them in.

Texts of like length share a batch, since the shorter ones are padded; which texts, and
in which order, is drawn from a seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dvcinc.corpus.values import Example
from dvcinc.errors import InputError
from dvcinc.model.features import Featurizer, Text
from dvcinc.model.labels import Labels
from dvcinc.model.units import Batch, Floats, Ints, Places

# Texts are sorted by length within so many batches: enough to save most padding, and
# few enough to mix them well.
BATCHES_TO_SORT = 8


@dataclass(frozen=True, slots=True)
class Encoded:
    """One example to learn: text, intent, tags."""

    example: Example
    text: Text
    intent: int
    tags: tuple[int, ...]


def encode(
    examples: Sequence[Example], featurizer: Featurizer, labels: Labels
) -> list[Encoded]:
    """The examples that have any token, encoded.

    Raises:
        InputError: As `labelled`.
    """
    found = []
    for example in examples:
        text = featurizer.encode(example.text)
        if len(text):
            (intent,) = labelled([example], labels)
            tags = labels.encode(text.tokens, example.spans) if example.spans else ()
            found.append(Encoded(example, text, intent, tuple(tags)))
    return found


def labelled(examples: Iterable[Example], labels: Labels) -> list[int]:
    """The label of each example's intent; 0 if the model does not tell intents.

    Raises:
        InputError: The model tells intents, and an example's is none of them.
    """
    if not labels.intents:
        return [0 for _ in examples]
    return [_label(example, labels) for example in examples]


def _label(example: Example, labels: Labels) -> int:
    label = labels.of(example)
    if label is None:
        raise InputError(
            f"{example.text!r} is an example of intent {example.intent!r}, which the "
            "model does not have",
            "run dvc repro",
        )
    return label


@dataclass(frozen=True, slots=True, kw_only=True)
class Batched:
    """Some lessons as arrays: features, right intents [B] and right tags [B, L]."""

    batch: Batch
    intents: Ints
    tags: Ints


class Lead(NamedTuple):
    """What to heed in a batch beside its right answers.

    Args:
        teacher: The base's logits of each text [B, intents that it knows].
        trust: How much these count beside the right intent [B].
        lean: What is added to the logits before they are compared with what is right
            [intents]: by how much more often (logarithm) an intent stands in the
            batches than in the corpus.
        scores: The base's tag scores of each text [B, L, tags that it knows].
    """

    teacher: Floats
    trust: Floats
    lean: Floats
    scores: Floats | None = None


def stack(lessons: Sequence[Encoded], featurizer: Featurizer) -> Batched:
    """Put some lessons into one batch, in their order.

    Whoever packs its tokens (`dvcinc.model.packing`) gives the lessons longest first.
    """
    batch = featurizer.batch([lesson.text for lesson in lessons])
    tags = np.zeros(batch.units.shape[:2], np.int32)
    for at, lesson in enumerate(lessons):
        tags[at, : len(lesson.tags)] = lesson.tags
    intents = np.array([lesson.intent for lesson in lessons], np.int32)
    return Batched(batch=batch, intents=intents, tags=tags)


def epoch(lengths: Ints, size: int, random: np.random.Generator) -> Iterator[Places]:
    """One pass over texts of some lengths: the places of each batch, longest first."""
    order = random.permutation(len(lengths))
    stretch = size * BATCHES_TO_SORT
    batches: list[Places] = []
    for start in range(0, len(order), stretch):
        part = order[start : start + stretch]
        part = part[np.argsort(-lengths[part], kind="stable")]
        batches += [part[at : at + size] for at in range(0, len(part), size)]
    for at in random.permutation(len(batches)):
        yield batches[at]
