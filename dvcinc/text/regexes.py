"""A regular expression from a repository to one that cannot hold a request up.

One that could take exponential time is refused, one of too many ways is matched in a
bounded number of steps (`bounded`); all others are `re`'s.
"""

from __future__ import annotations

import re

from dvcinc.errors import InputError
from dvcinc.text.bounded import BoundedRegex, UnboundedError
from dvcinc.text.explosive import LONGEST_TEXT, PARSER, explodes, ways

# `re` tries at most so many ways from each place: some 0.1 s for the worst of texts.
FEW_WAYS = 8 * LONGEST_TEXT
Regex = re.Pattern[str] | BoundedRegex


def compile_regex(item: str, what: str, flags: int = 0) -> Regex:
    """Compiles an expression; `what` is how an error names it.

    Raises:
        InputError: It is none, or could take too long.
    """
    try:
        compiled = re.compile(item, flags)
        tree = PARSER.parse(item, flags)
        explosive, few = explodes(tree), ways(tree) <= FEW_WAYS
    except (re.error, OverflowError, RecursionError) as error:
        raise InputError(
            f"{what}: {item!r} is no regular expression: {error}",
            "correct the pattern",
        ) from error
    if explosive:
        raise InputError(
            f"{what}: {item!r} repeats something that itself varies, which can "
            "take exponential time",
            "drop the inner or the outer repetition, or end each turn with a character "
            "that stands nowhere else in it",
        )
    try:
        return compiled if few else BoundedRegex(tree)
    except UnboundedError as error:
        raise InputError(
            f"{what}: {item!r} may have to try too many ways to match",
            "use fewer repetitions, shorter counts, or no back reference, atomic group "
            "or look-around beside them",
        ) from error
