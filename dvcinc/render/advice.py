"""Advice for people: what a rule says of many objects is said once, of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Protocol, TypeVar

from dvcinc.render.words import plural

_SHOWN_SUBJECTS = 3


class Advised(Protocol):
    """A reason, wherever it comes from."""

    @property
    def code(self) -> str:
        """The rule's code."""

    @property
    def subject(self) -> str:
        """The object."""

    @property
    def count(self) -> int:
        """How many facts it stands for."""

    @property
    def advice(self) -> str:
        """What to do about it."""


_Any = TypeVar("_Any", bound=Advised)


def said_once(reasons: Iterable[_Any]) -> Iterator[tuple[_Any, str]]:
    """Reasons, each with the advice to show: that of a rule stands at its first one."""
    for _, group in groupby(reasons, key=attrgetter("code")):
        same = list(group)
        said = [reason for reason in same if reason.advice]
        together = _together(said)
        for reason in same:
            if together is None:
                yield reason, reason.advice
            else:
                yield reason, together if reason is said[0] else ""


def _together(reasons: Sequence[Advised]) -> str | None:
    """One advice for several reasons; `None` where they say different things."""
    forms = {_without_object(reason) for reason in reasons}
    if len(forms) != 1:
        return None
    ((before, counted, after),) = forms
    if not after:
        return before
    names = ", ".join(reason.subject for reason in reasons[:_SHOWN_SUBJECTS])
    more = len(reasons) - _SHOWN_SUBJECTS
    named = f"{names} and {more:,} more" if more > 0 else names
    total = plural(sum(reason.count for reason in reasons), "example")
    return f"{before}{f'the {total}' if counted else ''} of {named} {after}"


def _without_object(reason: Advised) -> tuple[str, bool, str]:
    """An advice around its object, and whether it counts its examples."""
    advice, of = reason.advice, f" of {reason.subject} "
    number = f"the {plural(reason.count, 'example')}"
    for counted, found in ((True, f"{number}{of}"), (False, of)):
        before, known, after = advice.partition(found)
        if known:
            return before, counted, after
    return advice, False, ""
