"""Fine-tunes against scratch: lines about cost, quality and what was learned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from statistics import fmean

from training.answers import Answers, churn
from training.deltas import DELTA, KEPT
from training.figures import f1_bootstrap, shares_bootstrap
from training.runs import TEST, Outcome, Runs, Three
from training.table import Line, at_least, at_most, line

Pick = Callable[[Outcome], Three]

NAMES = {"steps": "steps alone", "call": "whole call"}
"""Both costs are shown: the targets speak of steps, a user pays for the call."""
DELTA_LOSS = 2.0


def test(outcome: Outcome) -> Three:
    """The answers to the test."""
    return outcome.answers[TEST]


def group(outcome: Outcome) -> Three:
    """Those to test texts of the change's intents."""
    return Three(*(answers.only(outcome.group) for answers in test(outcome)))


def rest(outcome: Outcome) -> Three:
    """Those to all other test texts."""
    return Three(*(answers.only(~outcome.group) for answers in test(outcome)))


def delta(outcome: Outcome) -> Three:
    """Those to what was added."""
    return outcome.answers[DELTA]


def kept(outcome: Outcome) -> Three:
    """Those to what stayed as it was beside a change of labels."""
    return outcome.answers[KEPT]


def costs(
    runs: Runs,
    outcomes: Sequence[Outcome],
    bound: float | None,
    linear: float | None = None,
    note: str = "",
) -> Iterator[Line]:
    """CPU seconds against scratch's mean, and against LinearSVC if it has a bound."""
    yield line("fine-tune, steps", [one.cost.taken for one in outcomes], "n", note=note)
    for what, name in NAMES.items():
        whole = fmean(getattr(cost, what) for cost in runs.scratch_costs())
        spent = [getattr(one.cost, what) for one in outcomes]
        yield line(f"fine-tune, {name}", spent, "s")
        shares = [100 * each / whole for each in spent]
        yield line(f"fine-tune / scratch, {name}", shares, target=at_most(bound))
        if linear is not None:
            times = [each / runs.linear_seconds for each in spent]
            title = f"fine-tune / LinearSVC, {name}"
            yield line(title, times, "×", at_most(linear))


def intents_of(
    outcomes: Sequence[Outcome], what: str, pick: Pick, loss: float
) -> Iterator[Line]:
    """Intent accuracy of base, scratch and fine-tuned, and what the last loses."""
    parts = [pick(one) for one in outcomes]
    yield from _three(parts, what, lambda answers: answers.accuracy)
    gaps = [part.tuned.accuracy - part.scratch.accuracy for part in parts]
    interval = shares_bootstrap(
        [part.tuned.right for part in parts], [part.scratch.right for part in parts]
    )
    target = at_least(-loss)
    title = f"{what}: fine-tuned − scratch"
    yield line(title, gaps, "points", target, interval.times(100))


def entities_of(
    outcomes: Sequence[Outcome], what: str, pick: Pick, loss: float
) -> Iterator[Line]:
    """Entity F1 likewise."""
    parts = [pick(one) for one in outcomes]
    yield from _three(parts, f"{what}, entity F1", lambda answers: answers.entity_f1)
    gaps = [part.tuned.entity_f1 - part.scratch.entity_f1 for part in parts]
    interval = f1_bootstrap(
        [part.tuned.counts for part in parts], [part.scratch.counts for part in parts]
    )
    target = at_least(-loss)
    title = f"{what}, entity F1: fine-tuned − scratch"
    yield line(title, gaps, "points", target, interval.times(100))


def learned(outcomes: Sequence[Outcome]) -> Iterator[Line]:
    """Share of the delta's texts with intent and entities right, and who is named."""
    parts = [delta(one) for one in outcomes]
    yield from _three(parts, "delta learned", _perfect)
    gaps = [_perfect(part.tuned) - _perfect(part.scratch) for part in parts]
    target = at_least(-DELTA_LOSS)
    yield line("delta learned: fine-tuned − scratch", gaps, "points", target)
    yield line("named as not learned", [one.named for one in outcomes], "n")
    unnamed = [one.unnamed for one in outcomes]
    yield line("wrong and not named", unnamed, "n", at_most(0))


def turned(outcome: Outcome) -> float:
    """Share of test texts whose intent the fine-tune changes, in percent."""
    return churn(test(outcome).base, test(outcome).tuned)


def seed_churn(runs: Runs) -> float | None:
    """Mean churn between scratch runs; none if there is but one seed."""
    tested = [runs.tested(seed) for seed in runs.seeds]
    pairs = [churn(one, other) for one, other in combinations(tested, 2)]
    return fmean(pairs) if pairs else None


def _three(
    parts: Sequence[Three], what: str, measure: Callable[[Answers], float]
) -> Iterator[Line]:
    yield line(f"{what}: untouched base", [measure(part.base) for part in parts])
    yield line(f"{what}: scratch", [measure(part.scratch) for part in parts])
    yield line(f"{what}: fine-tuned", [measure(part.tuned) for part in parts])


def _perfect(answers: Answers) -> float:
    return 100 * float(answers.perfect.mean())
