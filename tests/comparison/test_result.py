"""Trials of all seeds to the comparison."""

from __future__ import annotations

from dataclasses import replace

import pytest
from comparison.trials import SPENT, about, asked, compared, trial

from dvcinc.comparison.noise import Verdict
from dvcinc.comparison.result import MIN_SUPPORT, Bill, Trials, concluded
from dvcinc.comparison.trial import SHARES, Way
from dvcinc.corpus.values import Example, Place, Span

TESTS = asked(*["a"] * MIN_SUPPORT, *["b"] * (MIN_SUPPORT - 1))
SAME = [(), (0,), (1,)]


def test_the_same_answers_are_within_noise():
    found = compared(TESTS, SAME, SAME)
    assert found.verdict is Verdict.WITHIN
    assert found.splits == ()
    assert found.tests == len(TESTS)


def test_two_seeds_cannot_tell():
    assert compared(TESTS, SAME[:2], SAME[:2]).verdict is Verdict.CANNOT_TELL


def test_one_measure_that_is_worse_is_enough():
    fine, bad = {"accuracy": 0.9, "macro_f1": 0.9}, {"accuracy": 0.9, "macro_f1": 0.2}
    tuned, scratch = (
        tuple(trial(TESTS, overall=shares) for _ in range(3)) for shares in (bad, fine)
    )
    trials = Trials(base=scratch, tuned=tuned, scratch=scratch)
    found = concluded(about(), TESTS, (), trials)
    assert found.verdict is Verdict.WORSE
    assert [one.verdict for one in found.judged] == [Verdict.WITHIN, Verdict.WORSE]


def test_one_item_of_a_measure_is_no_difference():
    """Of the test data, few have keys, and entities are others than examples."""
    tests = {
        Example("faq/x", "a", (Span(0, 1, "x"), Span(2, 3, "x"))): Place("t.yml", 1),
        Example("b", "b"): Place("t.yml", 2),
        Example("b", "c"): Place("t.yml", 3),
    }
    every = trial(tests, overall=dict.fromkeys(SHARES, 0.5))
    trials = Trials(base=(every,) * 3, tuned=(every,) * 3, scratch=(every,) * 3)
    found = concluded(about(), tests, (), trials)
    assert {one.measure.name: one.margin for one in found.judged} == {
        "accuracy": pytest.approx(1 / 3),
        "macro_f1": pytest.approx(1 / 3),
        "entity_f1": 1 / 2,
        "responses_accuracy": 1,
    }


def test_what_only_one_way_can_tell_is_no_measure():
    tuned = tuple(trial(TESTS, overall={"accuracy": 0.9}) for _ in range(3))
    both = {"accuracy": 0.9, "entity_f1": 0.9}
    scratch = tuple(trial(TESTS, overall=both) for _ in range(3))
    trials = Trials(base=scratch, tuned=tuned, scratch=scratch)
    found = concluded(about(), TESTS, (), trials)
    assert [one.measure.name for one in found.judged] == ["accuracy"]


@pytest.mark.parametrize(
    ("intent", "wrong", "seeds", "f1", "worse"),
    [
        ("a", range(8), 3, 0.5, True),
        ("a", range(8), 2, 0.5, False),
        ("a", range(8), 3, 1.0, False),
        ("a", range(2), 3, 0.5, False),
        ("b", range(MIN_SUPPORT, MIN_SUPPORT + 8), 3, 0.5, False),
    ],
)
def test_an_intent_is_worse_beyond_doubt_and_for_each_seed(
    intent, wrong, seeds, f1, worse
):
    """The last one has too few tests."""
    tuned = trial(TESTS, tuple(wrong), way=Way.FINETUNED, f1={intent: f1})
    good = trial(TESTS)
    trials = Trials(
        base=(good,) * seeds, tuned=(tuned,) * seeds, scratch=(good,) * seeds
    )
    found = concluded(about(seeds=tuple(range(seeds))), TESTS, (), trials)
    named = {one.measure.name for one in found.intents if one.is_worse}
    assert named == ({intent} if worse else set())


def test_intents_are_told_with_what_the_delta_touches_the_largest_loss_first():
    tuned = trial(TESTS, f1={"b": 0.5})
    trials = Trials(base=(tuned,), tuned=(tuned,), scratch=(trial(TESTS),))
    found = concluded(about(seeds=(1,)), TESTS, ("a",), trials)
    told = [
        (one.measure.name, one.is_touched, one.measure.items) for one in found.intents
    ]
    assert told == [("b", False, MIN_SUPPORT - 1), ("a", True, MIN_SUPPORT)]
    assert [one.chance is None for one in found.intents] == [True, False]


def test_a_bill_is_the_mean_and_the_highest_peak():
    other = replace(SPENT, seconds=3.5, steps=60, peak_bytes=5 << 20)
    bill = Bill(spent=(SPENT, other))
    assert (bill.seconds, bill.steps, bill.peak_bytes) == (3.0, 50, 5 << 20)
    assert (Bill(spent=()).seconds, Bill(spent=()).peak_bytes) == (0, 0)


def test_what_was_not_trained_here_stands_on_no_bill():
    model = trial(TESTS, spent=None)
    trials = Trials(base=(model,), tuned=(trial(TESTS),), scratch=(model,))
    found = concluded(about(seeds=(1,)), TESTS, (), trials)
    assert found.scratch.spent == ()
    assert found.finetune.spent == (SPENT,)
