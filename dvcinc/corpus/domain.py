"""Rasa's `domain.yml` (whole or one of many parts) to facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from dvcinc.corpus.values import EntityLabel, Named, Place, Response
from dvcinc.yaml import (
    Document,
    Item,
    MappingNode,
    Node,
    SequenceNode,
    canonical_json,
    is_empty,
)

KEYS = frozenset(
    {
        "actions",
        "config",
        "e2e_actions",
        "entities",
        "forms",
        "intents",
        "responses",
        "session_config",
        "slots",
    }
)
"""The keys that make a file a domain file, as in Rasa."""

_RESPONSE_PREFIX = "utter_"


@dataclass(slots=True)
class DomainFacts:
    """The facts of one domain file, growing while it is read."""

    intents: dict[str, Place] = field(default_factory=dict)
    entities: dict[EntityLabel, Place] = field(default_factory=dict)
    slots: dict[Named, Place] = field(default_factory=dict)
    actions: dict[str, Place] = field(default_factory=dict)
    forms: dict[Named, Place] = field(default_factory=dict)
    responses: dict[Named, Place] = field(default_factory=dict)
    settings: dict[Named, Place] = field(default_factory=dict)
    retrieval: dict[Response, Place] = field(default_factory=dict)


def read_domain(document: Document, items: list[Item]) -> DomainFacts:
    """Reads the top-level entries of a domain file; others than `KEYS` are left.

    Raises:
        InputError: A section has the wrong form.
    """
    facts = DomainFacts()
    for item in items:
        if item.key in KEYS and not is_empty(item.value):
            _SECTIONS[item.key](document, item, facts)
    return facts


def _entries(document: Document, item: Item) -> Iterator[tuple[str, Node, Node | None]]:
    """Names with an optional body: `- greet`, `- greet: {…}`, or a mapping of them."""
    for name, node, body in _all_entries(document, item):
        if not name.strip():
            raise document.error(node, f"an entry of {item.key} has no name")
        yield name.strip(), node, body


def _all_entries(
    document: Document, item: Item
) -> Iterator[tuple[str, Node, Node | None]]:
    node = item.value
    if isinstance(node, MappingNode):
        for entry in document.items(node, item.key):
            yield entry.key, entry.node, entry.value
        return
    for child in document.sequence(node, item.key):
        if isinstance(child, MappingNode):
            for entry in document.items(child, f"an entry of {item.key}"):
                yield entry.key, entry.node, entry.value
        else:
            yield document.text(child, f"an entry of {item.key}"), child, None


def _place(document: Document, node: Node) -> Place:
    return Place(document.path, node.start_mark.line + 1)


def _body(document: Document, node: Node | None) -> str:
    if node is None or is_empty(node):
        return "{}"
    return document.canonical(node)


def _intents(document: Document, item: Item, facts: DomainFacts) -> None:
    for name, node, body in _entries(document, item):
        place = _place(document, node)
        facts.intents.setdefault(name, place)
        if (said := _body(document, body)) != "{}":
            facts.settings.setdefault(Named(f"intent {name}", said), place)


def _entities(document: Document, item: Item, facts: DomainFacts) -> None:
    for name, node, body in _entries(document, item):
        facts.entities.setdefault(EntityLabel(name), _place(document, node))
        if body is not None and not is_empty(body):
            _entity_body(document, name, body, facts)


def _entity_body(document: Document, name: str, body: Node, facts: DomainFacts) -> None:
    for entry in document.items(body, f"entity {name!r}"):
        place = _place(document, entry.node)
        if entry.key in ("roles", "groups"):
            if is_empty(entry.value):
                continue
            for child in document.sequence(entry.value, entry.key):
                said = document.text(child, entry.key)
                label = (
                    EntityLabel(name, role=said)
                    if entry.key == "roles"
                    else EntityLabel(name, group=said)
                )
                facts.entities.setdefault(label, _place(document, child))
            continue
        detail = canonical_json({entry.key: document.value(entry.value)})
        facts.settings.setdefault(Named(f"entity {name}", detail), place)


def _actions(document: Document, item: Item, facts: DomainFacts) -> None:
    for name, node, _ in _entries(document, item):
        facts.actions.setdefault(name, _place(document, node))


def _named(attribute: str) -> Callable[[Document, Item, DomainFacts], None]:
    def read(document: Document, item: Item, facts: DomainFacts) -> None:
        into: dict[Named, Place] = getattr(facts, attribute)
        for name, node, body in _entries(document, item):
            into.setdefault(Named(name, _body(document, body)), _place(document, node))

    return read


def _responses(document: Document, item: Item, facts: DomainFacts) -> None:
    for entry in document.items(item.value, "responses"):
        name = entry.key.strip()
        if "/" not in name:
            fact = Named(name, _body(document, entry.value))
            facts.responses.setdefault(fact, _place(document, entry.node))
            continue
        key = name.removeprefix(_RESPONSE_PREFIX)
        for node, body in _variations(document, entry):
            facts.retrieval.setdefault(Response(key, body), _place(document, node))


def _variations(document: Document, entry: Item) -> Iterator[tuple[Node, str]]:
    if not isinstance(entry.value, SequenceNode):
        yield entry.node, _body(document, entry.value)
        return
    for child in entry.value.value:
        yield child, document.canonical(child)


def _setting(document: Document, item: Item, facts: DomainFacts) -> None:
    fact = Named(item.key, document.canonical(item.value))
    facts.settings.setdefault(fact, _place(document, item.node))


_SECTIONS: dict[str, Callable[[Document, Item, DomainFacts], None]] = {
    "actions": _actions,
    "config": _setting,
    "e2e_actions": _actions,
    "entities": _entities,
    "forms": _named("forms"),
    "intents": _intents,
    "responses": _responses,
    "session_config": _setting,
    "slots": _named("slots"),
}
