"""JSON lines: `{"text": …, "intent": …, "entities": […]}`, an example a line."""

from __future__ import annotations

import json
import re

from dvcinc.corpus.facts import NluFacts
from dvcinc.corpus.part import Part, Wanted
from dvcinc.corpus.readers.row import Row, add_row
from dvcinc.corpus.readers.source import first_line, plain_text
from dvcinc.corpus.strict_json import JsonText
from dvcinc.corpus.values import Corpus, Place
from dvcinc.yaml import Json, located

# Of a broken line; other JSON may hold examples too, but further inside.
_BEGINS = re.compile(rb"\{\s*\"(text|intent|entities)\"\s*:")
_KEYS = ("text", "intent", "entities")


def sniff(data: bytes, path: str) -> bool:  # noqa: ARG001 - by content alone
    """Whether the first line is an example, or would be if it were not broken."""
    line = first_line(data)
    if not line.startswith(b"{"):
        return False
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return _BEGINS.match(line) is not None and all(
            key in line for key in (b'"text"', b'"intent"')
        )
    return isinstance(said, dict) and _is_example(said)


def _is_example(said: dict[str, Json]) -> bool:
    # What an assistant logs has a text and an intent too, but that with a confidence.
    return isinstance(said.get("text"), str) and isinstance(said.get("intent"), str)


def read(data: bytes, path: str, wanted: Wanted) -> Part:
    """Reads a file of JSON lines.

    Raises:
        InputError: A line cannot be understood, with `path:line:column`.
    """
    if not wanted.nlu:
        return Part(corpus=Corpus())
    facts = NluFacts()
    unknown: dict[str, Place] = {}
    # Not by `splitlines`: a text may hold what Unicode takes for a line's end.
    for number, line in enumerate(plain_text(data, path).split("\n"), 1):
        if not line.strip():
            continue
        said = JsonText(line, path, number).whole()
        if not isinstance(said, dict):
            raise located(path, number, 1, "a line must be an object with text, intent")
        for key in said.keys() - _KEYS:
            unknown.setdefault(key, Place(path, number))
        add_row(facts, _row(said, path, number), Place(path, number), line)
    for key in sorted(unknown):
        facts.warn(unknown[key], f"unknown key {key!r}, passed over")
    return facts.part()


def _row(said: dict[str, Json], path: str, number: int) -> Row:
    text, intent = said.get("text"), said.get("intent")
    if not isinstance(text, str):
        raise located(path, number, 1, 'an example needs "text", as text')
    if intent is not None and not isinstance(intent, str):
        raise located(path, number, 1, '"intent" must be text')
    return Row(text, intent or "", said.get("entities"))
