"""Rasa's `RegexFeaturizer`: which regexes and lookup tables a text's tokens match.

In: named patterns and a text with its tokens; out: for each token the patterns of which
a match touches it, or the matches themselves. Neither a long lookup table nor a hostile
regex can hold a request up: tables are one tree (`lookups`); a regex that could take
exponential time is refused, one of too many ways is matched in a bounded number of
steps (`bounded`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from dvcinc.text.bounded import BoundedRegex
from dvcinc.text.explosive import LONGEST_TEXT
from dvcinc.text.lookups import LookupTree
from dvcinc.text.regexes import Regex, compile_regex
from dvcinc.text.settings import RegexSettings

if TYPE_CHECKING:
    from dvcinc.text.tokenizer import Token


class PatternKind(Enum):
    """Where a pattern comes from."""

    REGEX = "regex"
    LOOKUP = "lookup"


class Pattern(NamedTuple):
    """One feature: all regexes, or all lookup elements, of one name; sorted."""

    kind: PatternKind
    name: str
    items: tuple[str, ...]


Stretch = tuple[int, int]


class Match(NamedTuple):
    """A pattern, by its number, found in a text at `start` to `end`."""

    number: int
    start: int
    end: int


class PatternMatcher:
    """Matches a list of patterns, each compiled once.

    Raises:
        InputError: A regex cannot be compiled, or could take too long.
    """

    def __init__(self, patterns: Iterable[Pattern], settings: RegexSettings) -> None:
        numbered = list(enumerate(patterns))
        self._tables = {n for n, p in numbered if p.kind is PatternKind.LOOKUP}
        self._lookups = LookupTree(
            ((n, p.items) for n, p in numbered if p.kind is PatternKind.LOOKUP),
            settings,
        )
        flags = 0 if settings.case_sensitive else re.IGNORECASE
        self._regexes = [
            (n, [compile_regex(item, f"regex {p.name!r}", flags) for item in p.items])
            for n, p in numbered
            if p.kind is PatternKind.REGEX
        ]

    def touched(self, text: str, tokens: Sequence[Token]) -> list[list[int]]:
        """For each token the numbers of the patterns that touch it, in order."""
        found: list[list[int]] = [[] for _ in tokens]
        stretches = self._stretches(text)
        for number in sorted(stretches):
            for at in _touching(sorted(stretches[number]), tokens):
                found[at].append(number)
        return found

    def matches(self, text: str) -> Iterator[Match]:
        """What the patterns find, each item from left to right without overlap."""
        for number, stretches in sorted(self._stretches(text).items()):
            # Of a table the tree finds the longest element from each place on.
            apart = _apart(stretches) if number in self._tables else stretches
            for start, end in apart:
                if end > start:
                    yield Match(number, start, end)

    def _stretches(self, text: str) -> dict[int, list[Stretch]]:
        """Where each pattern matches, by its number."""
        text = text[:LONGEST_TEXT]
        stretches: dict[int, list[Stretch]] = {}
        for hit in self._lookups.hits(text):
            stretches.setdefault(hit.table, []).append((hit.start, hit.end))
        for number, regexes in self._regexes:
            spans = [span for regex in regexes for span in _spans(regex, text)]
            if spans:
                stretches[number] = spans
        return stretches


def _spans(regex: Regex, text: str) -> Iterable[Stretch]:
    if isinstance(regex, BoundedRegex):
        return regex.spans(text)
    return (match.span() for match in regex.finditer(text))


def _apart(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """From left to right, what begins within the one before left out."""
    behind = 0
    for start, end in stretches:
        if start >= behind:
            yield start, end
            behind = end


def _touching(stretches: Sequence[Stretch], tokens: Sequence[Token]) -> Iterator[int]:
    """The tokens that share a character with a stretch, or hold an empty one."""
    furthest = -1
    at = 0
    for number, token in enumerate(tokens):
        while at < len(stretches) and stretches[at][0] < token.end:
            furthest = max(furthest, stretches[at][1])
            at += 1
        if furthest > token.start:
            yield number
