"""YAML 1.2 text to nodes that know their place, by ruamel.yaml's C parser.

Nodes instead of values: every fact keeps its line, and a block of a thousand
examples is one node. Composing runs no constructors, so no tag can run code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from dvcinc.errors import InputError

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"  # what JSON can say

# An alias can repeat a node; a document that unfolds to more values is an attack.
_MAX_VALUES = 1_000_000
_TAG = "tag:yaml.org,2002:"
_INT = re.compile(r"[-+]?[0-9]+\Z")
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
    """A YAML file: its path from the project, and its root node, if it says anything."""

    path: str
    root: Node | None

    def error(self, node: Node, message: str, hint: str = "") -> InputError:
        """An error that names the node's place, ready to be raised."""
        mark = node.start_mark
        return located(self.path, mark.line + 1, mark.column + 1, message, hint)

    def items(self, node: Node, what: str) -> Iterator[Item]:
        """The entries of a mapping, each key once, merge keys (`<<`) followed.

        Raises:
            InputError: The node is no mapping, or says a key twice.
        """
        if not isinstance(node, MappingNode):
            raise self.error(node, f"{what} must be a mapping, not {describe(node)}")
        seen: set[str] = set()
        for key, value in node.value:
            if key.tag == _TAG + "merge":
                yield from self.items(value, what)
                continue
            name = self.text(key, f"a key of {what}")
            if name in seen:
                raise self.error(key, f"{what} says {name!r} twice", "keep one of them")
            seen.add(name)
            yield Item(name, key, value)

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
        return _Unfolding(self).value(node, ())

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


class _Unfolding:
    """Turns nodes into values and counts them, since aliases can multiply."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._count = 0

    def value(self, node: Node, above: tuple[Node, ...]) -> Json:
        self._count += 1
        if self._count > _MAX_VALUES or any(node is outer for outer in above):
            raise self._document.error(node, "aliases unfold without end")
        if isinstance(node, ScalarNode):
            return _scalar(node)
        inner = (*above, node)
        if isinstance(node, SequenceNode):
            return [self.value(child, inner) for child in node.value]
        items = self._document.items(node, "a mapping")
        return {item.key: self.value(item.value, inner) for item in items}


def _scalar(node: ScalarNode) -> Json:
    text = str(node.value)
    if node.style or node.tag == _TAG + "str":
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text


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


def compose(data: bytes, path: str) -> Document:
    """Reads a YAML file.

    Args:
        data: The file's bytes: UTF-8, with or without a byte-order mark.
        path: Its path from the project directory, for errors and places.

    Raises:
        InputError: The bytes are no UTF-8 or no YAML, with `path:line:column`.
    """
    text = _decode(data, path)
    try:
        return Document(path, YAML(typ="safe", pure=False).compose(text))
    except MarkedYAMLError as error:
        raise _marked(error, path) from error
    except YAMLError as error:
        raise _unmarked(error, text, path) from error
    except RecursionError as error:
        raise located(path, 1, 1, "YAML is nested too deeply") from error


def _decode(data: bytes, path: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _position(data[: error.start].decode("utf-8", "replace"))
        message = f"not UTF-8: byte 0x{data[error.start]:02x}"
        raise located(path, line, column, message, "save the file as UTF-8") from error


def _position(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _marked(error: MarkedYAMLError, path: str) -> InputError:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    context = f" {error.context}" if error.context else ""
    hint = (
        "indent with blanks" if "cannot start any token" in str(error.problem) else ""
    )
    return located(path, line, column, f"not YAML:{context} {error.problem}", hint)


def _unmarked(error: YAMLError, text: str, path: str) -> InputError:
    at = getattr(error, "position", 0)
    line, column = _position(text[: at if isinstance(at, int) else 0])
    reason = getattr(error, "reason", None) or str(error).partition("\n")[0]
    return located(path, line, column, f"not YAML: {reason}")
