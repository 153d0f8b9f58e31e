"""Which base fits a corpus: the candidate that costs least, or a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from dvcinc.changes import Change, Kind, Labels, base_intent, diff, labels
from dvcinc.config import Mode, Params, Target
from dvcinc.corpus.digest import corpus_digest
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import Corpus
from dvcinc.decision.decide import Decision, decide, judge
from dvcinc.errors import CannotTellError
from dvcinc.plan.base import Base, BaseInfo, Versions
from dvcinc.plan.candidates import Named
from dvcinc.plan.capacity import conditions, forced
from dvcinc.plan.delta import Delta, compare

# What fewer and more of each count mean.
_MEANING = (
    (Kind.EXAMPLE_REMOVED, Kind.EXAMPLE_ADDED),
    (Kind.INTENT_REMOVED, Kind.INTENT_ADDED),
    (Kind.ENTITY_REMOVED, Kind.ENTITY_ADDED),
)


class Counts(NamedTuple):
    """How many examples, intents and entity types the trained part of a corpus has."""

    examples: int
    intents: int
    entities: int


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
        corpus: The corpus now; as far as it differs from the bases is enough.
        params: The parameters now.
        versions: The code here.
        known: The digest of the whole trained part, where the corpus is not whole.
    """

    corpus: Corpus
    params: Params
    versions: Versions
    known: str | None = None

    @cached_property
    def trained(self) -> Corpus:
        """What of the corpus has trained weights."""
        return trained(self.corpus)

    @cached_property
    def digest(self) -> str:
        """The digest of the corpus of a base that were cut now."""
        return self.known or corpus_digest(self.trained)

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

    def may_fit(self, info: BaseInfo, now: Counts) -> bool:
        """Whether a base might fit, by what is known of it without its corpus.

        Whoever is refused here would be by `fit`, which costs reading a corpus.
        """
        pairs = zip((info.examples, info.intents, info.entities), now, strict=True)
        return info.versions == self.versions and not any(
            self._is_scratch(less if after < before else more)
            for (before, after), (less, more) in zip(pairs, _MEANING, strict=True)
            if before != after
        )

    def _is_scratch(self, kind: Kind) -> bool:
        change = Change(kind=kind, subject="")
        reason = judge(change, self.params.policy, self.corpus.config)
        return reason.mode is Mode.SCRATCH


def counts(corpus: Corpus) -> Counts:
    """The counts of the trained part of a corpus."""
    now = corpus.examples
    return Counts(
        examples=len(now),
        intents=len({base_intent(example.intent) for example in now}),
        entities=len({span.entity for example in now for span in example.spans}),
    )


@dataclass(slots=True)
class Search:
    """Judges one candidate after the other, each base once.

    Attributes:
        judge: How the corpus stands to a base; `None` where that cannot be had.
        fits: How it stands to each base that could be had.
        missing: Warnings that name those that could not, by digest.
        untold: Why it cannot be told of one, where a whole clone might have it.
    """

    judge: Callable[[Named], Fit | None]
    fits: list[Fit] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    untold: CannotTellError | None = None

    def look(self, candidates: Iterable[Named]) -> None:
        """Judges candidates, in order."""
        known = {fit.base.info.digest for fit in self.fits}
        for named in candidates:
            digest = named.info.digest
            if digest not in known and (fit := self._judged(named)) is not None:
                known.add(digest)
                self.missing.pop(digest, None)
                self.fits.append(fit)

    def _judged(self, named: Named) -> Fit | None:
        digest = named.info.digest
        try:
            fit = self.judge(named)
        except CannotTellError as error:
            self.untold = self.untold or error
            self.missing.setdefault(digest, f"{error.message}; {error.hint}")
            return None
        if fit is None:
            said = (
                f"the base of {named.name} ({digest[:19]}…, "
                f"{named.info.examples} examples) can be found neither in the "
                "work tree nor in Git nor in DVC's cache"
            )
            self.missing.setdefault(digest, said)
        return fit


def best(fits: Iterable[Fit]) -> Fit | None:
    """The cheapest fit below scratch: lowest mode, smallest delta, first in order.

    Of bases without a delta, one that is the corpus itself goes first, whatever the
    order: it was cut on purpose (`policy.mode: scratch`), for new epochs, say.
    """
    sound = [fit for fit in fits if fit.mode < Mode.SCRATCH]
    return min(sound, key=_cost, default=None)


def _cost(fit: Fit) -> tuple[bool, int, bool]:
    return (not fit.delta.is_empty, fit.delta.size, not fit.exact)
