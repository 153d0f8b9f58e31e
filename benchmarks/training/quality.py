"""Rows about models from scratch: quality, cost, small data, calibration, scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

import numpy as np

from dvcinc.corpus.values import Corpus, Example
from dvcinc.model.labels import base_intent
from training import floor
from training.answers import Answers
from training.engine import from_scratch
from training.figures import Bools, Floats, separation
from training.runs import Runs, tell
from training.sets import by_intent, holding, in_order, intents, ranked, split
from training.table import Line, at_least, at_most, line

ACCURACY = {"banking77": 91.5}
OVER_LINEAR = {"banking77": 0.5, "hwu64": 0.0}
ENTITIES = {"hwu64": 76.0, "sample": 90.0}
LINEAR_TIMES = {"banking77": 2.0}
FLOOR_TIMES = {"hwu64": 0.4}
SHARES = (0.1, 0.3, 1.0)
CALIBRATION, CALIBRATION_LOSS = 0.03, 0.01
HELD_OUT = 10
THRESHOLDS = np.arange(1, 100) / 100


def floors(runs: Runs) -> Iterator[Line]:
    """LinearSVC and CRFsuite."""
    linear = runs.linear
    note = f"C = {runs.penalty:g}, chosen on a split of the training data"
    answers = linear.answers(runs.data.test)
    yield line("LinearSVC intent accuracy", [answers.accuracy], note=note)
    yield line("LinearSVC features", [linear.featuring], "s")
    yield line("LinearSVC fit", [linear.fitting], "s")
    if runs.data.tagged:
        found = runs.tagger.answers(runs.data.test)
        yield line("CRFsuite entity F1", [found.entity_f1], note=str(floor.CRF))
        yield line("CRFsuite features and fit", [runs.tagger.seconds], "s")


def scratch(runs: Runs) -> Iterator[Line]:
    """Intent accuracy and entity F1 against the targets and the floor."""
    name = runs.data.name
    tested = [runs.tested(seed) for seed in runs.seeds]
    accuracy = [answers.accuracy for answers in tested]
    yield line("intent accuracy", accuracy, target=at_least(ACCURACY.get(name)))
    under = runs.linear.answers(runs.data.test).accuracy
    yield line(
        "intents over LinearSVC",
        [own - under for own in accuracy],
        "points",
        at_least(OVER_LINEAR.get(name)),
    )
    if runs.data.tagged:
        found = [answers.entity_f1 for answers in tested]
        yield line("entity F1", found, target=at_least(ENTITIES.get(name)))
        under = runs.tagger.answers(runs.data.test).entity_f1
        yield line("entities over CRFsuite", [f - under for f in found], "points")


def cost(runs: Runs) -> Iterator[Line]:
    """CPU seconds of a training from scratch against the floor's."""
    name, costs = runs.data.name, runs.scratch_costs()
    calls = [each.call for each in costs]
    yield line("scratch, whole call", calls, "s", note="import excluded")
    yield line("scratch, steps alone", [c.steps for c in costs], "s")
    each = [1000 * cost.steps / cost.taken for cost in costs]
    yield line("a step", each, "ms", note=f"{costs[0].taken} steps")
    linear = runs.linear_seconds
    yield line("LinearSVC features and fit", [linear], "s", note="median of 3")
    bound = None if runs.data.tagged else LINEAR_TIMES.get(name)
    times = [call / linear for call in calls]
    yield line("whole call / LinearSVC", times, "×", at_most(bound))
    if runs.data.tagged:
        both = linear + runs.tagger.seconds
        yield line(
            "whole call / (LinearSVC + CRFsuite)",
            [call / both for call in calls],
            "×",
            at_most(FLOOR_TIMES.get(name)),
        )


