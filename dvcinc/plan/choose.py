"""Which base fits a corpus: the candidate that costs least, or a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from dvcinc.changes import Change, Kind, Labels, base_intent, diff, labels
from dvcinc.config import Mode, Params, Target
from dvcinc.corpus.canonical import corpus_digest
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import Corpus
from dvcinc.decision.decide import Decision, decide, judge
from dvcinc.errors import CannotTellError
from dvcinc.plan.base import Base, BaseInfo, Versions
from dvcinc.plan.capacity import conditions, forced
from dvcinc.plan.delta import Delta, compare

WORKTREE = "the work tree"
"""The name of the candidate that no commit has yet."""
_INTENTS = (Kind.INTENT_REMOVED, Kind.INTENT_ADDED)
_ENTITIES = (Kind.ENTITY_REMOVED, Kind.ENTITY_ADDED)
"""What fewer and more of them mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A base that might fit, and how to get its corpus.

    Attributes:
        name: Where it comes from, for people.
        info: What is known of it.
        load: Its corpus, or `None` where it cannot be had; raises `CannotTellError`
            where a whole clone might have it.
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

    def may_fit(self, info: BaseInfo) -> bool:
        """Whether a base might fit, by what is known of it without its corpus.

        Whoever is refused here would be by `fit`, which costs reading a corpus.
        """
        now = self.trained.examples
        counts = (
            (info.intents, len({base_intent(e.intent) for e in now}), _INTENTS),
            (info.entities, len({s.entity for e in now for s in e.spans}), _ENTITIES),
            (info.examples, len(now), (Kind.EXAMPLE_REMOVED, Kind.EXAMPLE_ADDED)),
        )
        return info.versions == self.versions and not any(
            self._is_scratch(less if after < before else more)
            for before, after, (less, more) in counts
            if before != after
        )

    def _is_scratch(self, kind: Kind) -> bool:
        change = Change(kind=kind, subject="")
        reason = judge(change, self.params.policy, self.corpus.config)
        return reason.mode is Mode.SCRATCH


@dataclass(slots=True)
class Search:
    """Judges one candidate after the other, each base once.

    Attributes:
        chooser: Judges a base.
        fits: How the corpus stands to each base that could be had.
        missing: Warnings that name those that could not, by digest.
        untold: Why it cannot be told of one, where a whole clone might have it.
    """

    chooser: Chooser
    fits: list[Fit] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    untold: CannotTellError | None = None

    def look(self, candidates: Iterable[Candidate]) -> None:
        """Judges candidates, in order."""
        known = {fit.base.info.digest for fit in self.fits}
        for candidate in candidates:
            digest = candidate.info.digest
            if digest in known:
                continue
            corpus = self._load(candidate)
            if corpus is None:
                continue
            known.add(digest)
            self.missing.pop(digest, None)
            base = Base(info=candidate.info, corpus=corpus)
            self.fits.append(self.chooser.fit(base))

    def _load(self, candidate: Candidate) -> Corpus | None:
        digest = candidate.info.digest
        try:
            corpus = candidate.load()
        except CannotTellError as error:
            self.untold = self.untold or error
            self.missing.setdefault(digest, f"{error.message}; {error.hint}")
            return None
        if corpus is None:
            said = (
                f"the base of {candidate.name} ({digest[:19]}…, "
                f"{candidate.info.examples} examples) can be found neither in the "
                "work tree nor in Git nor in DVC's cache"
            )
            self.missing.setdefault(digest, said)
        return corpus


def best(fits: Iterable[Fit]) -> Fit | None:
    """The cheapest fit below scratch: lowest mode, smallest delta, first in order.

    Of bases without a delta, one that is the corpus itself goes first, whatever the
    order: it was cut on purpose (`policy.mode: scratch`), for new epochs, say.
    """
    sound = [fit for fit in fits if fit.mode < Mode.SCRATCH]
    return min(sound, key=_cost, default=None)


def _cost(fit: Fit) -> tuple[bool, int, bool]:
    return (not fit.delta.is_empty, fit.delta.size, not fit.exact)
