"""What the encoder makes of texts, worked out once for the whole of a fine-tune.

A fine-tune moves the heads and leaves the encoder as it is: so a step costs next to
nothing, and what the base learned from thousands of texts is not bent by a few.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dvcinc.model.batches import Batched, Encoded, stack
from dvcinc.model.document import Model
from dvcinc.model.features import Featurizer
from dvcinc.model.forward import Forward, Hearing
from dvcinc.model.network import TABLE, Tensors
from dvcinc.model.packing import Sums, text_sums, unit_sums
from dvcinc.model.units import Batch, Floats, Ints

# So many texts are heard at once.
TEXTS = 256


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heard:
    """One lesson as the heads hear it, and what they said of it then.

    Args:
        lesson: The lesson.
        text: The text as one vector [D].
        tokens: Its tokens as vectors [tokens, D].
        rows: Rows of the table that its wide sum is made of.
        weights: What each is multiplied with.
        logits: Of its intents [intents]; `None` if the model has none.
        scores: Of its tokens' tags [tokens, tags]; `None` likewise.
    """

    lesson: Encoded
    text: Floats
    tokens: Floats
    rows: Ints
    weights: Floats
    logits: Floats | None = None
    scores: Floats | None = None


def hear(
    model: Model, lessons: Sequence[Encoded], featurizer: Featurizer
) -> list[Heard]:
    """What a model makes of some lessons, in their order."""
    forward = Forward(model.tensors, model.architecture, model.labels)
    found: dict[int, Heard] = {}
    for places, batched in in_batches(lessons, featurizer):
        part = [lessons[at] for at in places]
        heard = _heard(model, forward, part, batched.batch)
        found.update(zip(places, heard, strict=True))
    return [found[at] for at in range(len(lessons))]


def in_batches(
    lessons: Sequence[Encoded], featurizer: Featurizer
) -> Iterator[tuple[list[int], Batched]]:
    """All lessons, some at a time, longest first; and their places."""
    # Of like length together, or most of a batch would be padding.
    order = sorted(range(len(lessons)), key=lambda at: -len(lessons[at].text))
    for start in range(0, len(order), TEXTS):
        places = order[start : start + TEXTS]
        yield places, stack([lessons[at] for at in places], featurizer)


def unit_vectors(
    forward: Forward, tensors: Tensors, batch: Batch
) -> tuple[Floats, Sums]:
    """The vectors of a batch's units, as `Forward.spoken`; and what these sum up."""
    by_unit = unit_sums(len(batch.rows), batch.picks, batch.owners, batch.scales)
    rows = tensors[TABLE].take(batch.rows, axis=0)
    return forward.spoken(by_unit.of(rows)), by_unit


def _heard(
    model: Model, forward: Forward, lessons: Sequence[Encoded], batch: Batch
) -> list[Heard]:
    vectors, by_unit = unit_vectors(forward, model.tensors, batch)
    hearing = forward.hear(vectors, batch.units, batch.lengths)
    logits, scores = _said(model, forward, hearing, batch.lengths)
    entries = text_sums(batch).after(by_unit)
    return [
        Heard(
            lesson=lesson,
            text=hearing.text[at],
            tokens=hearing.tokens[at, : len(lesson.text)],
            rows=batch.rows[picks],
            weights=weights,
            logits=None if logits is None else logits[at],
            scores=None if scores is None else scores[at, : len(lesson.text)],
        )
        for at, (lesson, (picks, weights)) in enumerate(
            zip(lessons, entries, strict=True)
        )
    ]


def _said(
    model: Model, forward: Forward, hearing: Hearing, lengths: Ints
) -> tuple[Floats | None, Floats | None]:
    logits = scores = None
    if model.labels.intents:
        logits = forward.logits(hearing.text, hearing.wide)
    if model.labels.entities:
        scores = forward.scores(hearing.tokens, hearing.text, lengths)
    return logits, scores


def padded_tokens(heard: Sequence[Heard]) -> Floats:
    """The tokens of some lessons, longest first, zeros behind the ends [B, L, D]."""
    length, width = heard[0].tokens.shape
    found = np.zeros((len(heard), length, width), np.float32)
    for at, item in enumerate(heard):
        found[at, : len(item.tokens)] = item.tokens
    return found
