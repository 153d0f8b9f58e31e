"""YAML nodes that know their place, and what they say as values.

Nodes instead of values: every fact keeps its line, and a block of a thousand
examples is one node. No constructors run, so no tag can run code.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from dvcinc.errors import InputError
from dvcinc.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

# What JSON can say.
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

MAX_DEPTH = 100
"""Deeper than any training data; far deeper files break parsers and Python's stack."""
MAX_ALIASED = 200_000
"""How many values more than it holds a file may unfold to, since an alias repeats."""
LINE_ENDS = "\n\r\x85\u2028\u2029"
"""Where a line ends for the parser: as YAML 1.1 said, at odd characters, too."""
_LINE = re.compile(f"[^{LINE_ENDS}]*(?:\r\n|[{LINE_ENDS}])|[^{LINE_ENDS}]+")
_TAG = "tag:yaml.org,2002:"
MERGE, _TEXT = f"{_TAG}merge", f"{_TAG}str"
# Longer digits are a serial number, which no computer calculates with.
_INT = re.compile(r"[-+]?[0-9]{1,100}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class Item(NamedTuple):
    """One entry of a mapping: the key as text, its node, and the value's node."""

    key: str
    node: Node
    value: Node


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file, composed.

    Attributes:
        path: Its path from the project.
        root: The root node, `None` if the file says nothing.
        source: The file as text, to find places in.
        left: How many values it may still unfold to, counted down.
    """

    path: str
    root: Node | None
    source: str = field(default="", repr=False)
    left: list[int] = field(default_factory=lambda: [MAX_ALIASED], repr=False)

    def error(self, node: Node, message: str, hint: str = "") -> InputError:
        """An error that names the node's place, ready to be raised."""
        mark = node.start_mark
        return located(self.path, mark.line + 1, mark.column + 1, message, hint)

    def endless(self, node: Node) -> InputError:
        """The error for aliases that lead to more than anybody can have written."""
        hint = "write out what the alias (*) stands for"
        return self.error(node, "aliases unfold without end", hint)

    def column(self, line: int, text: str, otherwise: int) -> int:
        """Where a text begins on a line (both 1-based), if it can be seen there."""
        lines = self.lines()
        at = lines[line - 1].find(text) if line <= len(lines) else -1
        return otherwise if at < 0 else at + 1

    def lines(self) -> list[str]:
        """The lines of the source with their ends, as the parser counts them."""
        return [match[0] for match in _LINE.finditer(self.source)]

    def spend(self, node: Node, values: int = 1) -> None:
        """Counts values that a node unfolds to.

        Raises:
            InputError: Aliases multiply to more values than a file can mean.
        """
        self.left[0] -= values
        if self.left[0] < 0:
            raise self.endless(node)

    def items(self, node: Node, what: str) -> Iterator[Item]:
        """The entries of a mapping, each key once; merge keys (`<<`) are followed.

        Raises:
            InputError: The node is no mapping, or says a key twice.
        """
        return iter(self._items(node, what, ()).values())

    def _items(self, node: Node, what: str, above: tuple[Node, ...]) -> dict[str, Item]:
        if not isinstance(node, MappingNode):
            raise self.error(node, f"{what} must be a mapping, not {describe(node)}")
        if above:
            self.spend(node, len(node.value) + 1)
        own: dict[str, Item] = {}
        sources: list[Node] = []
        for key, value in node.value:
            if key.tag == MERGE:
                sources += value.value if isinstance(value, SequenceNode) else [value]
                continue
            name = self.text(key, f"a key of {what}")
            if name in own:
                first = own[name].node.start_mark.line + 1
                hint = f"keep one of them; the first stands at line {first}"
                raise self.error(key, f"{what} says {name!r} twice", hint)
            own[name] = Item(name, key, value)
        return self._with_merged(own, sources, what, (*above, node))

    def _with_merged(
        self,
        own: dict[str, Item],
        sources: list[Node],
        what: str,
        above: tuple[Node, ...],
    ) -> dict[str, Item]:
        """Own keys win over merged ones, the first source over later ones."""
        merged: dict[str, Item] = {}
        for source in sources:
            if any(source is outer for outer in above) or len(above) > MAX_DEPTH:
                raise self.endless(source)
            merged = {**self._items(source, what, above), **merged}
        return {**merged, **own}

    def sequence(self, node: Node, what: str) -> list[Node]:
        """The entries of a list.

        Raises:
            InputError: The node is no list.
        """
        if not isinstance(node, SequenceNode):
            raise self.error(node, f"{what} must be a list, not {describe(node)}")
        return list(node.value)

    def text(self, node: Node, what: str) -> str:
        """A scalar as it is written, whatever its type would be.

        Raises:
            InputError: The node is no scalar.
        """
        if not isinstance(node, ScalarNode):
            raise self.error(node, f"{what} must be text, not {describe(node)}")
        return str(node.value)

    def value(self, node: Node) -> Json:
        """The node as JSON would say it, by YAML 1.2's core schema.

        Raises:
            InputError: The node unfolds to more values than a file can mean.
        """
        return _unfold(self, node, ())

    def canonical(self, node: Node) -> str:
        """The node as canonical JSON: equal for equal values, whatever the style."""
        return canonical_json(self.value(node))


def canonical_json(value: Json) -> str:
    """JSON with sorted keys and no white space."""
    return json.dumps(
        value,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    )


def _unfold(document: Document, node: Node, above: tuple[Node, ...]) -> Json:
    document.spend(node)
    if isinstance(node, ScalarNode):
        return _scalar(node)
    if len(above) >= MAX_DEPTH or any(node is outer for outer in above):
        raise document.endless(node)
    inner = (*above, node)
    if isinstance(node, SequenceNode):
        return [_unfold(document, child, inner) for child in node.value]
    items = document.items(node, "a mapping")
    return {item.key: _unfold(document, item.value, inner) for item in items}


def _scalar(node: ScalarNode) -> Json:
    text = str(node.value)
    if node.style or node.tag == _TEXT:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    number = float(text) if _FLOAT.match(text) else math.inf
    return number if math.isfinite(number) else text


def describe(node: Node) -> str:
    """What a node is, in the words of YAML's users."""
    if isinstance(node, MappingNode):
        return "a mapping"
    if isinstance(node, SequenceNode):
        return "a list"
    return f"{str(node.value)[:40]!r}" if node.value else "nothing"


def is_empty(node: Node) -> bool:
    """Whether the node is written as nothing or null."""
    return isinstance(node, ScalarNode) and _scalar(node) is None


def located(
    path: str, line: int, column: int, message: str, hint: str = ""
) -> InputError:
    """An error at a place, in the form that editors jump to."""
    return InputError(f"{path}:{line}:{column}: {message}", hint)
