"""What of some examples no model can learn, or never answer as it was annotated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvcinc.corpus.values import Span
from dvcinc.model.batches import Encoded
from dvcinc.model.labels import covered_tokens
from dvcinc.text.tokenizer import Token


def misaligned(lessons: Sequence[Encoded]) -> tuple[str, ...]:
    """A warning for each annotation whose edges are not those of tokens.

    Rasa warns of them too: an entity can only be answered as whole tokens, without the
    characters that the tokenizer drops.
    """
    return tuple(
        f"{text!r}: the annotation of {text[span.start : span.end]!r} as "
        f"{span.entity} {wrong}"
        for lesson in lessons
        for text in (lesson.example.text,)
        for span in lesson.example.spans
        for wrong in _wrong(text, lesson.text.tokens, span)
    )


def _wrong(text: str, tokens: Sequence[Token], span: Span) -> Iterator[str]:
    covered = covered_tokens(tokens, span)
    if not covered:
        touched = any(t.start < span.end and t.end > span.start for t in tokens)
        what = "cuts a token" if touched else "holds no token"
        yield f"{what} and is not learned"
        return
    start, end = tokens[covered[0]].start, tokens[covered[-1]].end
    if (start, end) != (span.start, span.end):
        yield (
            "begins or ends where no token does; it can only be answered as "
            f"{text[start:end]!r}"
        )
