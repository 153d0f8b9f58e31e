"""`.pre-commit-config.yaml` with dvcinc's hook, or without it: bytes to bytes.

Lines are put in or taken out where the parser says that they stand, so that comments,
quotes and indentation stay as they are; what has come out is read again and compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dvcinc.errors import InputError
from dvcinc.release import TAG
from dvcinc.surfaces.precommit_entry import (
    HOOK,
    INSTEAD,
    LOCAL,
    entry,
    hook,
    hook_lines,
    is_for,
    is_own,
    repo,
)
from dvcinc.yaml import Document, Json, Node, SequenceNode, compose, is_empty

PATH = ".pre-commit-config.yaml"
_DASH = re.compile(r"^( *)-")


def with_hook(before: bytes, project: str, tag: str | None = TAG) -> bytes:
    """The file with the hook for a project, the same bytes where it is there.

    Args:
        before: The file.
        project: The project from the top of the repository; empty for the top.
        tag: The release to fetch; without one, the hook runs what is installed.

    Raises:
        InputError: The file cannot be read, or has a form that only people can edit.
    """
    config = _Config(before)
    if any(is_for(hook, project, INSTEAD) for hook in config.hooks()):
        return before
    after = config.added(project, tag)
    return _proven(after, config.expected(project, tag))


def without_hook(before: bytes, project: str) -> bytes:
    """The file without the hook for a project, and nothing else changed.

    Raises:
        InputError: The file cannot be read, or has a form that only people can edit.
    """
    config = _Config(before)
    mine = [hook for hook in config.hooks() if is_for(hook, project, {HOOK})]
    if not mine:
        return before
    rest = [hook for hook in config.hooks() if hook not in mine]
    if rest:
        return _proven(config.cut_hooks(project), config.expected_without(rest))
    return _proven(config.cut_repo(), config.expected_without([]))


def _proven(after: bytes, expected: Json) -> bytes:
    document = compose(after, PATH)
    found = None if document.root is None else document.value(document.root)
    if found != expected:
        raise InputError(f"{PATH}: its form is one that only people can edit")
    return after


@dataclass(slots=True, init=False)
class _Config:
    """The file, parsed."""

    lines: list[str]
    end: str
    document: Document
    value: dict[str, Json]

    def __init__(self, data: bytes) -> None:
        self.document = compose(data, PATH)
        root = self.document.root
        said = root is not None and not is_empty(root)
        value = self.document.value(root) if root and said else {"repos": []}
        if not isinstance(value, dict) or not isinstance(value.get("repos"), list):
            raise InputError(f"{PATH}: there is no list of repos")
        self.value = value
        text = data.decode("utf-8")
        self.end = "\r\n" if "\r\n" in text else "\n"
        self.lines = text.splitlines(keepends=True)
        if self.lines and not self.lines[-1].endswith("\n"):
            self.lines[-1] += self.end

    def repos(self) -> list[Json]:
        found = self.value["repos"]
        return found if isinstance(found, list) else []

    def hooks(self) -> list[Json]:
        """The hooks of dvcinc's own entry."""
        at = self._own()
        entry = None if at is None else self.repos()[at]
        found = entry.get("hooks") if isinstance(entry, dict) else None
        return found if isinstance(found, list) else []

    def _own(self) -> int | None:
        found = [at for at, entry in enumerate(self.repos()) if is_own(entry)]
        return found[0] if found else None

    def _is_local(self, at: int) -> bool:
        return _mapping(self.repos()[at]).get("repo") == LOCAL

    def expected(self, project: str, tag: str | None) -> Json:
        """What the file says with the hook."""
        at, repos = self._own(), list(self.repos())
        if at is None:
            repos.append(repo(project, tag))
        else:
            added = hook(project, local=self._is_local(at))
            repos[at] = {**_mapping(repos[at]), "hooks": [*self.hooks(), added]}
        return {**self.value, "repos": repos}

    def expected_without(self, hooks: list[Json]) -> Json:
        """What the file says with other hooks of dvcinc, or without its entry."""
        at, repos = self._own(), list(self.repos())
        if at is not None and hooks:
            repos[at] = {**_mapping(repos[at]), "hooks": hooks}
        elif at is not None:
            del repos[at]
        return {**self.value, "repos": repos}

    def added(self, project: str, tag: str | None) -> bytes:
        """The file with the hook behind what is there."""
        at = self._own()
        if self.document.root is None or is_empty(self.document.root):
            return self._put(len(self.lines), ["repos:", *entry(project, tag)])
        if not self.repos():
            line = self._key_line("repos")
            self.lines[line] = f"repos:{self.end}"
            return self._put(line + 1, entry(project, tag))
        if at is None:
            indent = self._indent(self._items(self._node("repos"))[-1])
            return self._put(self._end_of("repos"), entry(project, tag, indent))
        hooks = self._items(self._hooks_node(at))
        if not hooks:
            raise InputError(f"{PATH}: its form is one that only people can edit")
        indent = self._indent(hooks[-1])
        local = self._is_local(at)
        lines = [indent + line for line in hook_lines(project, local=local)]
        return self._put(self._end_of_item(at), lines)

    def cut_repo(self) -> bytes:
        """The file without dvcinc's entry."""
        at = self._own() or 0
        start = self._items(self._node("repos"))[at]
        left = [*self.lines[:start], *self.lines[self._end_of_item(at) :]]
        if len(self.repos()) == 1:
            line = self._key_line("repos")
            left[line] = left[line].rstrip() + f" []{self.end}"
        return "".join(left).encode()

    def cut_hooks(self, project: str) -> bytes:
        """The file without the hooks that check for a project."""
        at = self._own() or 0
        starts = self._items(self._hooks_node(at))
        ends = [*starts[1:], self._end_of_item(at)]
        kept = list(self.lines)
        for one, start, end in zip(self.hooks(), starts, ends, strict=True):
            if is_for(one, project, {HOOK}):
                kept[start:end] = [""] * (end - start)
        return "".join(kept).encode()

    def _put(self, at: int, lines: list[str]) -> bytes:
        new = [line + self.end for line in lines]
        return "".join([*self.lines[:at], *new, *self.lines[at:]]).encode()

    def _node(self, key: str) -> Node:
        root = self.document.root
        items = self.document.items(root, PATH) if root else ()
        return next(item.value for item in items if item.key == key)

    def _hooks_node(self, at: int) -> Node:
        entry = self._node("repos").value[at]
        items = self.document.items(entry, "an entry of repos")
        return next(item.value for item in items if item.key == "hooks")

    def _key_line(self, key: str) -> int:
        root = self.document.root
        items = self.document.items(root, PATH) if root else ()
        return next(i.node.start_mark.line for i in items if i.key == key)

    def _items(self, node: Node) -> list[int]:
        """The lines on which the entries of a list begin."""
        if not isinstance(node, SequenceNode) or is_empty(node):
            return []
        return [item.start_mark.line for item in node.value]

    def _indent(self, line: int) -> str:
        found = _DASH.match(self.lines[line])
        return found[1] if found else ""

    def _end_of_item(self, at: int) -> int:
        starts = self._items(self._node("repos"))
        if at + 1 < len(starts):
            return self._back(starts[at + 1])
        return self._end_of("repos")

    def _end_of(self, key: str) -> int:
        """The line behind the value of a key on top."""
        root = self.document.root
        items = self.document.items(root, PATH) if root else ()
        here = self._key_line(key)
        later = [i.node.start_mark.line for i in items if i.node.start_mark.line > here]
        return self._back(min(later)) if later else self._last()

    def _back(self, line: int) -> int:
        """Back over comments and blank lines, which belong to what follows."""
        while not self.lines[line - 1].strip() or self._is_comment(line - 1):
            line -= 1
        return line

    def _is_comment(self, line: int) -> bool:
        return self.lines[line].lstrip().startswith("#")

    def _last(self) -> int:
        line = len(self.lines)
        while line and not self.lines[line - 1].strip():
            line -= 1
        return line


def _mapping(entry: Json) -> dict[str, Json]:
    return entry if isinstance(entry, dict) else {}
