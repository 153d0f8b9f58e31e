"""The base that a corpus goes with: around HEAD, in earlier plans, or a new one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Protocol

from dvcinc.corpus.values import Corpus
from dvcinc.plan.candidates import WORKTREE, Named
from dvcinc.plan.choose import Chooser, Counts, Fit, Search, best
from dvcinc.plan.situation import Situation

MAX_EARLIER = 5
"""How many earlier bases to read and judge where none around HEAD fits."""
CUT_OFF = (
    "this clone's history is cut off, so bases of earlier plans are not known here; "
    "fetch the whole history (fetch-depth: 0)"
)


class Judge(Protocol):
    """Tells how the corpus now stands to bases, whole or as far as it differs."""

    @property
    def chooser(self) -> Chooser:
        """The corpus now, and the rules."""

    def fit(self, named: Named) -> Fit | None:
        """How the corpus stands to a base; `None` where the base cannot be had.

        Raises:
            CannotTellError: A whole clone might have it.
        """

    def counts(self) -> Counts:
        """The counts of the corpus now."""

    def since(self) -> tuple[Corpus, Corpus] | None:
        """The corpus of HEAD's plan and the corpus now, if the first can be had."""

    def located(self, fit: Fit) -> Fit:
        """The fit of HEAD's base, its facts placed where HEAD's plan had them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The base that holds, and what was known when it was chosen.

    Attributes:
        fit: How the corpus stands to it; `None` where a new base has to be cut.
        fits: How it stands to each candidate.
        missing: The candidates that cannot be had, as warnings that name them.
        origin: Which committed plan names the base that holds, if another than HEAD's
            does; a function, since it may ask all of history.
    """

    fit: Fit | None
    fits: tuple[Fit, ...]
    missing: tuple[str, ...]
    origin: Callable[[], str | None]


def choose(situation: Situation, judge: Judge) -> Choice:
    """Chooses the base for the corpus now.

    Raises:
        CannotTellError: No base fits of those that can be had, and a whole clone might
            have another.
    """
    search = Search(judge.fit)
    search.look(situation.candidates)
    if search.untold and not best(search.fits):
        raise search.untold
    cut_off = _look_back(situation, judge, search)
    fit = best(search.fits)
    return Choice(
        fit=fit,
        fits=tuple(search.fits),
        missing=(*search.missing.values(), *cut_off),
        origin=cache(partial(_origin, situation, fit)),
    )


def _origin(situation: Situation, fit: Fit | None) -> str | None:
    """Which committed plan but HEAD's names a base.

    The work tree is no answer: what is told may not differ before and after a run.
    """
    committed = situation.committed
    if fit is None:
        return None
    digest = fit.base.info.digest
    if committed is not None and committed.document.base.digest == digest:
        return None
    for candidates in (situation.candidates, situation.earlier()):
        for named in candidates:
            if named.info.digest == digest and named.name != WORKTREE:
                return named.name
    return None


def _look_back(situation: Situation, judge: Judge, search: Search) -> tuple[str, ...]:
    """Judges the bases of earlier plans, where one of them might be nearer.

    Returns:
        A warning, if there may be more of them than this clone knows.
    """
    found, chooser = best(search.fits), judge.chooser
    if found is not None and (found.exact or _is_planned(situation, found)):
        return ()
    search.look(n for n in situation.earlier() if n.info.corpus == chooser.digest)
    if best(search.fits) is not None:
        return ()
    earlier = situation.earlier()
    others = [n for n in earlier if chooser.may_fit(n.info, judge.counts())]
    search.look(others[:MAX_EARLIER])
    if best(search.fits) is not None or not situation.is_cut_off():
        return ()
    return (CUT_OFF,)


def _is_planned(situation: Situation, found: Fit) -> bool:
    """Whether HEAD's plan was made for just this corpus, and this is its base."""
    if situation.committed is None:
        return False
    document = situation.committed.document
    same = document.corpus.digest == situation.now.digest()
    return same and document.base.digest == found.base.info.digest
