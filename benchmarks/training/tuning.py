"""Rows about fine-tunes: plain and concentrated deltas, new labels, chains, churn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from statistics import fmean

from dvcinc.model.checkpoint import digest as digest_of
from training import deltas, floor, versus
from training.answers import churn
from training.deltas import Family
from training.engine import fine_tuned, lesson_of
from training.runs import TEST, Outcome, Runs, tell
from training.sets import OUTSIDE
from training.table import Line, Target, at_least, at_most, line

SMALL = (10, 100)
# Shares of scratch in percent, without and with entities; times LinearSVC.
COST, TAGGED_COST, LINEAR_COST = 4.0, 6.0, 0.15
TENTH_COST, CONCENTRATED_COST, NEW_COST, CHAIN_COST = 12.0, 12.0, 20.0, 60.0
# Points that a fine-tune may lose against scratch.
PLAIN_LOSS = 0.5
WHOLE_LOSS, FEW_LOSS = 0.7, 2.0
OLD_LOSS, NEW_LOSS = 0.6, 3.0
RELABELLED_LOSS, BOTH_LOSS = 3.0, 5.0
CHURN, CHAIN_CHURN = 1 / 2, 1 / 3
CALIBRATION, CALIBRATION_LOSS = 0.03, 0.01
LEAST = {"banking77": 80, "hwu64": 100}
"""An intent has so many examples to be cut to a few."""


def plain(runs: Runs, size: int | None) -> Iterator[Line]:
    """Deltas drawn at random; no size is a tenth."""
    outcomes = _plain(runs, size)
    bound = linear = None
    if runs.data.name in OUTSIDE:
        small = TAGGED_COST if runs.data.tagged else COST
        bound = small if size else TENTH_COST
        linear = LINEAR_COST if size else None
    yield from versus.costs(runs, outcomes, bound, linear)
    yield from versus.intents_of(outcomes, "test", versus.test, PLAIN_LOSS)
    if runs.data.tagged:
        yield from versus.entities_of(outcomes, "test", versus.test, PLAIN_LOSS)
    yield from versus.learned(outcomes)


def concentrated(runs: Runs) -> Iterator[Line]:
    """The delta falls on six intents."""
    family = deltas.concentrated(runs.data.train, LEAST[runs.data.name])
    outcomes = _outcomes(runs, family)
    note = f"{len(family.changes[0].probes[deltas.DELTA])} examples"
    yield from versus.costs(runs, outcomes, CONCENTRATED_COST, note=note)
    yield from versus.intents_of(outcomes, "whole", versus.test, WHOLE_LOSS)
    yield from versus.intents_of(outcomes, "these intents", versus.group, FEW_LOSS)
    yield from versus.intents_of(outcomes, "the rest", versus.rest, WHOLE_LOSS)
    if runs.data.tagged:
        yield from versus.entities_of(outcomes, "whole", versus.test, WHOLE_LOSS)
    yield from versus.learned(outcomes)


def new_intents(runs: Runs) -> Iterator[Line]:
    """The delta is three intents that the base does not know."""
    family = deltas.new_intents(runs.data.train)
    outcomes = _outcomes(runs, family)
    note = f"{len(family.changes[0].probes[deltas.DELTA])} examples"
    yield from versus.costs(runs, outcomes, NEW_COST, note=note)
    yield from versus.intents_of(outcomes, "whole", versus.test, OLD_LOSS)
    yield from versus.intents_of(outcomes, "old intents", versus.rest, OLD_LOSS)
    yield from versus.intents_of(outcomes, "new intents", versus.group, NEW_LOSS)
    yield from versus.learned(outcomes)


def relabel(runs: Runs) -> Iterator[Line]:
    """A hundred examples of the largest intent become its neighbour's."""
    source = deltas.largest(runs.data.train)
    beside = floor.neighbour(runs.examples, source, runs.penalty)
    outcomes = _outcomes(runs, deltas.relabelled(runs.data.train, source, beside))
    yield from versus.costs(runs, outcomes, None, note=f"{source} → {beside}")
    for what, pick, loss in (
        ("relabelled examples", versus.delta, RELABELLED_LOSS),
        ("kept examples of both", versus.kept, BOTH_LOSS),
        ("test of both", versus.group, BOTH_LOSS),
        ("test of the rest", versus.rest, WHOLE_LOSS),
    ):
        yield from versus.intents_of(outcomes, what, pick, loss)
    yield line("named as not learned", [one.named for one in outcomes], "n")


