"""Bytes to a YAML document: YAML 1.2 by ruamel.yaml's C parser, event by event."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from dvcinc.errors import InputError
from dvcinc.yaml.document import MAX_ALIASED, MAX_DEPTH, MERGE, Document, located
from dvcinc.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_CONFLICT = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
# YAML takes these for the end of a line; no editor shows them as one.
_ODD_BREAK = re.compile("[\x85\u2028\u2029]")
_LFS_POINTER = "version https://git-lfs.github.com/spec/"


def compose(data: bytes, path: str) -> Document:
    """Reads a YAML file.

    Args:
        data: The file's bytes: UTF-8, with or without a byte-order mark.
        path: Its path from the project directory, for errors and places.

    Raises:
        InputError: The bytes are no UTF-8 or no YAML, with `path:line:column`.
    """
    text = decode(data, path)
    if text.startswith(_LFS_POINTER):
        hint = "run git lfs pull; a commit holds no more than the pointer, so keep "
        hint += "training data in Git itself or in DVC"
        raise located(path, 1, 1, "a Git LFS pointer stands for the file", hint)
    try:
        composed = _Composing(path)
        composed.take(YAML(typ="safe", pure=False).parse(text))
        # A legal file is read a few times over at the most.
        return Document(path, composed.root, text, [4 * composed.nodes + MAX_ALIASED])
    except MarkedYAMLError as error:
        raise _marked(error, text, path) from error
    except YAMLError as error:
        raise _unmarked(error, text, path) from error


class _Composing:
    """Builds the nodes from events, without the recursion of ruamel's composer."""

    def __init__(self, path: str) -> None:
        self.root: Node | None = None
        self.nodes = 0
        self._path = path
        self._anchors: dict[str, Node] = {}
        # The open collections, each with the key that waits for its value.
        self._open: list[Node] = []
        self._keys: list[Node | None] = []

    def take(self, events: Iterable[Event]) -> None:
        """Takes the events of the parser."""
        for event in events:
            if isinstance(event, ScalarEvent):
                self._add(_scalar_node(event), event)
            elif isinstance(event, MappingStartEvent):
                self._begin(MappingNode(event.tag or "", [], event.start_mark), event)
            elif isinstance(event, SequenceStartEvent):
                self._begin(SequenceNode(event.tag or "", [], event.start_mark), event)
            elif isinstance(event, CollectionEndEvent):
                self._open.pop()
                self._keys.pop()
            elif isinstance(event, AliasEvent):
                self._place(self._aliased(event))
            elif isinstance(event, DocumentStartEvent) and self.root is not None:
                said = "a second YAML document begins in the file"
                raise self._error(event, said, "keep one document in a file")

    def _begin(self, node: Node, event: NodeEvent) -> None:
        self._add(node, event)
        self._open.append(node)
        self._keys.append(None)
        if len(self._open) > MAX_DEPTH:
            said = "YAML is nested too deeply"
            raise self._error(event, said, f"nest at most {MAX_DEPTH} levels")

    def _add(self, node: Node, event: NodeEvent) -> None:
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        self._place(node)

    def _place(self, node: Node) -> None:
        self.nodes += 1
        if not self._open:
            self.root = node
            return
        outer = self._open[-1]
        key = self._keys[-1]
        if type(outer) is SequenceNode:
            outer.value.append(node)
        elif key is None:
            self._keys[-1] = node
        else:
            outer.value.append((key, node))
            self._keys[-1] = None

    def _aliased(self, event: AliasEvent) -> Node:
        if event.anchor not in self._anchors:
            said = f"the alias *{event.anchor} has no anchor before"
            raise self._error(event, said, f"put &{event.anchor} before what it means")
        return self._anchors[event.anchor]

    def _error(self, event: Event, message: str, hint: str) -> InputError:
        mark = event.start_mark
        return located(self._path, mark.line + 1, mark.column + 1, message, hint)


def _scalar_node(event: ScalarEvent) -> ScalarNode:
    style = event.style or None
    tag = event.tag or (MERGE if event.value == "<<" and not style else "")
    return ScalarNode(tag, event.value, event.start_mark, style)


def decode(data: bytes, path: str) -> str:
    """A text file as text, with or without a byte-order mark.

    Raises:
        InputError: It is no UTF-8, with `path:line:column`.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _position(data[: error.start].decode("utf-8", "replace"))
        message = f"not UTF-8: byte 0x{data[error.start]:02x}"
        raise located(path, line, column, message, "save the file as UTF-8") from error


def _position(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _marked(error: MarkedYAMLError, text: str, path: str) -> InputError:
    mark = error.problem_mark or error.context_mark
    at = mark.index if mark else 0
    context = f" {error.context}" if error.context else ""
    message = f"not YAML:{context} {error.problem}"
    return located(path, *_position(text[:at]), message, _way_out(text, at))


def _way_out(text: str, at: int) -> str:
    """What to do about text that is no YAML, by the usual suspects."""
    if conflict := _CONFLICT.search(text):
        line, _ = _position(text[: conflict.start()])
        return f"resolve the merge conflict whose markers stand at line {line}"
    if odd := _ODD_BREAK.search(text, 0, at):
        line, column = _position(text[: odd.start()])
        name = f"U+{ord(odd[0]):04X}"
        return f"take out {name} at {line}:{column}, which ends a line in YAML"
    if text[at : at + 1] == "\t":
        return "indent with blanks, not with tabs"
    if text[at : at + 1] in {"@", "`", "%"}:
        return "put the text in quotes"
    return "a quote, a bracket or a blank may be missing there, or on the line before"


def _unmarked(error: YAMLError, text: str, path: str) -> InputError:
    at = getattr(error, "position", 0)
    line, column = _position(text[: at if isinstance(at, int) else 0])
    reason = getattr(error, "reason", None) or str(error).partition("\n")[0]
    hint = "take out the characters there that no text may have"
    return located(path, line, column, f"not YAML: {reason}", hint)
