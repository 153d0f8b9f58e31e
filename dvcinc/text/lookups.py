"""Lookup tables as one tree of pieces, so that their length costs nothing.

In: numbered tables of literal elements and a text; out: where elements stand in it.
With word boundaries a piece is a whole word or a single other character, without them
any character; so a walk through the tree ends where a match may end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dvcinc.text.settings import RegexSettings

_WORDS = re.compile(r"\w+|\W")


class Hit(NamedTuple):
    """An element of a table, found in a text at `start` to `end`."""

    table: int
    start: int
    end: int


class LookupTree:
    """The elements of all tables, piece by piece.

    Args:
        tables: Each table's number and elements; empty elements match nothing.
    """

    def __init__(
        self, tables: Iterable[tuple[int, Iterable[str]]], settings: RegexSettings
    ) -> None:
        self._settings = settings
        self._root = _Node()
        for number, elements in tables:
            for element in filter(None, elements):
                self._add(number, self._pieces(self._fold(element)))

    def hits(self, text: str) -> Iterator[Hit]:
        """From each place of the text the longest element of each table."""
        if not self._root.children:
            return
        pieces = self._pieces(self._fold(text))
        start = 0
        for at, piece in enumerate(pieces):
            node = self._root.children.get(piece)
            if node is not None:
                for number, end in _longest(node, pieces, at, start).items():
                    yield Hit(number, start, end)
            start += len(piece)

    def _add(self, number: int, pieces: Iterable[str]) -> None:
        node = self._root
        for piece in pieces:
            below = node.children.get(piece)
            if below is None:
                if not node.children:
                    node.children = {}
                below = node.children[piece] = _Node()
            node = below
        if number not in node.tables:
            node.tables = (*node.tables, number)

    def _pieces(self, text: str) -> list[str]:
        if self._settings.use_word_boundaries:
            return _WORDS.findall(text)
        return list(text)

    def _fold(self, text: str) -> str:
        if self._settings.case_sensitive:
            return text
        if text.isascii():
            return text.lower()
        # A few letters grow when lowered; kept as they are, the places stay right.
        return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


# Most nodes have nothing below them.
_NOTHING: dict[str, _Node] = {}


class _Node:
    """What may follow, and the tables that have an element which ends here."""

    __slots__ = ("children", "tables")

    def __init__(self) -> None:
        self.children = _NOTHING
        self.tables: tuple[int, ...] = ()


def _longest(node: _Node, pieces: list[str], at: int, start: int) -> dict[int, int]:
    """Where the longest element of each table ends, from a first piece on."""
    found: dict[int, int] = {}
    end = start + len(pieces[at])
    for piece in pieces[at + 1 :]:
        for number in node.tables:
            found[number] = end
        below = node.children.get(piece)
        if below is None:
            return found
        node = below
        end += len(piece)
    for number in node.tables:
        found[number] = end
    return found