def chain(runs: Runs) -> Iterator[Line]:
    """Ten deltas of a hundredth, each fine-tuned from the one base."""
    family = deltas.chain(runs.data.train, 0)
    outcomes = runs.outcomes(family, 0, keep=True)
    for what, name in versus.NAMES.items():
        whole = fmean(getattr(cost, what) for cost in runs.scratch_costs())
        spent = sum(getattr(one.cost, what) for one in outcomes)
        share = [100 * spent / whole]
        yield line(f"ten fine-tunes / scratch, {name}", share, target=_chain_cost(runs))
    tuned = [one.answers[TEST].tuned for one in outcomes]
    accuracy = [answers.accuracy for answers in tuned]
    yield line("intent accuracy along the chain", accuracy)
    yield line("intent accuracy of the tenth", accuracy[-1:])
    same = _in_one_go(runs, family) == outcomes[-1].digest
    note = "1 is yes; the whole tenth, given in the opposite order"
    title = "the tenth is one delta of a tenth, by digest"
    yield line(title, [same], "", at_least(1), note=note)
    noise = versus.seed_churn(runs)
    if noise:
        models = [outcomes[0].answers[TEST].base, *tuned]
        steps = [churn(*pair) / noise for pair in pairwise(models)]
        yield line("churn of a link / seed to seed", steps, "×", at_most(CHAIN_CHURN))


def churned(runs: Runs) -> Iterator[Line]:
    """Test predictions that a fine-tune changes, against another seed's."""
    noise = versus.seed_churn(runs)
    if not noise:
        tell(f"{runs.data.name}: churn needs two seeds")
        return
    yield line("seed to seed", [noise], note="mean of all pairs of scratch runs")
    for size in (*SMALL, None):
        flips = [versus.turned(one) for one in _plain(runs, size)]
        name = f"+{size or '10 %'}"
        yield line(name, flips)
        shares = [flip / noise for flip in flips]
        yield line(f"{name} / seed to seed", shares, "×", at_most(CHURN))


def calibration(runs: Runs) -> Iterator[Line]:
    """Expected calibration error, from scratch and after fine-tunes."""
    own = [runs.tested(seed).calibration for seed in runs.seeds]
    note = "15 bins of equal width; a small test alone shows some error"
    yield line("scratch", own, "", at_most(CALIBRATION), note=note)
    for size in (*SMALL, None):
        tests = [versus.test(one) for one in _plain(runs, size)]
        name = f"after +{size or '10 %'}"
        yield line(name, [each.tuned.calibration for each in tests], "")
        gaps = [each.tuned.calibration - each.base.calibration for each in tests]
        yield line(f"{name}, over its base's", gaps, "", at_most(CALIBRATION_LOSS))


def _plain(runs: Runs, size: int | None) -> list[Outcome]:
    """Small deltas two a base, so that five bases see ten draws; a tenth one a base."""
    found: list[Outcome] = []
    for seed in runs.seeds:
        draws = [2 * seed, 2 * seed + 1] if size else [seed]
        family = deltas.plain(
            runs.data.train, size or deltas.tenth(runs.data.train), draws
        )
        # The chain starts from the first base that lacks a tenth.
        found += runs.outcomes(family, seed, keep=not size and seed == 0)
    return found


def _outcomes(runs: Runs, family: Family) -> list[Outcome]:
    return [one for seed in runs.seeds for one in runs.outcomes(family, seed)]


def _chain_cost(runs: Runs) -> Target | None:
    return at_most(CHAIN_COST if runs.data.name in OUTSIDE else None)


def _in_one_go(runs: Runs, family: Family) -> str:
    """The digest of the fine-tune that learns the chain's whole delta at once."""
    base = runs.model(family.stem, family.before, 0)
    lesson, digest = lesson_of(family.before, family.changes[-1].after)
    turned = replace(lesson, added=lesson.added[::-1], replay=lesson.replay[::-1])
    title = f"{runs.data.name}: the chain in one go"
    return digest_of(fine_tuned(base.model, turned, digest, 0, title).model)


delta_10 = partial(plain, size=SMALL[0])
delta_100 = partial(plain, size=SMALL[1])
delta_tenth = partial(plain, size=None)
