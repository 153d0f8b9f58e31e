"""What can be said of two ways of training, from their numbers over seeds."""

from __future__ import annotations

import math
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from dvcinc.comparison.noise import (
    APART,
    LEVEL,
    Measure,
    Verdict,
    holm,
    judged,
    overall,
    sign_flips,
)

WITHIN, WORSE, CANNOT = Verdict.WITHIN, Verdict.WORSE, Verdict.CANNOT_TELL
NOISY = (0.90, 0.92, 0.94)
SHARES = st.floats(0, 1).map(lambda value: round(value, 4))


def measure(tuned, scratch=NOISY, base=None, name="accuracy", items=1000):
    base = scratch if base is None else base
    return Measure(name=name, tuned=tuned, scratch=scratch, base=base, items=items)


def verdict(tuned, scratch=NOISY, *, base=None, items=1000):
    (found,) = judged([measure(tuned, scratch, base, items=items)])
    return found.verdict


@pytest.mark.parametrize(
    ("tuned", "scratch", "said"),
    [
        (NOISY, NOISY, WITHIN),
        ((0.95, 0.96, 0.97), NOISY, WITHIN),
        ((0.89, 0.91, 0.93), NOISY, WITHIN),
        ((0.90, 0.90, 0.90), (0.90, 0.90, 0.90), WITHIN),
        ((0.80, 0.81, 0.82), NOISY, WORSE),
        ((0.89, 0.89, 0.89), (0.90, 0.90, 0.90), WORSE),
        ((0.70, 0.92, 0.99), NOISY, CANNOT),
        ((0.86, 0.90, 0.94), (0.92, 0.921, 0.922), CANNOT),
        ((0.80, 0.81), (0.90, 0.91), CANNOT),
        ((0.91, 0.91), (0.91, 0.91), CANNOT),
        ((0.5,), (0.9,), CANNOT),
    ],
)
def test_a_verdict_needs_a_difference_beyond_the_noise_and_enough_seeds(
    tuned, scratch, said
):
    assert verdict(tuned, scratch) is said


def test_a_loss_that_is_certain_but_no_larger_than_the_noise_is_not_worse():
    (found,) = judged([measure((0.8901, 0.89, 0.8902), (0.90, 0.905, 0.91))])
    assert found.chance < LEVEL
    assert -found.measure.difference > found.margin
    assert found.verdict is WORSE
    (found,) = judged([measure((0.8961, 0.896, 0.8962), (0.90, 0.905, 0.91))])
    assert found.chance < LEVEL
    assert -found.measure.difference < found.margin
    assert found.verdict is CANNOT


def test_one_test_example_is_no_difference():
    equal, less = (0.90,) * 3, (0.89,) * 3
    assert verdict(less, equal, items=100) is WITHIN
    assert verdict(less, equal, items=101) is WORSE


def test_the_noise_is_that_of_the_bases_too():
    """Three values may lie close together by luck."""
    tuned, still = (0.898, 0.899, 0.900), (0.9200, 0.9201, 0.9202)
    assert verdict(tuned, still) is WORSE
    assert verdict(tuned, still, base=(0.90, 0.92, 0.94)) is WITHIN


def test_a_base_that_has_no_such_number_adds_no_noise():
    found = measure((0.9, 0.9, 0.9), scratch=(0.9, 0.92, 0.94), base=())
    assert found.noise == pytest.approx(0.02)


def test_what_fine_tuning_does_is_no_part_of_the_noise():
    (calm,) = judged([measure(NOISY)])
    (wild,) = judged([measure((0.1, 0.5, 0.9))])
    assert calm.margin == wild.margin == pytest.approx(APART * 0.02)


@pytest.mark.parametrize(
    ("tuned", "scratch"),
    [
        ((0.91, 0.93, 0.92, 0.90), (0.95, 0.96, 0.91)),
        ((0.95, 0.96, 0.91), (0.9, 0.9, 0.91)),
        ((0.5, 0.9), (0.7, 0.71)),
    ],
)
def test_the_interval_and_the_chance_are_welchs(tuned, scratch):
    (found,) = judged([measure(tuned, scratch)])
    between = ttest_ind(tuned, scratch, equal_var=False).confidence_interval(0.9)
    less = ttest_ind(tuned, scratch, equal_var=False, alternative="less").pvalue
    assert (found.low, found.high) == pytest.approx((between.low, between.high))
    assert found.chance == pytest.approx(less)


