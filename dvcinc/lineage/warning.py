"""What people should know about a change, beside the reasons: kind, words, place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from dvcinc.corpus.part import UNKNOWN_KEY
from dvcinc.corpus.values import Place

_PLACED = re.compile(
    r"(?P<path>[^:\n]+):(?P<line>[1-9][0-9]{0,8}): (?P<text>.+)", re.DOTALL
)


class About(Enum):
    """What a warning is about; the value is the word for it in JSON and docs."""

    SAME_TEXT = "same-text"
    TEST_TEXT = "test-text"
    INTENT_SHRINKS = "intent-shrinks"
    UNREADABLE_OLD = "unreadable-old"
    POLICY = "policy"
    OLD_BASE = "old-base"
    DATA = "data"
    NO_PLAN = "no-plan"
    UNTRAINED = "untrained-plan"
    UNKNOWN_KEY = "unknown-key"
    NEAR_NAME = "near-name"
    NOT_IN_DOMAIN = "not-in-domain"
    NO_EXAMPLES = "no-examples"
    UNKNOWN_INTENT = "unknown-intent"
    NO_ANSWER = "no-answer"
    TEST_LABEL = "test-label"
    BREACH = "breach"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning.

    Attributes:
        about: What it is about.
        text: A sentence without a full stop, and without the place.
        place: Where to look on the new side, if it is about one place.
    """

    about: About
    text: str
    place: Place | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else self.text


def warned(about: About, said: Iterable[str]) -> Iterator[Warned]:
    """Warnings of one kind; a place that a sentence begins with is taken off it."""
    for text in said:
        found = _PLACED.fullmatch(text)
        if found is None:
            yield Warned(about, text)
        else:
            place = Place(found["path"], int(found["line"]))
            yield Warned(about, found["text"], place)


def read_warnings(said: Iterable[str]) -> Iterator[Warned]:
    """What readers of data warn of, by its kind."""
    for found in warned(About.DATA, said):
        is_key = found.text.startswith(UNKNOWN_KEY)
        yield replace(found, about=About.UNKNOWN_KEY) if is_key else found
