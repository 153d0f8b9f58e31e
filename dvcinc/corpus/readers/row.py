"""One example as a row of a table, or a line of JSON, has it, to facts."""

from __future__ import annotations

from typing import NamedTuple

from dvcinc.corpus.facts import NluFacts
from dvcinc.corpus.markup import Marked, MarkupError, parse_markup
from dvcinc.corpus.readers.annotation import AnnotationError, annotate
from dvcinc.corpus.values import Place
from dvcinc.yaml import Json, located


class Row(NamedTuple):
    """An example; without `entities`, its text may hold Rasa's markup."""

    text: str
    intent: str
    entities: Json = None


def add_row(facts: NluFacts, row: Row, place: Place, source: str) -> None:
    """Adds an example.

    Args:
        facts: Where to add it to.
        row: The example.
        place: Where it stands.
        source: The line as it is written, to find columns in.

    Raises:
        InputError: Its markup or its entities cannot be understood.
    """
    marked = _marked(row, place, source)
    intent = row.intent.strip()
    if intent:
        facts.add_example(intent, marked, place)
    elif marked.text.strip():
        facts.warn(place, f"no intent, passed over: {marked.text[:40]!r}")


def _marked(row: Row, place: Place, source: str) -> Marked:
    column = source.find(row.text) + 1 or 1
    try:
        if row.entities is None:
            return parse_markup(row.text)
        return annotate(row.text, row.entities)
    except AnnotationError as error:
        message, hint = str(error), ""
    except MarkupError as error:
        column += error.column
        message = error.message
        hint = 'write [text](entity) or [text]{"entity": "name", "role": "name"}'
    said = f"{message} in {row.text[:60]!r}"
    raise located(place.path, place.line, column, said, hint)
