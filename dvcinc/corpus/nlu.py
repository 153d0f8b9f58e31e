"""Rasa's `nlu:` section to facts: examples, synonyms, regexes, lookups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

from dvcinc.corpus.blocks import add_clean_block
from dvcinc.corpus.facts import NluFacts
from dvcinc.corpus.markup import BLANK, Marked, MarkupError, parse_markup
from dvcinc.corpus.part import UNKNOWN_KEY, lookup_file
from dvcinc.corpus.values import Place
from dvcinc.yaml import (
    Document,
    Item,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    describe,
    located,
)

KINDS = ("intent", "synonym", "regex", "lookup")
_KNOWN = frozenset({*KINDS, "examples", "elements", "metadata"})


class _Line(NamedTuple):
    """One entry of an item: its text, line and column (1-based, as far as is known)."""

    text: str
    line: int
    column: int


def read_nlu(document: Document, node: Node) -> NluFacts:
    """Reads the value of the key `nlu`.

    Args:
        document: The file.
        node: The list of items.

    Raises:
        InputError: An item or its markup cannot be understood.
    """
    facts = NluFacts()
    for item in document.sequence(node, "nlu"):
        _read_item(document, item, facts)
    return facts


def _read_item(document: Document, node: Node, facts: NluFacts) -> None:
    items = {item.key: item for item in document.items(node, "an item of nlu")}
    kinds = [kind for kind in KINDS if kind in items]
    if len(kinds) != 1:
        raise document.error(
            node,
            "an item of nlu needs one of intent, synonym, regex, lookup",
            f"found {', '.join(sorted(items)) or 'nothing'}",
        )
    (kind,) = kinds
    for key in sorted(items.keys() - _KNOWN):
        said = f"{UNKNOWN_KEY}{key!r} in {kind}, passed over"
        facts.warn(_place(document, items[key].node), said)
    name = document.text(items[kind].value, kind).strip()
    if not name:
        raise document.error(items[kind].value, f"{kind} has no name")
    content = items.get("examples") or items.get("elements")
    if content is None:
        facts.warn(_place(document, node), f"{kind} {name!r} has no examples")
        return
    if kind == "intent":
        facts.headings.setdefault(name, _place(document, items[kind].node))
    _READERS[kind](document, content, name, facts)


def _read_intent(
    document: Document, content: Item, intent: str, facts: NluFacts
) -> None:
    if add_clean_block(document, content.value, intent, facts):
        return
    for line in _lines(document, content.value, facts):
        place = Place(document.path, line.line)
        facts.add_example(intent, _markup(document, line), place)


def _read_synonym(
    document: Document, content: Item, value: str, facts: NluFacts
) -> None:
    for line in _lines(document, content.value, facts):
        facts.add_synonym(line.text, value, Place(document.path, line.line))


def _read_regex(document: Document, content: Item, name: str, facts: NluFacts) -> None:
    for line in _lines(document, content.value, facts):
        facts.add_regex(name, line.text, Place(document.path, line.line))


def _read_lookup(document: Document, content: Item, name: str, facts: NluFacts) -> None:
    node = content.value
    if isinstance(node, ScalarNode) and _names_file(node.value):
        place = _place(document, node)
        said = str(node.value).strip(BLANK)
        column = node.start_mark.column + 1
        facts.lookup_files.append(lookup_file(name, said, place, column))
        return
    for line in _lines(document, node, facts):
        facts.add_lookup(name, line.text, Place(document.path, line.line))


_READERS = {
    "intent": _read_intent,
    "synonym": _read_synonym,
    "regex": _read_regex,
    "lookup": _read_lookup,
}


def _names_file(text: str) -> bool:
    line = text.strip(BLANK)
    return bool(line) and "\n" not in line and not line.startswith("-")


def _lines(document: Document, node: Node, facts: NluFacts) -> Iterator[_Line]:
    if isinstance(node, SequenceNode):
        yield from _listed(document, node)
    elif isinstance(node, ScalarNode):
        yield from _block(document, node, facts)
    else:
        raise document.error(node, f"examples must be text, not {describe(node)}")


def _block(document: Document, node: ScalarNode, facts: NluFacts) -> Iterator[_Line]:
    # Only in a literal block does every line of the value stand on its own line.
    first = node.start_mark.line + 2
    literal = node.style == "|"
    for number, raw in enumerate(str(node.value).split("\n")):
        line = first + number if literal else node.start_mark.line + 1
        if raw.startswith("-"):
            text = raw[1:].lstrip(BLANK)
            yield _Line(text.rstrip(BLANK), line, len(raw) - len(text) + 1)
        elif raw.strip():
            facts.warn(
                Place(document.path, line),
                f"passed over, since it starts with no '-': {raw.strip()[:40]!r}",
            )


def _listed(document: Document, node: SequenceNode) -> Iterator[_Line]:
    for entry in node.value:
        scalar = _scalar_of(document, entry)
        text = document.text(scalar, "an example").strip(BLANK)
        mark = scalar.start_mark
        below = 1 if scalar.style in ("|", ">") else 0
        yield _Line(text, mark.line + 1 + below, mark.column + 1)


def _scalar_of(document: Document, entry: Node) -> Node:
    if not isinstance(entry, MappingNode):
        return entry
    # The usual entry is a mapping of nothing but text, as a tagless word.
    if len(entry.value) == 1:
        ((key, value),) = entry.value
        if key.value == "text" and isinstance(key, ScalarNode):
            return cast("Node", value)
    texts = [i for i in document.items(entry, "an example") if i.key == "text"]
    if not texts:
        raise document.error(entry, "an example in a list needs the key text")
    return texts[0].value


def _markup(document: Document, line: _Line) -> Marked:
    try:
        return parse_markup(line.text)
    except MarkupError as error:
        raise located(
            document.path,
            line.line,
            document.column(line.line, line.text, line.column) + error.column,
            f"{error.message} in {line.text[:60]!r}",
            'write [text](entity) or [text]{"entity": "name", "role": "name"}',
        ) from error


def _place(document: Document, node: Node) -> Place:
    return Place(document.path, node.start_mark.line + 1)
