"""Rasa's entity markup: `[Bob](name)` in a text becomes plain text and spans.

The three forms are those of Rasa 2.0 to 3.x: `[text](type)` and `[text](type:value)`,
`[text]{"entity": …, "role": …, "group": …, "value": …}`, and the list form
`[text][{…}, {…}]` for several entities in one place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from dvcinc.corpus.values import Span, Synonym
from dvcinc.yaml import Json

_MARKUP = re.compile(
    r"\[(?P<text>[^\]]+?)\]"
    r"(?:\((?P<entity>[^:)]+?)(?::(?P<value>[^)]+))?\)"
    r"|\{(?P<dict>[^}]+?)\}"
    r"|\[(?P<list>\s*\{[^\]]*?\}\s*)\])"
)
_SIMPLE_NAME = re.compile(
    r"[^:()\[\]{}\"\\\s](?:[^:()\[\]{}\"\\\n\r]*[^:()\[\]{}\"\\\s])?\Z"
)
_KEYS = frozenset({"entity", "role", "group", "value"})
BLANK = "\n\r "
"""What Rasa strips from an example; a tab is part of it."""


class MarkupError(ValueError):
    """Markup that looks like an entity and is none: `column` (0-based) and why."""

    def __init__(self, column: int, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


class Marked(NamedTuple):
    """A text without its markup, the spans in it, and the synonyms that it states."""

    text: str
    spans: tuple[Span, ...]
    synonyms: tuple[Synonym, ...]


class _Mention(NamedTuple):
    """What one piece of markup says about its text."""

    entity: str
    role: str | None = None
    group: str | None = None
    value: str | None = None


def parse_markup(marked: str) -> Marked:
    """Reads the entity markup of one example.

    Args:
        marked: The example as it stands in the file, without the leading dash.

    Raises:
        MarkupError: An entity's `{…}` is no JSON object with an `entity`.
    """
    if "[" not in marked:
        return Marked(marked.strip(BLANK), (), ())
    pieces: list[str] = []
    spans: list[Span] = []
    synonyms: list[Synonym] = []
    length = read = 0
    for match in _MARKUP.finditer(marked):
        before, text = marked[read : match.start()], match["text"]
        start = length + len(before)
        length = start + len(text)
        read = match.end()
        pieces += (before, text)
        for mention in _mentions(match):
            spans.append(
                Span(start, length, mention.entity, mention.role, mention.group)
            )
            synonyms += _synonym(text.strip(), mention.value)
    pieces.append(marked[read:])
    return _trimmed("".join(pieces), spans, tuple(synonyms))


def is_plain(text: str) -> bool:
    """Whether a text without spans reads back as itself."""
    try:
        return parse_markup(text)[:2] == (text, ())
    except MarkupError:
        return False


def write_markup(text: str, spans: tuple[Span, ...]) -> str:
    """Writes text and spans as markup, the inverse of `parse_markup`.

    Raises:
        ValueError: A span cannot be said in markup (its text holds `]`, say).
    """
    pieces: list[str] = []
    read = index = 0
    while index < len(spans):
        start, end = spans[index].start, spans[index].end
        same = [s for s in spans[index:] if (s.start, s.end) == (start, end)]
        pieces += (text[read:start], _write_mentions(text[start:end], same))
        read, index = end, index + len(same)
    pieces.append(text[read:])
    marked = "".join(pieces)
    if parse_markup(marked)[:2] != (text, spans):
        raise ValueError(f"no entity markup says {text!r} with {spans!r}")
    return marked


def _trimmed(text: str, spans: list[Span], synonyms: tuple[Synonym, ...]) -> Marked:
    """Takes away outer blanks, which mean nothing, also where markup hid them."""
    bare = text.strip(BLANK)
    if len(bare) == len(text):
        return Marked(text, _in_order(spans), synonyms)
    first = len(text) - len(text.lstrip(BLANK))
    inside = [
        span._replace(
            start=max(span.start - first, 0), end=min(span.end - first, len(bare))
        )
        for span in spans
    ]
    kept = [span for span in inside if span.start < span.end]
    return Marked(bare, _in_order(kept), synonyms)


def _synonym(alias: str, value: str | None) -> list[Synonym]:
    value = value and value.strip()
    return [Synonym(alias, value)] if alias and value and value != alias else []


def _in_order(spans: list[Span]) -> tuple[Span, ...]:
    if len(spans) < 2:  # noqa: PLR2004 - nothing to sort
        return tuple(spans)
    return tuple(sorted(set(spans), key=span_order))


def span_order(span: Span) -> tuple[int, int, str, str, str]:
    """The order of spans in an example: by place, then by name."""
    return (span.start, span.end, span.entity, span.role or "", span.group or "")


def _mentions(match: re.Match[str]) -> Iterator[_Mention]:
    if match["entity"] is not None:
        yield _Mention(match["entity"], value=match["value"])
        return
    body = match["dict"]
    column = match.end("text") + 1
    if body is not None:
        yield _mention(_json("{" + body + "}", column), column)
        return
    items = _json("[" + match["list"] + "]", column)
    for item in items if isinstance(items, list) else [items]:
        yield _mention(item, column)


def _json(text: str, column: int) -> Json:
    try:
        said: Json = json.loads(text)
        text.encode()
        json.dumps(said, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise MarkupError(column, f"entity is not valid JSON: {text}") from error
    return said


def _mention(value: Json, column: int) -> _Mention:
    entity = value.get("entity") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(entity, str):
        raise MarkupError(column, f'entity has no "entity" name: {json.dumps(value)}')
    if unknown := sorted(value.keys() - _KEYS):
        raise MarkupError(column, f"entity has an unknown key: {unknown[0]}")
    if not entity:
        raise MarkupError(column, "entity has an empty name")
    said = (_text(value.get(key)) for key in ("role", "group", "value"))
    return _Mention(entity, *said)


def _text(value: Json | None) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return json.dumps(value)


def _write_mentions(text: str, spans: list[Span]) -> str:
    if len(spans) > 1:
        return f"[{text}][{', '.join(_write_dict(span) for span in spans)}]"
    (span,) = spans
    plain = span.role is None and span.group is None
    if plain and _SIMPLE_NAME.match(span.entity):
        return f"[{text}]({span.entity})"
    return f"[{text}]{_write_dict(span)}"


def _write_dict(span: Span) -> str:
    said = {"entity": span.entity, "role": span.role, "group": span.group}
    inner = ", ".join(
        f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in said.items()
        if value is not None
    )
    # Within a name, these would end the markup.
    return "{" + inner.replace("}", r"\u007d").replace("]", r"\u005d") + "}"
