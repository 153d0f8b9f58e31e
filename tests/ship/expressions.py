"""GitHub's `${{ … }}`, as far as dvcinc's workflows use it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_SLOT = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|==|!=|&&|\|\||[()!]|[\w.-]+)")

Contexts = Mapping[str, Any]


def filled(text: str, contexts: Contexts) -> str:
    """A text with the value of each expression in its place."""
    return _SLOT.sub(lambda slot: said(evaluate(slot[1], contexts)), text)


def said(value: Any) -> str:
    """A value as text: nothing is empty, true is `true`."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def evaluate(expression: str, contexts: Contexts) -> Any:
    """What an expression is worth."""
    expression = expression.strip().removeprefix("${{").removesuffix("}}").strip()
    tokens = _TOKEN.findall(expression)
    assert "".join(tokens) == re.sub(r"\s+(?=(?:[^']*'[^']*')*[^']*$)", "", expression)
    parser = _Parser(tokens, contexts)
    value = parser.either()
    assert not parser.tokens, f"cannot read {expression}"
    return value


class _Parser:
    """Each operator gives one of its operands, as in GitHub's language."""

    def __init__(self, tokens: list[str], contexts: Contexts) -> None:
        self.tokens = tokens
        self.contexts = contexts

    def _next(self, *wanted: str) -> str | None:
        found = bool(self.tokens) and self.tokens[0] in wanted
        return self.tokens.pop(0) if found else None

    def either(self) -> Any:
        value = self.both()
        while self._next("||"):
            other = self.both()
            value = value or other
        return value

    def both(self) -> Any:
        value = self.compared()
        while self._next("&&"):
            other = self.compared()
            value = value and other
        return value

    def compared(self) -> Any:
        value = self.one()
        while sign := self._next("==", "!="):
            same = _alike(value) == _alike(self.one())
            value = same is (sign == "==")
        return value

    def one(self) -> Any:
        if self._next("!"):
            return not self.one()
        if self._next("("):
            value = self.either()
            assert self._next(")")
            return value
        word = self.tokens.pop(0)
        if word.startswith("'"):
            return word[1:-1].replace("''", "'")
        if word in {"true", "false"}:
            return word == "true"
        return _found(self.contexts, iter(word.split(".")))


def _alike(value: Any) -> Any:
    """Texts are compared without case."""
    return value.lower() if isinstance(value, str) else value or None


def _found(value: Any, names: Iterator[str]) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
