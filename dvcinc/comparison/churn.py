"""Answers of several models to the same texts: how many differ, and who is right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

from dvcinc.changes import base_intent
from dvcinc.comparison.trial import Answer, Trial, is_right
from dvcinc.corpus.values import Example, Place

Pairs = Iterable[tuple[Trial, Trial]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Churn:
    """The share of test texts that two models answer otherwise, the mean over pairs.

    Attributes:
        intents: With another intent.
        answers: With another intent, key or entity.
        pairs: Of how many pairs.
    """

    intents: float
    answers: float
    pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Churns:
    """How much models differ; `None` where there is no such pair.

    Attributes:
        ways: Fine-tuned against from scratch, of the same seed.
        seeds: Two from scratch, of different seeds: the noise.
        tuning: Fine-tuned against its base: what users of the base will notice.
        anew: From scratch against the base of the same seed: what they would otherwise.
    """

    ways: Churn | None
    seeds: Churn | None
    tuning: Churn | None
    anew: Churn | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A test example on which the two ways differ.

    Attributes:
        example: What was asked.
        place: Where it stands.
        tuned: What the fine-tuned models say, and how many of them.
        scratch: What those from scratch say.
        tuned_right: How many fine-tuned models are right.
        scratch_right: How many from scratch.
    """

    example: Example
    place: Place
    tuned: tuple[tuple[Answer, int], ...]
    scratch: tuple[tuple[Answer, int], ...]
    tuned_right: int
    scratch_right: int


def churn_of(pairs: Pairs) -> Churn | None:
    """The churn of pairs of models."""
    found = [_differing(one, other) for one, other in pairs]
    if not found:
        return None
    intents, answers = zip(*found, strict=True)
    return Churn(intents=fmean(intents), answers=fmean(answers), pairs=len(found))


def churns(
    base: Sequence[Trial], tuned: Sequence[Trial], scratch: Sequence[Trial]
) -> Churns:
    """How much models differ that were trained with the same seeds, in order."""
    return Churns(
        ways=churn_of(zip(tuned, scratch, strict=True)),
        seeds=churn_of(combinations(scratch, 2)),
        tuning=churn_of(zip(base, tuned, strict=True)),
        anew=churn_of(zip(base, scratch, strict=True)),
    )


def splits(
    tests: Mapping[Example, Place], tuned: Sequence[Trial], scratch: Sequence[Trial]
) -> tuple[Split, ...]:
    """The examples that most models of one way get right and most of the other wrong.

    Half of the models at least must make the difference: one more or less is noise. The
    clearest come first, of as clear ones those that fine-tuning gets wrong.
    """
    found = [s for s in _splits(tests, tuned, scratch) if _is_split(s, len(tuned))]
    return tuple(sorted(found, key=_clarity))


def gains(
    tests: Sequence[Example], tuned: Sequence[Trial], scratch: Sequence[Trial]
) -> Mapping[str, list[int]]:
    """By how many models more fine-tuning is right about an intent, text by text.

    Right is who says the intent where it is wanted, and not where it is not: that is
    what F1 counts. Texts on which both ways agree are left out.

    Args:
        tests: The test examples.
        tuned: Fine-tuned models.
        scratch: As many models from scratch.
    """
    found: dict[str, list[int]] = defaultdict(list)
    for at, example in enumerate(tests):
        more = Counter(trial.answers[at].intent for trial in tuned)
        more.subtract(trial.answers[at].intent for trial in scratch)
        for intent, count in more.items():
            if count:
                is_wanted = intent == base_intent(example.intent)
                found[intent].append(count if is_wanted else -count)
    return found


def _differing(one: Trial, other: Trial) -> tuple[float, float]:
    pairs = list(zip(one.answers, other.answers, strict=True))
    count = max(len(pairs), 1)
    intents = sum(a.intent != b.intent for a, b in pairs)
    return intents / count, sum(a != b for a, b in pairs) / count


def _splits(
    tests: Mapping[Example, Place], tuned: Sequence[Trial], scratch: Sequence[Trial]
) -> Iterator[Split]:
    answers = [answer for trial in (*tuned, *scratch) for answer in trial.answers]
    tagged = any(answer.entities for answer in answers)
    for at, (example, place) in enumerate(tests.items()):
        ours = Counter(trial.answers[at] for trial in tuned)
        theirs = Counter(trial.answers[at] for trial in scratch)
        if ours != theirs:
            yield Split(
                example=example,
                place=place,
                tuned=_ordered(ours),
                scratch=_ordered(theirs),
                tuned_right=_right(ours, example, tagged=tagged),
                scratch_right=_right(theirs, example, tagged=tagged),
            )


def _ordered(answers: Counter[Answer]) -> tuple[tuple[Answer, int], ...]:
    return tuple(sorted(answers.items(), key=_rank))


def _rank(counted: tuple[Answer, int]) -> tuple[int, str, str, list[str]]:
    answer, count = counted
    return (-count, answer.intent, answer.key or "", sorted(map(str, answer.entities)))


def _right(answers: Counter[Answer], example: Example, *, tagged: bool) -> int:
    return sum(
        count
        for answer, count in answers.items()
        if is_right(answer, example, tagged=tagged)
    )


def _is_split(split: Split, models: int) -> bool:
    more = abs(split.tuned_right - split.scratch_right)
    is_other = (2 * split.tuned_right > models) != (2 * split.scratch_right > models)
    return is_other and 2 * more >= models


def _clarity(split: Split) -> tuple[int, int, tuple[object, ...]]:
    more = split.tuned_right - split.scratch_right
    return (-abs(more), more, split.example.order())
