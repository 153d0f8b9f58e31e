"""YAML 1.2 text to nodes that know their place, and on to plain values."""

from __future__ import annotations

from dvcinc.yaml.compose import compose, decode
from dvcinc.yaml.document import (
    LINE_ENDS,
    Document,
    Item,
    Json,
    canonical_json,
    describe,
    is_empty,
    located,
)
from dvcinc.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = [
    "LINE_ENDS",
    "Document",
    "Item",
    "Json",
    "MappingNode",
    "Node",
    "ScalarNode",
    "SequenceNode",
    "canonical_json",
    "compose",
    "decode",
    "describe",
    "is_empty",
    "located",
]
