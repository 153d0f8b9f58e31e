"""Names that are one edit apart: a character more, less, other, or two swapped."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator

SHORTEST = 4
"""Shorter names are near too many others to mean anything."""
LONGEST = 60
"""A longer name has thousands of neighbours."""
# Not digits: "step_1" and "step_2" are meant to be near.
_ALPHABET = frozenset(string.ascii_lowercase + "_-")


def neighbours(name: str) -> Iterator[str]:
    """The names that may be meant by one: one edit away, or in lower case."""
    if not SHORTEST <= len(name) <= LONGEST:
        return
    found = {name.lower(), *_edited(name, sorted(_ALPHABET | _letters(name)))}
    yield from sorted(one for one in found if one != name and len(one) >= SHORTEST)


def is_near(name: str, other: str) -> bool:
    """Whether two names are one edit apart, however short."""
    return name != other and (
        name.lower() == other or other in _edited(name, sorted({*other}))
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """The first of some known names that may be meant; empty where none may."""
    there = {*known}
    return next((one for one in neighbours(name) if one in there), "")


def _letters(name: str) -> set[str]:
    return {character for character in name if not character.isdigit()}


def _edited(name: str, alphabet: Iterable[str]) -> Iterator[str]:
    for at in range(len(name) + 1):
        head, tail = name[:at], name[at:]
        yield from (f"{head}{letter}{tail}" for letter in alphabet)
        if not tail or tail[0].isdigit():
            continue
        yield head + tail[1:]
        yield from (f"{head}{letter}{tail[1:]}" for letter in alphabet)
        if tail[1:]:
            yield f"{head}{tail[1]}{tail[0]}{tail[2:]}"