def small(runs: Runs) -> Iterator[Line]:
    """The set at a tenth, three tenths and all of its examples."""
    test = runs.data.test
    for share in SHARES:
        ours: list[Answers] = []
        intents_under: list[float] = []
        entities_under: list[float] = []
        for seed in runs.seeds:
            corpus = subset(runs.data.train, share, seed)
            examples = tuple(corpus.examples)
            if share == 1:
                ours.append(runs.tested(seed))
                linear, tagger = runs.linear, runs.tagger
            else:
                title = f"{runs.data.name}: scratch, {share:.0%}, seed {seed}"
                tell(title)
                ours.append(from_scratch(corpus, seed, title).answers(test))
                linear = floor.fit_linear(examples, floor.choose_penalty(examples))
                tagger = floor.fit_tagger(examples, str(runs.folder / "small.crf"))
            intents_under.append(linear.answers(test).accuracy)
            entities_under.append(tagger.answers(test).entity_f1)
        accuracy = [answers.accuracy for answers in ours]
        found = [answers.entity_f1 for answers in ours]
        part = f"{share:.0%}"
        yield line(f"{part}: intent accuracy", accuracy)
        yield _over(f"{part}: intents over LinearSVC", accuracy, intents_under)
        yield line(f"{part}: entity F1", found)
        yield _over(f"{part}: entities over CRFsuite", found, entities_under)
        errors = [answers.calibration for answers in ours]
        yield line(f"{part}: calibration error", errors, "")


def subset(corpus: Corpus, share: float, seed: int) -> Corpus:
    """A share of each intent, at least one example."""
    kept: list[Example] = []
    order = ranked(corpus.examples, f"small/{share}/{seed}")
    for mine in by_intent(order).values():
        kept += mine[: max(round(share * len(mine)), 1)]
    return holding(corpus, kept)


def out_of_scope(runs: Runs) -> Iterator[Line]:
    """Ten intents are held out; a threshold on the confidence must find their texts."""
    everything = runs.examples
    gone = held_out(everything)
    kept, dev = split(everything, "threshold")
    corpus = holding(runs.data.train, _of(kept, gone, wanted=False))
    sides = [
        _of(examples, gone, wanted=wanted)
        for examples in (dev, runs.data.test)
        for wanted in (False, True)
    ]
    rows: list[tuple[float, ...]] = []
    for seed in runs.seeds:
        title = f"{runs.data.name}: scratch without {HELD_OUT} intents, seed {seed}"
        tell(title)
        model = from_scratch(corpus, seed, title)
        dev_in, dev_out, test_in, test_out = map(model.answers, sides)
        limit = best_threshold(dev_in.right, dev_in.sure, dev_out.sure)
        stays = test_in.sure >= limit
        rows.append(
            (
                limit,
                100 * float((test_in.right & stays).mean()),
                100 * float((test_out.sure < limit).mean()),
                100 * separation(test_in.sure, test_out.sure),
                test_in.accuracy,
            )
        )
    limits, inside, found, apart, free = zip(*rows, strict=True)
    note = (
        f"{len(sides[3])} texts of {HELD_OUT} held-out intents, {len(sides[2])} others"
    )
    yield line("threshold", limits, "", note="in-scope accuracy + recall on the split")
    yield line("in-scope accuracy", inside, note=note)
    yield line("in-scope accuracy without threshold", free)
    yield line("out-of-scope recall", found)
    yield line("AUROC", apart)


def held_out(examples: Sequence[Example]) -> frozenset[str]:
    """The intents that stand for what nobody trained."""
    heads = [mine[0] for mine in by_intent(ranked(examples, "scope")).values()]
    return frozenset(intents(ranked(heads, "scope intents")[:HELD_OUT]))


def best_threshold(right: Bools, inside: Floats, outside: Floats) -> float:
    """The threshold with the largest sum of in-scope accuracy and recall."""
    scores = [
        float((right & (inside >= limit)).mean() + (outside < limit).mean())
        for limit in THRESHOLDS
    ]
    return float(THRESHOLDS[int(np.argmax(scores))])


def _of(
    examples: Sequence[Example], names: frozenset[str], *, wanted: bool
) -> tuple[Example, ...]:
    return in_order(e for e in examples if (base_intent(e.intent) in names) == wanted)


def _over(what: str, ours: Sequence[float], under: Sequence[float]) -> Line:
    gaps = [own - other for own, other in zip(ours, under, strict=True)]
    note = f"floor {fmean(under):.2f}"
    return line(what, gaps, "points", at_least(0), note=note)
