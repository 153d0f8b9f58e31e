"""Rasa's `config.yml` to facts: language, pipeline, dialogue policies."""

from __future__ import annotations

from dvcinc.corpus.values import Component, Config, Place
from dvcinc.yaml import (
    Document,
    Item,
    Json,
    MappingNode,
    Node,
    canonical_json,
    is_empty,
)


def read_config(document: Document) -> Config:
    """Reads a config file; keys that train nothing here are left.

    Raises:
        InputError: The pipeline or the policies have the wrong form.
    """
    place = Place(document.path, 1)
    root = document.root
    if root is None or is_empty(root):
        return Config(place=place)
    items = {item.key: item for item in document.items(root, "config")}
    said = items.get("language")
    if said is not None and is_empty(said.value):
        said = None
    return Config(
        language=document.text(said.value, "language") if said else None,
        language_place=_place(document, said.node) if said else None,
        pipeline=_components(document, items.get("pipeline")),
        policies=_components(document, items.get("policies")),
        place=place,
    )


def _components(
    document: Document, item: Item | None
) -> tuple[tuple[Component, Place], ...]:
    if item is None or is_empty(item.value):
        return ()
    children = document.sequence(item.value, item.key)
    return tuple(
        (_component(document, node, item.key), _place(document, node))
        for node in children
    )


def _component(document: Document, node: Node, what: str) -> Component:
    if not isinstance(node, MappingNode):
        return Component(document.text(node, f"an entry of {what}").strip(), "{}")
    name = ""
    options: dict[str, Json] = {}
    for item in document.items(node, f"an entry of {what}"):
        if item.key == "name":
            name = document.text(item.value, "name").strip()
        else:
            options[item.key] = document.value(item.value)
    if not name:
        raise document.error(node, f"an entry of {what} has no name")
    return Component(name, canonical_json(options))


def _place(document: Document, node: Node) -> Place:
    return Place(document.path, node.start_mark.line + 1)
