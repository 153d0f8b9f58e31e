"""Examples as arrays, and the batches that a training takes them in.

Texts of like length share a batch, since the shorter ones are padded; which texts, and
in which order, is drawn from a seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dvcinc.corpus.values import Example
from dvcinc.model.features import Batch, Featurizer, Floats, Ints, Text
from dvcinc.model.labels import Labels, base_intent

Places = npt.NDArray[np.intp]

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
    """The examples that have any token, encoded."""
    found = []
    for example in examples:
        text = featurizer.encode(example.text)
        if text.tokens:
            intent = labels.intent_ids.get(base_intent(example.intent), 0)
            tags = labels.encode(text.tokens, example.spans)
            found.append(Encoded(example, text, intent, tuple(tags)))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Batched:
    """Some lessons as arrays: features, right intents [B] and right tags [B, L]."""

    batch: Batch
    intents: Ints
    tags: Ints


class Lead(NamedTuple):
    """What the base says of a batch.

    Args:
        teacher: The base's logits [B, intents that it knows].
        trust: How much each text heeds it [B].
    """

    teacher: Floats
    trust: Floats


def stack(lessons: Sequence[Encoded], featurizer: Featurizer) -> Batched:
    """Put some lessons into one batch."""
    batch = featurizer.batch([lesson.text for lesson in lessons])
    tags = np.zeros(batch.units.shape[:2], np.int32)
    for at, lesson in enumerate(lessons):
        tags[at, : len(lesson.tags)] = lesson.tags
    intents = np.array([lesson.intent for lesson in lessons], np.int32)
    return Batched(batch=batch, intents=intents, tags=tags)


def epoch(lengths: Ints, size: int, random: np.random.Generator) -> Iterator[Places]:
    """One pass over texts of some lengths: the places of each batch's texts."""
    order = random.permutation(len(lengths))
    stretch = size * BATCHES_TO_SORT
    batches: list[Places] = []
    for start in range(0, len(order), stretch):
        part = order[start : start + stretch]
        part = part[np.argsort(lengths[part], kind="stable")]
        batches += [part[at : at + size] for at in range(0, len(part), size)]
    for at in random.permutation(len(batches)):
        yield batches[at]


def drop_features(
    batch: Batch, rate: float, random: np.random.Generator
) -> tuple[Ints, Ints, Floats]:
    """Picks, owners and scales of a batch with some features of its units left out."""
    kept = random.random(len(batch.picks), np.float32) >= rate
    scales = batch.scales / np.float32(1 - rate)
    return batch.picks[kept], batch.owners[kept], scales
