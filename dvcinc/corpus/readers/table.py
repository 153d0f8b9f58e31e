"""Tables: CSV and TSV with the columns `text`, `intent` and perhaps `entities`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from dvcinc.corpus.facts import NluFacts
from dvcinc.corpus.part import Part, Wanted
from dvcinc.corpus.readers.row import Row, add_row
from dvcinc.corpus.readers.source import first_line, plain_text
from dvcinc.corpus.strict_json import JsonText
from dvcinc.corpus.values import Corpus, Place
from dvcinc.yaml import Json, located

_NEEDED = frozenset({"text", "intent"})
_KNOWN = _NEEDED | {"entities"}
# What spreadsheets write; the header says which.
_DELIMITERS = (",", ";", "\t")


def sniff(data: bytes, path: str) -> bool:  # noqa: ARG001 - by content alone
    """Whether the first line names the columns."""
    return _delimiter(data) is not None


def _delimiter(data: bytes) -> str | None:
    header = first_line(data).decode("utf-8", "replace")
    for delimiter in _DELIMITERS:
        if set(_columns(header, delimiter)) >= _NEEDED:
            return delimiter
    return None


def _columns(header: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [cell.strip().lower() for cell in cells]


def read(data: bytes, path: str, wanted: Wanted) -> Part:
    """Reads a table; each row is an example, with its first line as its place.

    Raises:
        InputError: A row cannot be understood, with `path:line:column`.
    """
    if not wanted.nlu:
        return Part(corpus=Corpus())
    text = plain_text(data, path)
    facts = NluFacts()
    rows = _rows(text, path, _delimiter(data))
    header, at = next(rows)
    columns = [cell.strip().lower() for cell in header]
    for name in sorted({*columns} - _KNOWN):
        facts.warn(Place(path, at), f"unknown column {name!r}, passed over")
    if twice := [name for name in sorted(_KNOWN) if columns.count(name) > 1]:
        raise located(path, at, 1, f"two columns are named {twice[0]!r}")
    lines = text.split("\n")
    for cells, number in rows:
        said = _said(columns, cells, path, number)
        entities = _entities(said.get("entities", ""), path, number)
        row = Row(said["text"], said["intent"], entities)
        source = lines[number - 1] if number <= len(lines) else ""
        add_row(facts, row, Place(path, number), source)
    return facts.part()


def _rows(
    text: str, path: str, delimiter: str | None
) -> Iterator[tuple[list[str], int]]:
    """The rows that are not blank, each with the line on which it begins."""
    source = io.StringIO(text, newline="")
    table = csv.reader(source, delimiter=delimiter or ",", strict=True)
    number = 1
    try:
        for cells in table:
            if any(cell.strip() for cell in cells):
                yield cells, number
            number = table.line_num + 1
    except csv.Error as error:
        hint = "put a text with quotes or line ends in quotes, and double those in it"
        raise located(path, number, 1, f"not a table: {error}", hint) from error


def _said(columns: list[str], cells: list[str], path: str, at: int) -> dict[str, str]:
    if len(cells) > len(columns):
        message = f"a row of {len(cells)} cells below {len(columns)} columns"
        hint = "put a text that holds the delimiter in quotes"
        raise located(path, at, 1, message, hint)
    said = dict(zip(columns, cells, strict=False))
    if missing := sorted(_NEEDED - said.keys()):
        raise located(path, at, 1, f"the row has no {missing[0]}")
    return said


def _entities(cell: str, path: str, number: int) -> Json:
    """The entities as JSON; an empty cell says nothing of them."""
    return JsonText(cell, path, number).whole() if cell.strip() else None
