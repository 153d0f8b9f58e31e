"""How long a regular expression may take, read from its parse tree.

In: what the parser of `re` makes of a pattern; out: whether its time may grow
exponentially with the text, and in how many ways it can match at one place at most.
"""

from __future__ import annotations

import importlib
import re
from typing import Any

# The longest text that is matched: beyond it nothing is found.
LONGEST_TEXT = 1_000
# A repetition of so many turns may as well be endless.
MANY = 8
# Beyond any limit; ways are not counted further.
ENDLESS = 10**9
# The parser of `re`; there is no public one.
PARSER: Any = importlib.import_module("re._parser")


def ways(nodes: Any) -> int:  # noqa: ANN401 - re's own tree
    """In how many ways a pattern can match from one place at most; it may try each."""
    found = 1
    for operator, argument in nodes:
        found = min(found * _ways_of(str(operator), argument), ENDLESS)
    return found


def _ways_of(name: str, argument: Any) -> int:  # noqa: ANN401 - likewise
    if "REPEAT" in name:
        low, high = argument[0], min(argument[1], LONGEST_TEXT)
        each = ways(argument[2])
        if each > 1:
            # So many turns of two ways and more are endless anyway.
            low, high = min(low, MANY * MANY), min(high, MANY * MANY)
        return sum(each**turns for turns in range(low, high + 1)) or 1
    if name == "BRANCH":
        return sum(map(ways, argument[1]))
    found = 1
    for child in _children(argument):
        found *= ways(child)
    return found


def explodes(nodes: Any) -> bool:  # noqa: ANN401 - re's own tree
    """Whether a repetition holds something that varies, with no separator to tell.

    `(a+)+`, `(a|aa)*` and `(a?){30}` do; `([0-9]+,)*` does not, since the comma that
    ends each turn stands nowhere else in it. Patterns of polynomial time remain, which
    is what `ways` is for.
    """
    return any(
        (
            "REPEAT" in str(operator)
            and argument[1] > MANY
            and _is_ambiguous(list(argument[2]))
        )
        or any(explodes(child) for child in _children(argument))
        for operator, argument in nodes
    )


def _is_ambiguous(turn: list[Any]) -> bool:
    """Whether the same text can be split into turns of a repetition in many ways."""
    if len(turn) == 1 and str(turn[0][0]) == "SUBPATTERN":
        return _is_ambiguous(list(turn[0][1][3]))
    if not any(map(varies, turn)):
        return False
    return not (_separates(turn[0], turn[1:]) or _separates(turn[-1], turn[:-1]))


def _separates(item: Any, rest: list[Any]) -> bool:  # noqa: ANN401 - re's own tree
    """Whether an item at the edge of a turn tells where the turn ends.

    It does if the rest cannot match what it matches; where it may be missing, the rest
    must be of one length as well.
    """
    operator, argument = item
    if "REPEAT" in str(operator) and argument[:2] == (0, 1) and len(argument[2]) == 1:
        fixed = bool(rest) and not any(map(varies, rest))
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


def varies(item: Any) -> bool:  # noqa: ANN401 - re's own tree
    """Whether an item may match texts of different lengths, or in different ways."""
    operator, argument = item
    name = str(operator)
    if "REPEAT" in name:
        return bool(argument[0] != argument[1]) or any(map(varies, argument[2]))
    if name == "BRANCH":
        return not _is_choice_of_words(argument[1])
    if name in ("LITERAL", "NOT_LITERAL", "IN", "ANY", "AT"):
        return False
    return name != "SUBPATTERN" or any(map(varies, argument[3]))


def _is_choice_of_words(alternatives: Any) -> bool:  # noqa: ANN401 - likewise
    """Whether the first letter already tells which alternative it is."""
    words = [list(alternative) for alternative in alternatives]
    if not all(str(operator) == "LITERAL" for word in words for operator, _ in word):
        return False
    firsts = {word[0][1] for word in words if word}
    return len(firsts) == len(words)


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
    if isinstance(argument, PARSER.SubPattern):
        return [argument]
    if isinstance(argument, tuple | list):
        return [child for part in argument for child in _children(part)]
    return []
