"""What of some examples no model can learn."""

from __future__ import annotations

from collections.abc import Sequence

from dvcinc.model.batches import Encoded
from dvcinc.model.labels import covered_tokens


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
