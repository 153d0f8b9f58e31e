"""YAML nodes: what stands in a file, and where; no more than is read of them."""

from __future__ import annotations

from typing import Any, Protocol


class Mark(Protocol):
    """A place in a file: line and column, both from 0 as the parser counts."""

    @property
    def line(self) -> int: ...  # noqa: D102 - said above

    @property
    def column(self) -> int: ...  # noqa: D102 - said above


class Node:
    """A scalar, a sequence or a mapping.

    Attributes:
        tag: The tag as it resolves, empty where none is written.
        value: Text, a list of nodes, or a list of pairs of nodes.
        start_mark: Where it begins.
        style: How a scalar is written: `|`, `>`, a quote, or nothing.
    """

    __slots__ = ("start_mark", "style", "tag", "value")

    # A large file has a node a line: ruamel.yaml's own take several times as long.
    def __init__(
        self,
        tag: str,
        value: Any,  # noqa: ANN401 - the kind of node says which
        start_mark: Mark,
        style: str | None = None,
    ) -> None:
        self.tag = tag
        self.value = value
        self.start_mark = start_mark
        self.style = style


class ScalarNode(Node):
    """Text, a number, a word: `value` is the text."""

    __slots__ = ()


class SequenceNode(Node):
    """A list: `value` is a list of nodes."""

    __slots__ = ()


class MappingNode(Node):
    """A mapping: `value` is a list of pairs of nodes, in order."""

    __slots__ = ()
