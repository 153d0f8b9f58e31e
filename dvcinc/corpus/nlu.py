"""Rasa's `nlu:` section to facts: examples, synonyms, regexes, lookups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from dvcinc.corpus.markup import BLANK, Marked, MarkupError, parse_markup
from dvcinc.corpus.part import LookupFile, lookup_file
from dvcinc.corpus.values import Example, LookupEntry, Place, Regex, Synonym
from dvcinc.yaml import Document, Item, describe, located

KINDS = ("intent", "synonym", "regex", "lookup")
_KNOWN = frozenset({*KINDS, "examples", "elements", "metadata"})


class _Line(NamedTuple):
    """One entry of an item: its text, line and column (1-based, as far as is known)."""

    text: str
    line: int
    column: int


@dataclass(slots=True)
class NluFacts:
    """The facts of one file, growing while it is read."""

    examples: dict[Example, Place] = field(default_factory=dict)
    synonyms: dict[Synonym, Place] = field(default_factory=dict)
    regexes: dict[Regex, Place] = field(default_factory=dict)
    lookups: dict[LookupEntry, Place] = field(default_factory=dict)
    lookup_files: list[LookupFile] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


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
        place = _place(document, items[key].node)
        facts.warnings.append(f"{place}: unknown key {key!r} in {kind}, passed over")
    name = document.text(items[kind].value, kind).strip()
    if not name:
        raise document.error(items[kind].value, f"{kind} has no name")
    content = items.get("examples") or items.get("elements")
    if content is None:
        place = _place(document, node)
        facts.warnings.append(f"{place}: {kind} {name!r} has no examples")
        return
    _READERS[kind](document, content, name, facts)


def _read_intent(
    document: Document, content: Item, intent: str, facts: NluFacts
) -> None:
    for line in _lines(document, content.value, facts):
        marked = _markup(document, line)
        if not marked.text.strip():
            facts.warnings.append(
                f"{document.path}:{line.line}: empty example in intent {intent!r}"
            )
            continue
        place = Place(document.path, line.line)
        facts.examples.setdefault(Example(intent, marked.text, marked.spans), place)
        for synonym in marked.synonyms:
            facts.synonyms.setdefault(synonym, place)


def _read_synonym(
    document: Document, content: Item, value: str, facts: NluFacts
) -> None:
    for line in _lines(document, content.value, facts):
        if line.text and line.text != value:
            place = Place(document.path, line.line)
            facts.synonyms.setdefault(Synonym(line.text, value), place)


def _read_regex(document: Document, content: Item, name: str, facts: NluFacts) -> None:
    for line in _lines(document, content.value, facts):
        if line.text:
            place = Place(document.path, line.line)
            facts.regexes.setdefault(Regex(name, line.text), place)


def _read_lookup(document: Document, content: Item, name: str, facts: NluFacts) -> None:
    node = content.value
    if isinstance(node, ScalarNode) and _names_file(node.value):
        place = _place(document, node)
        said = str(node.value).strip(BLANK)
        column = node.start_mark.column + 1
        facts.lookup_files.append(lookup_file(name, said, place, column))
        return
    for line in _lines(document, node, facts):
        if line.text:
            place = Place(document.path, line.line)
            facts.lookups.setdefault(LookupEntry(name, line.text), place)


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
            facts.warnings.append(
                f"{document.path}:{line}: passed over, since it starts with no '-': "
                f"{raw.strip()[:40]!r}"
            )


def _listed(document: Document, node: SequenceNode) -> Iterator[_Line]:
    for entry in node.value:
        scalar = entry
        if isinstance(entry, MappingNode):
            texts = [i for i in document.items(entry, "an example") if i.key == "text"]
            if not texts:
                raise document.error(entry, "an example in a list needs the key text")
            scalar = texts[0].value
        text = document.text(scalar, "an example").strip(BLANK)
        mark = scalar.start_mark
        below = 1 if scalar.style in ("|", ">") else 0
        yield _Line(text, mark.line + 1 + below, mark.column + 1)


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
