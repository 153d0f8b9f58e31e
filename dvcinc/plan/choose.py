"""Which base fits a corpus: the candidate that costs least, or a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from dvcinc.changes import Labels, diff, labels
from dvcinc.config import Mode, Params, Target
from dvcinc.corpus.digest import corpus_digest
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import Corpus
from dvcinc.decision.decide import Decision, decide
from dvcinc.plan.base import Base, BaseInfo, Versions
from dvcinc.plan.capacity import conditions, forced
from dvcinc.plan.delta import Delta, compare


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A base that might fit, and how to get its corpus.

    Attributes:
        name: Where it comes from, for people.
        info: What is known of it.
        load: Its corpus, or `None` where it cannot be had.
    """

    name: str
    info: BaseInfo
    load: Callable[[], Corpus | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a corpus stands to a base.

    Attributes:
        base: The base.
        became: What became of the base's labels.
        delta: The corpus's difference to it.
        decision: What the difference needs; less than scratch means that it fits.
        exact: Whether the base would have the same bytes if it were cut now.
    """

    base: Base
    became: Labels
    delta: Delta
    decision: Decision
    exact: bool

    @property
    def mode(self) -> Mode:
        """What the NLU model needs from this base."""
        return self.decision.targets[Target.NLU]


@dataclass(frozen=True)
class Chooser:
    """Judges candidates for one corpus.

    Args:
        corpus: The whole corpus now.
        params: The parameters now.
        versions: The code here.
    """

    corpus: Corpus
    params: Params
    versions: Versions

    @cached_property
    def trained(self) -> Corpus:
        """What of the corpus has trained weights."""
        return trained(self.corpus)

    @cached_property
    def digest(self) -> str:
        """The digest of the corpus of a base that were cut now."""
        return corpus_digest(self.trained)

    def fit(self, base: Base) -> Fit:
        """Judges one base."""
        became = labels(base.corpus, self.trained)
        exact = base.info.corpus == self.digest
        delta = compare(base, self.trained, became)
        changes = (
            *diff(base.corpus, self.trained, became),
            *conditions(base, delta, self.corpus, self.params, self.versions),
            *forced(self.params, exact=exact),
        )
        decision = decide(changes, self.params.policy, self.corpus.config)
        return Fit(
            base=base, became=became, delta=delta, decision=decision, exact=exact
        )

    def fits(self, candidates: Iterable[Candidate]) -> tuple[list[Fit], list[str]]:
        """How the corpus stands to each candidate, and which could not be had."""
        found: list[Fit] = []
        missing: list[str] = []
        known: set[str] = set()
        for candidate in candidates:
            if candidate.info.digest in known:
                continue
            corpus = candidate.load()
            if corpus is None:
                missing.append(
                    f"the base of {candidate.name} ({candidate.info.digest[:19]}…, "
                    f"{candidate.info.examples} examples) can be found neither in the "
                    "work tree nor in Git"
                )
                continue
            known.add(candidate.info.digest)
            found.append(self.fit(Base(info=candidate.info, corpus=corpus)))
        return found, missing


def best(fits: Iterable[Fit]) -> Fit | None:
    """The cheapest fit below scratch: lowest mode, smallest delta, first in order.

    Of bases without a delta, one that is the corpus itself goes first, whatever the
    order: it was cut on purpose (`policy.mode: scratch`), for new epochs, say.
    """
    sound = [fit for fit in fits if fit.mode < Mode.SCRATCH]
    return min(sound, key=_cost, default=None)


def _cost(fit: Fit) -> tuple[bool, int, bool]:
    return (not fit.delta.is_empty, fit.delta.size, not fit.exact)
