"""Rasa's `RegexFeaturizer`: which regexes and lookup tables a text's tokens match.

In: named patterns and a text with its tokens; out: for each pattern the tokens that one
of its matches touches. A lookup table is no regular expression here but a set of
literals, so that its cost does not grow with its length; a regex that could take
exponential time is refused.
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
LONGEST_TEXT = 1_000
# A repetition of so many turns may as well be endless.
MANY = 8
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
        explosive = _explodes(_PARSER.parse(item, flags))
    except (re.error, OverflowError, RecursionError) as error:
        raise InputError(
            f"regex {name!r}: {item!r} is no regular expression: {error}",
            "correct the pattern",
        ) from error
    if explosive:
        raise InputError(
            f"regex {name!r}: {item!r} repeats something that itself varies, which can "
            "take exponential time",
            "drop the inner or the outer repetition, or end each turn with a character "
            "that stands nowhere else in it",
        )
    return compiled


def _explodes(nodes: Any) -> bool:  # noqa: ANN401 - re's own tree
    """Whether a repetition holds something that varies, with no separator to tell.

    `(a+)+`, `(a|aa)*` and `(a?){30}` do; `([0-9]+,)*` does not, since the comma that
    ends each turn stands nowhere else in it. Patterns of polynomial time remain, which
    is what the longest text is for.
    """
    return any(
        (
            "REPEAT" in str(operator)
            and argument[1] > MANY
            and _is_ambiguous(list(argument[2]))
        )
        or any(_explodes(child) for child in _children(argument))
        for operator, argument in nodes
    )


def _is_ambiguous(turn: list[Any]) -> bool:
    """Whether the same text can be split into turns of a repetition in many ways."""
    if len(turn) == 1 and str(turn[0][0]) == "SUBPATTERN":
        return _is_ambiguous(list(turn[0][1][3]))
    if not any(map(_varies, turn)):
        return False
    return not (_separates(turn[0], turn[1:]) or _separates(turn[-1], turn[:-1]))


def _separates(item: Any, rest: list[Any]) -> bool:  # noqa: ANN401 - re's own tree
    """Whether an item at the edge of a turn tells where the turn ends.

    It does if the rest cannot match what it matches; where it may be missing, the rest
    must be of one length as well.
    """
    operator, argument = item
    if "REPEAT" in str(operator) and argument[:2] == (0, 1) and len(argument[2]) == 1:
        fixed = bool(rest) and not any(map(_varies, rest))
        return fixed and _separates(argument[2][0], rest)
    chars = _few_chars(operator, argument)
    return bool(chars) and not any(_can_match(rest, char) for char in chars)


def _few_chars(operator: Any, argument: Any) -> list[int]:  # noqa: ANN401 - likewise
    """The characters that an item may match, if they are named one by one."""
    if str(operator) == "LITERAL":
        return [argument]
    if str(operator) == "IN" and all(str(kind) == "LITERAL" for kind, _ in argument):
        return [char for _, char in argument]
    return []


def _varies(item: Any) -> bool:  # noqa: ANN401 - re's own tree
    """Whether an item may match texts of different lengths, or in different ways."""
    operator, argument = item
    name = str(operator)
    if "REPEAT" in name:
        return bool(argument[0] != argument[1]) or any(map(_varies, argument[2]))
    if name == "BRANCH":
        return not _is_choice_of_words(argument[1])
    if name in ("LITERAL", "NOT_LITERAL", "IN", "ANY", "AT"):
        return False
    return name != "SUBPATTERN" or any(map(_varies, argument[3]))


def _is_choice_of_words(alternatives: Any) -> bool:  # noqa: ANN401 - likewise
    """Whether the first letter already tells which alternative it is."""
    words = [list(alternative) for alternative in alternatives]
    plain = all(str(o) == "LITERAL" for word in words for o, _ in word)
    firsts = {word[0][1] for word in words if word}
    return plain and len(firsts) == len(words)


def _can_match(nodes: Any, char: int) -> bool:  # noqa: ANN401 - likewise
    """Whether a character may be matched anywhere within; yes, where it is unknown."""
    for operator, argument in nodes:
        name = str(operator)
        if name == "LITERAL":
            if argument == char:
                return True
        elif name == "IN":
            if _is_in(argument, char):
                return True
        elif name in ("ANY", "NOT_LITERAL", "GROUPREF", "GROUPREF_EXISTS") or any(
            _can_match(child, char) for child in _children(argument)
        ):
            return True
    return False


def _is_in(members: Any, char: int) -> bool:  # noqa: ANN401 - likewise
    said = {str(operator) for operator, _ in members}
    if said - {"LITERAL", "RANGE"}:
        # A class such as \d: what it holds, `re` itself can tell.
        return _category_holds(members, char)
    return any(
        char == argument
        if str(operator) == "LITERAL"
        else argument[0] <= char <= argument[1]
        for operator, argument in members
    )


_CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}


def _category_holds(members: Any, char: int) -> bool:  # noqa: ANN401 - likewise
    for operator, argument in members:
        name = str(operator)
        if name == "CATEGORY":
            pattern = _CATEGORIES.get(str(argument))
            if pattern is None or re.match(pattern, chr(char)):
                return True
        elif name == "NEGATE" or (
            name in ("LITERAL", "RANGE") and _is_in([(operator, argument)], char)
        ):
            return True
    return False


def _children(argument: Any) -> list[Any]:  # noqa: ANN401 - likewise
    """All sub-patterns within an item's argument, whatever its operator."""
    if isinstance(argument, _PARSER.SubPattern):
        return [argument]
    if isinstance(argument, tuple | list):
        return [child for part in argument for child in _children(part)]
    return []
