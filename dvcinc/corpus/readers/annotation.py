"""Entities that stand beside their text, as JSON and tables have them, to spans."""

from __future__ import annotations

from itertools import pairwise

from dvcinc.corpus.markup import (
    Marked,
    as_text,
    synonyms_of,
    trimmed,
    write_markup,
)
from dvcinc.corpus.values import Span, Synonym
from dvcinc.yaml import Json

# Their entities are not learned from examples, so Rasa trains on none of them.
_UNTRAINED = frozenset(
    {"DucklingEntityExtractor", "DucklingHTTPExtractor", "SpacyEntityExtractor"}
)


class AnnotationError(ValueError):
    """Entities that do not fit their text."""


def annotate(text: str, entities: Json) -> Marked:
    """A text with its entities.

    Args:
        text: The text as it is: brackets in it are text.
        entities: A list of `{"start", "end", "entity"}`, half open, in characters of
            the text, each perhaps with a `role`, a `group`, and a `value`; other keys
            are what extractors write, and mean nothing. `None` is none.

    Raises:
        AnnotationError: They are no such list, lie outside the text, or overlap.
    """
    if entities is None:
        entities = []
    if not isinstance(entities, list):
        raise AnnotationError("entities must be a list")
    spans: list[Span] = []
    synonyms: list[Synonym] = []
    for entity in entities:
        if not isinstance(entity, dict):
            raise AnnotationError("an entity must be an object")
        if entity.get("extractor") in _UNTRAINED:
            continue
        span = _span(text, entity)
        spans.append(span)
        if (value := as_text(entity.get("value"))) is not None:
            synonyms += synonyms_of(text[span.start : span.end], value)
    marked = trimmed(text, spans, tuple(synonyms))
    if len(marked.spans) > 1:
        _check_apart(marked.spans)
    _check_sayable(marked)
    return marked


def _span(text: str, entity: dict[str, Json]) -> Span:
    name = entity.get("entity")
    if not isinstance(name, str) or not name:
        raise AnnotationError('an entity needs the name "entity", as text')
    start, end = (_number(entity, key, name) for key in ("start", "end"))
    if not 0 <= start < end <= len(text):
        raise AnnotationError(
            f"entity {name!r} goes from {start} to {end} of {len(text)} characters"
        )
    return Span(
        start, end, name, as_text(entity.get("role")), as_text(entity.get("group"))
    )


def _number(entity: dict[str, Json], key: str, name: str) -> int:
    number = entity.get(key)
    if isinstance(number, bool) or not isinstance(number, int):
        raise AnnotationError(f'"{key}" of entity {name!r} must be a whole number')
    return number


def _check_apart(spans: tuple[Span, ...]) -> None:
    """Two entities may share a place, as in markup's list form, but no part of one."""
    for first, second in pairwise(spans):
        same = (first.start, first.end) == (second.start, second.end)
        if second.start < first.end and not same:
            names = f"{first.entity!r} and {second.entity!r}"
            raise AnnotationError(f"entities {names} overlap")


def _check_sayable(marked: Marked) -> None:
    """The frozen base is Rasa YAML, so an example must be one that markup can say."""
    if "[" not in marked.text and "]" not in marked.text:
        return
    try:
        write_markup(marked.text, marked.spans)
    except ValueError as error:
        shown = marked.text[:60]
        raise AnnotationError(f"brackets in {shown!r} read as entity markup") from error