@given(
    st.lists(SHARES, min_size=3, max_size=6),
    st.lists(SHARES, min_size=3, max_size=6),
)
def test_the_difference_lies_in_its_interval_and_what_is_better_is_never_worse(
    tuned, scratch
):
    (found,) = judged([measure(tuple(tuned), tuple(scratch))])
    assert found.low is not None
    assert found.low <= found.measure.difference <= found.high
    assert found.measure.difference < 0 or found.verdict is not WORSE


def test_of_several_measures_a_doubtful_loss_counts_less():
    """One in twenty is nothing among twenty."""
    loss = measure((0.87, 0.895, 0.875), (0.91, 0.915, 0.905), (0.91, 0.91, 0.91))
    alone = judged([loss])
    among = judged([loss, *(measure(NOISY, name=str(n)) for n in range(20))])
    assert alone[0].verdict is WORSE
    assert among[0].verdict is CANNOT


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        ((WITHIN, WITHIN), WITHIN),
        ((WITHIN, CANNOT), CANNOT),
        ((WITHIN, WORSE), WORSE),
        ((CANNOT, WORSE), WORSE),
        ((), CANNOT),
    ],
)
def test_the_verdict_on_all_is_the_worst(verdicts, whole):
    examples = {
        WITHIN: measure(NOISY),
        WORSE: measure((0.1, 0.1, 0.1)),
        CANNOT: measure((0.5,), (0.5,)),
    }
    found = [judged([examples[one]])[0] for one in verdicts]
    assert [one.verdict for one in found] == [*verdicts]
    assert overall(found) is whole


@pytest.mark.parametrize(
    ("seeds", "loss", "within", "worse"),
    [(3, 0, 0.76, 0.01), (3, 2, 0.15, 0.29), (5, 0, 0.96, 0), (5, 4, 0, 0.92)],
)
def test_verdicts_are_as_often_right_as_the_page_says(seeds, loss, within, worse):
    random, count = Random(seeds), 1500  # noqa: S311 - no secret

    def drawn(mean):
        return tuple(random.gauss(mean, 0.01) for _ in range(seeds))

    found = [
        verdict(drawn(0.8 - loss / 100), drawn(0.8), base=drawn(0.8))
        for _ in range(count)
    ]
    assert found.count(WITHIN) / count == pytest.approx(within, abs=0.04)
    assert found.count(WORSE) / count == pytest.approx(worse, abs=0.04)


# --- tests over texts ---------------------------------------------------------------


@given(st.lists(st.integers(-3, 3), max_size=9))
def test_sign_flips_counts_all_ways_to_give_signs(gains):
    sums = [
        sum(sign * gain for sign, gain in zip(signs, gains, strict=True))
        for signs in product((1, -1), repeat=len(gains))
    ]
    share = sum(total <= sum(gains) for total in sums) / len(sums)
    assert sign_flips(gains) == pytest.approx(share)


def test_sign_flips_of_a_long_test_are_exact_as_well():
    assert sign_flips([-1] * 60) == pytest.approx(2.0**-60)
    assert sign_flips([1, -1] * 2000) > 0.5


@pytest.mark.parametrize(
    ("chances", "found"),
    [
        ({}, set()),
        ({"a": 0.04}, {"a"}),
        ({"a": 0.04, "b": 0.04}, set()),
        ({"a": 0.02, "b": 0.04}, {"a", "b"}),
        ({"a": 0.02, "b": 0.06}, {"a"}),
        ({"a": 0.0, "b": 0.03, "c": 0.03}, {"a"}),
    ],
)
def test_holm_lets_one_mistake_in_twenty_families_through(chances, found):
    assert holm(chances) == found


def test_the_repeatability_limit_is_that_of_the_norm():
    assert pytest.approx(2.8, abs=0.03) == APART
    assert pytest.approx(0.05) == LEVEL
    assert math.isclose(APART, 1.96 * 2**0.5)
