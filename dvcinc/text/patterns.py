"""Rasa's `RegexFeaturizer`: which regexes and lookup tables a text's tokens match.

In: named patterns and a text with its tokens; out: for each pattern the tokens that one
of its matches touches. A lookup table is no regular expression here but a set of
literals, so that its cost does not grow with its length; a regex of nested repetitions,
the usual way to take exponential time, is refused.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, NamedTuple

from dvcinc.errors import InputError
from dvcinc.text.settings import RegexSettings
from dvcinc.text.tokenizer import Token

# A backtracking match may take time by the square of the text even where it is safe.
LONGEST_TEXT = 5_000
# The parser of `re`; there is no public one.
_PARSER: Any = importlib.import_module("re._parser")


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


class PatternMatcher:
    """Matches a list of patterns, each compiled once.

    Raises:
        InputError: A regex cannot be compiled, or could take exponential time.
    """

    def __init__(self, patterns: Iterable[Pattern], settings: RegexSettings) -> None:
        self._matchers = [_matcher(pattern, settings) for pattern in patterns]

    def touched(self, text: str, tokens: Sequence[Token]) -> list[list[int]]:
        """For each token the numbers of the patterns that touch it, in order."""
        found: list[list[int]] = [[] for _ in tokens]
        text = text[:LONGEST_TEXT]
        for number, matcher in enumerate(self._matchers):
            stretches = list(matcher.stretches(text))
            for at, token in enumerate(tokens):
                if any(token.start < e and token.end > s for s, e in stretches):
                    found[at].append(number)
        return found


class _Regexes:
    """Regular expressions, found anywhere in the text."""

    def __init__(self, pattern: Pattern, settings: RegexSettings) -> None:
        flags = 0 if settings.case_sensitive else re.IGNORECASE
        self._compiled = [_compile(item, pattern.name, flags) for item in pattern.items]

    def stretches(self, text: str) -> Iterator[Stretch]:
        for compiled in self._compiled:
            for match in compiled.finditer(text):
                yield match.span()


class _Literals:
    """A lookup table's elements, by length, so that a look is one set membership."""

    def __init__(self, pattern: Pattern, settings: RegexSettings) -> None:
        self._settings = settings
        self._by_length: dict[int, set[str]] = {}
        for item in filter(None, pattern.items):
            self._by_length.setdefault(len(item), set()).add(self._fold(item))

    def stretches(self, text: str) -> Iterator[Stretch]:
        folded = self._fold(text)
        for start in range(len(folded)):
            if self._cuts_word(folded, start):
                continue
            for length, elements in self._by_length.items():
                end = start + length
                if folded[start:end] in elements and not self._cuts_word(folded, end):
                    yield start, end

    def _fold(self, text: str) -> str:
        if self._settings.case_sensitive:
            return text
        # A few letters grow when lowered; kept as they are, the places stay right.
        return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)

    def _cuts_word(self, text: str, at: int) -> bool:
        within = self._settings.use_word_boundaries and 0 < at < len(text)
        return within and _is_word(text[at - 1]) and _is_word(text[at])


def _matcher(pattern: Pattern, settings: RegexSettings) -> _Regexes | _Literals:
    if pattern.kind is PatternKind.LOOKUP:
        return _Literals(pattern, settings)
    return _Regexes(pattern, settings)


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _compile(item: str, name: str, flags: int) -> re.Pattern[str]:
    try:
        compiled = re.compile(item, flags)
        explosive = _explodes(_PARSER.parse(item, flags), within_repeat=False)
    except (re.error, OverflowError, RecursionError) as error:
        raise InputError(
            f"regex {name!r}: {item!r} is no regular expression: {error}",
            "correct the pattern",
        ) from error
    if explosive:
        raise InputError(
            f"regex {name!r}: {item!r} repeats a repetition with nothing between, "
            "which can take exponential time",
            "drop the inner or the outer repetition",
        )
    return compiled


def _explodes(nodes: Any, *, within_repeat: bool) -> bool:  # noqa: ANN401 - re's own tree
    """Whether an unbounded repeat holds another one and nothing that must stand by it.

    `(a+)+` and `([a-z]+ ?)*` do, `([0-9]+,)*` does not.
    """
    items = list(nodes)
    for at, (operator, argument) in enumerate(items):
        repeats = "REPEAT" in str(operator) and argument[1] is _PARSER.MAXREPEAT
        others = items[:at] + items[at + 1 :]
        if repeats and within_repeat and all(_may_be_empty(item) for item in others):
            return True
        if any(
            _explodes(
                child,
                within_repeat=repeats
                or (within_repeat and all(_may_be_empty(item) for item in others)),
            )
            for child in _children(operator, argument)
        ):
            return True
    return False


def _may_be_empty(item: Any) -> bool:  # noqa: ANN401 - re's own tree
    operator, argument = item
    return str(operator) == "AT" or (
        "REPEAT" in str(operator) and bool(argument[0] == 0)
    )


def _children(operator: Any, argument: Any) -> list[Any]:  # noqa: ANN401 - re's own tree
    if "REPEAT" in str(operator):
        return [argument[2]]
    if str(operator) == "SUBPATTERN":
        return [argument[3]]
    if str(operator) == "BRANCH":
        return list(argument[1])
    return []
