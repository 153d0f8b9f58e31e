"""Trials of all seeds to the comparison: the verdict, and what is told beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from dvcinc.comparison.churn import Churns, Split, churns, gains, splits
from dvcinc.comparison.noise import (
    FEWEST_SEEDS,
    Judged,
    Measure,
    Verdict,
    holm,
    judged,
    overall,
    sign_flips,
)
from dvcinc.comparison.trial import Scores, Spent, Trial
from dvcinc.corpus.values import Example, Place

MIN_SUPPORT = 10
"""Of an intent with fewer test examples, nothing is said."""
FEW_TESTS = 100
"""Of fewer test examples, one more that fails is a loss of more than one percent."""
_RESTLESS = 2
"""How many times the churn between seeds is no churn between seeds any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What was compared.

    Attributes:
        project: The project's path from the top of the repository; `.` for that.
        source: The revision's name, or `worktree`.
        commit: The commit, if it is one.
        base: The digest of the base; of the project's own seed.
        base_name: Which plan names the base.
        base_examples: How many examples it has.
        added: How many the delta adds.
        removed: How many it takes away.
        examples: How many the whole corpus has.
        seeds: The seeds.
        made_with: Versions of what trained, by name.
    """

    project: str
    source: str
    commit: str | None
    base: str
    base_name: str
    base_examples: int
    added: int
    removed: int
    examples: int
    seeds: tuple[int, ...]
    made_with: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What one way takes, over the seeds; empty where nothing was trained here."""

    spent: tuple[Spent, ...]

    @property
    def seconds(self) -> float:
        """Wall time of a training, the mean."""
        return self._mean([spent.seconds for spent in self.spent])

    @property
    def cpu_seconds(self) -> float:
        """CPU time of its process, the mean."""
        return self._mean([spent.cpu_seconds for spent in self.spent])

    @property
    def steps(self) -> float:
        """Its steps, the mean."""
        return self._mean([spent.steps for spent in self.spent])

    @property
    def peak_bytes(self) -> int:
        """The most memory that one of the processes held."""
        return max((spent.peak_bytes for spent in self.spent), default=0)

    @staticmethod
    def _mean(values: Sequence[float]) -> float:
        return fmean(values) if values else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentJudged:
    """One intent, both ways.

    Attributes:
        measure: Its F1; `items` are its test examples.
        is_touched: Whether the delta adds or takes away examples of it.
        chance: How likely answers so much worse would be if both ways were equally
            good; `None` where there are too few test examples to ask.
        is_worse: Whether it is worse beyond reasonable doubt, and for each seed.
    """

    measure: Measure
    is_touched: bool
    chance: float | None
    is_worse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The answer.

    Attributes:
        about: What was compared.
        tests: How many test examples there were.
        verdict: Whether the fine-tuned model is within the noise.
        judged: What can be said of each measure.
        finetune: What fine-tuning takes.
        scratch: What training from scratch takes.
        churns: How much models differ.
        intents: Each intent of the test data, the largest losses first.
        splits: The test examples on which both ways differ.
        unlearned: How many examples of the delta fine-tuning did not learn, by seed.
    """

    about: About
    tests: int
    verdict: Verdict
    judged: tuple[Judged, ...]
    finetune: Bill
    scratch: Bill
    churns: Churns
    intents: tuple[IntentJudged, ...]
    splits: tuple[Split, ...]
    unlearned: tuple[int, ...]

    @property
    def has_few_tests(self) -> bool:
        """Whether there are so few test examples that a loss may go unseen."""
        return self.tests < FEW_TESTS

    @property
    def is_restless(self) -> bool:
        """Whether both ways answer otherwise far more often than two seeds do.

        One test more or less is none.
        """
        ways, seeds = self.churns.ways, self.churns.seeds
        if ways is None or seeds is None:
            return False
        more = ways.answers - seeds.answers
        return ways.answers > _RESTLESS * seeds.answers and self.tests * more > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """The trials of all seeds, in the order of the seeds."""

    base: tuple[Trial, ...]
    tuned: tuple[Trial, ...]
    scratch: tuple[Trial, ...]


def concluded(
    about: About,
    tests: Mapping[Example, Place],
    touched: Iterable[str],
    trials: Trials,
) -> Comparison:
    """Draws the conclusion.

    Args:
        about: What was compared.
        tests: The test examples with their places, in the order of the answers.
        touched: The intents that the delta touches.
        trials: The trials.
    """
    measures = judged(_measures(list(tests), trials))
    return Comparison(
        about=about,
        tests=len(tests),
        verdict=overall(measures),
        judged=measures,
        finetune=_bill(trials.tuned),
        scratch=_bill(trials.scratch),
        churns=churns(trials.base, trials.tuned, trials.scratch),
        intents=_intents(list(tests), frozenset(touched), trials),
        splits=splits(tests, trials.tuned, trials.scratch),
        unlearned=tuple(trial.unlearned for trial in trials.tuned),
    )


def _bill(trials: Iterable[Trial]) -> Bill:
    return Bill(spent=tuple(trial.spent for trial in trials if trial.spent))


def _measures(tests: Sequence[Example], trials: Trials) -> list[Measure]:
    """The shares that every model has."""
    every = [dict(t.scores.overall) for t in (*trials.tuned, *trials.scratch)]
    shared = set.intersection(*(set(shares) for shares in every))
    return [
        Measure(
            name=name,
            tuned=_values(trials.tuned, name),
            scratch=_values(trials.scratch, name),
            base=_values(trials.base, name),
            items=_items(name, tests, trials.scratch[0]),
        )
        for name, _ in trials.scratch[0].scores.overall
        if name in shared
    ]


def _items(name: str, tests: Sequence[Example], trial: Trial) -> int:
    """How many test examples or entities a share is of."""
    if name == "entity_f1":
        return sum(len(example.spans) for example in tests)
    if name == "responses_accuracy":
        return sum(answer.key is not None for answer in trial.answers)
    return len(tests)


def _values(trials: Iterable[Trial], name: str) -> tuple[float, ...]:
    found = (dict(trial.scores.overall).get(name) for trial in trials)
    return tuple(value for value in found if value is not None)


def _intents(
    tests: Sequence[Example], touched: frozenset[str], trials: Trials
) -> tuple[IntentJudged, ...]:
    support = {row.name: row.support for row in trials.scratch[0].scores.intents}
    found = gains(tests, trials.tuned, trials.scratch)
    chances = {
        name: sign_flips(found.get(name, ()))
        for name, count in support.items()
        if count >= MIN_SUPPORT
    }
    measures = [_measure(name, count, trials) for name, count in support.items()]
    enough = len(trials.tuned) >= FEWEST_SEEDS
    doubtless = holm(chances) if enough else frozenset()
    intents = [
        IntentJudged(
            measure=measure,
            is_touched=measure.name in touched,
            chance=chances.get(measure.name),
            is_worse=measure.name in doubtless
            and max(measure.tuned) < min(measure.scratch),
        )
        for measure in measures
    ]
    return tuple(sorted(intents, key=lambda one: one.measure.difference))


def _measure(name: str, support: int, trials: Trials) -> Measure:
    def f1(each: Sequence[Trial]) -> tuple[float, ...]:
        return tuple(_f1(trial.scores, name) for trial in each)

    return Measure(
        name=name,
        tuned=f1(trials.tuned),
        scratch=f1(trials.scratch),
        base=f1(trials.base),
        items=support,
    )


def _f1(scores: Scores, name: str) -> float:
    return next((row.f1 for row in scores.intents if row.name == name), 0.0)
