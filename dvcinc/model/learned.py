"""What of some examples a model has learned, and what it could not have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dvcinc.model import recipe
from dvcinc.model.batches import Encoded
from dvcinc.model.document import Model
from dvcinc.model.labels import covered_tokens
from dvcinc.model.runtime import Runtime


def unlearned(model: Model, lessons: Sequence[Encoded]) -> list[Encoded]:
    """The lessons that a model gets wrong, or gets right without being sure."""
    results = Runtime(replace(model, tables=None)).parse_many(
        [lesson.example.text for lesson in lessons]
    )
    wrong = []
    for lesson, result in zip(lessons, results, strict=True):
        top = result.intent
        names = model.labels.intents
        right = not names or (
            top.name == names[lesson.intent] and top.confidence > recipe.SURE
        )
        spans = [(e.start, e.end, e.entity, e.role, e.group) for e in result.entities]
        wanted = [
            (lesson.text.tokens[s].start, lesson.text.tokens[e - 1].end, *label)
            for s, e, label in model.labels.decode(lesson.tags)
        ]
        if not right or spans != wanted:
            wrong.append(lesson)
    return wrong


def misaligned(lessons: Sequence[Encoded]) -> tuple[str, ...]:
    """A warning for each annotation that begins or ends within a token."""
    return tuple(
        f"{lesson.example.text!r}: the annotation of "
        f"{lesson.example.text[span.start : span.end]!r} as {span.entity} cuts a token "
        "and is not learned"
        for lesson in lessons
        for span in lesson.example.spans
        if not covered_tokens(lesson.text.tokens, span)
    )
