"""Rasa's entity markup: `[Bob](name)` in a text becomes plain text and spans.

The three forms are those of Rasa 2.0 to 3.x: `[text](type)` and `[text](type:value)`,
`[text]{"entity": …, "role": …, "group": …, "value": …}`, and the list form
`[text][{…}, {…}]` for several entities in one place.
"""

from __future__ import annotations

import json
import re
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from dvcinc.corpus.values import Span, Synonym
from dvcinc.yaml import Json

_SIMPLE_NAME = re.compile(
    r"[^:()\[\]{}\"\\\s](?:[^:()\[\]{}\"\\\n\r]*[^:()\[\]{}\"\\\s])?\Z"
)
_CLOSING = {"(": ")", "{": "}", "[": "]"}
_LIST = re.compile(r"\s*\{.*\}\s*\Z", re.DOTALL)
# Only what can hardly be meant otherwise: "f[0](x" and "[1] (a)" are text.
_UNREAD = re.compile(r"\](?:\((?:\)|[^\W\d])|\s*\{\s*\"entity\")")
_UNCLOSED = re.compile(r"\[[^\[\]()]*[^\[\]()\s]\)?\([^\W\d][^()\[\]\n]*\)")
_SHOWN = 40
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
    """A text without its markup.

    Attributes:
        text: The text, without outer blanks.
        spans: The entities in it, sorted.
        synonyms: Those that the entities' values state.
        broken: What looks like an entity and is none, as it stands; mostly nothing.
    """

    text: str
    spans: tuple[Span, ...] = ()
    synonyms: tuple[Synonym, ...] = ()
    broken: str = ""


# What one piece of markup says of its text: entity, role, group and value.
_Mention: TypeAlias = tuple[str, str | None, str | None, str | None]


def parse_markup(marked: str) -> Marked:
    """Reads the entity markup of one example.

    Args:
        marked: The example as it stands in the file, without the leading dash.

    Raises:
        MarkupError: An entity's `{…}` is no JSON object with an `entity`.
    """
    if "[" not in marked:
        broken = _broken(marked) if "]" in marked else ""
        return Marked(marked.strip(BLANK), (), (), broken)
    pieces: list[str] = []
    spans: list[Span] = []
    synonyms: list[Synonym] = []
    length = copied = read = 0
    # From one closing bracket to the next: time in proportion to the text.
    ahead: dict[str, int] = {}
    close = marked.find("]")
    while close >= 0:
        start = marked.find("[", read, close)
        said = _said(marked, close + 1, ahead) if 0 <= start < close - 1 else None
        read = close + 1
        if said is not None:
            read, mentions = said
            text = marked[start + 1 : close]
            pieces += (marked[copied:start], text)
            first = length + start - copied
            length, copied = first + len(text), read
            for entity, role, group, value in mentions:
                spans.append(Span(first, length, entity, role, group))
                if value is not None:
                    synonyms += synonyms_of(text, value)
        close = marked.find("]", read)
    plain = "".join((*pieces, marked[copied:]))
    broken = _broken(plain) if "]" in plain or "[" in plain else ""
    return trimmed(plain, spans, tuple(synonyms), broken)


def _next(marked: str, sign: str, at: int, ahead: dict[str, int]) -> int:
    """Where a sign comes next, or the text's end; asked for from ever later places.

    What was found is kept: a search for what is far off or not there at all would go
    through the whole rest for each piece of markup.
    """
    found = ahead.get(sign, -1)
    if found < at:
        found = marked.find(sign, at)
        found = ahead[sign] = len(marked) if found < 0 else found
    return found


def _said(
    marked: str, at: int, ahead: dict[str, int]
) -> tuple[int, tuple[_Mention, ...]] | None:
    """What stands behind `[text]`: where it ends, and its mentions; or nothing."""
    closing = _CLOSING.get(marked[at : at + 1])
    first = at + 1
    end = _next(marked, closing, first, ahead) if closing else first
    if end in (first, len(marked)):
        return None
    if closing == ")":
        colon = min(_next(marked, ":", first, ahead), end)
        if colon in (first, end - 1):
            return None
        value = marked[colon + 1 : end] or None
        return end + 1, ((marked[first:colon], None, None, value),)
    body = marked[first:end]
    if closing == "}":
        return end + 1, (_mention(_json("{" + body + "}", at), at),)
    if not _LIST.match(body):
        return None
    items = _json("[" + body + "]", at)
    mentions = items if isinstance(items, list) else [items]
    return end + 1, tuple(_mention(item, at) for item in mentions)


def _broken(text: str) -> str:
    """Of a text whose markup is taken out, what was meant as markup and is none."""
    if found := _UNREAD.search(text):
        return text[max(text.rfind("[", 0, found.start()), 0) :][:_SHOWN]
    if found := _UNCLOSED.search(text, text.rfind("]") + 1):
        return found[0][:_SHOWN]
    return ""


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
    read = 0
    for (start, end), same in groupby(spans, key=itemgetter(0, 1)):
        pieces += (text[read:start], _write_mentions(text[start:end], [*same]))
        read = end
    pieces.append(text[read:])
    marked = "".join(pieces)
    if parse_markup(marked)[:2] != (text, spans):
        raise ValueError(f"no entity markup says {text!r} with {spans!r}")
    return marked


def trimmed(
    text: str,
    spans: list[Span],
    synonyms: tuple[Synonym, ...] = (),
    broken: str = "",
) -> Marked:
    """Takes away outer blanks, which mean nothing, also where markup hid them."""
    bare = text.strip(BLANK)
    if len(bare) == len(text):
        return Marked(text, _in_order(spans), synonyms, broken)
    first = len(text) - len(text.lstrip(BLANK))
    inside = [
        span._replace(
            start=max(span.start - first, 0), end=min(span.end - first, len(bare))
        )
        for span in spans
    ]
    kept = [span for span in inside if span.start < span.end]
    return Marked(bare, _in_order(kept), synonyms, broken)


def synonyms_of(text: str, value: str) -> list[Synonym]:
    """The synonym that an entity's value states, if it is spelled otherwise."""
    alias, value = text.strip(), value.strip()
    return [Synonym(alias, value)] if alias and value and value != alias else []


def _in_order(spans: list[Span]) -> tuple[Span, ...]:
    if len(spans) < 2:  # noqa: PLR2004 - nothing to sort
        return tuple(spans)
    return tuple(sorted(set(spans), key=span_order))


def span_order(span: Span) -> tuple[int, int, str, str, str]:
    """The order of spans in an example: by place, then by name."""
    return (span.start, span.end, span.entity, span.role or "", span.group or "")


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
    role, group, said = (as_text(value.get(key)) for key in ("role", "group", "value"))
    return entity, role, group, said


def as_text(value: Json | None) -> str | None:
    """A role, group or value as text; `None` where nothing is said."""
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
