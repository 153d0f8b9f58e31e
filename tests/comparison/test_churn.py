"""How many answers differ between models, and which."""

from __future__ import annotations

import pytest
from comparison.trials import asked, trial

from dvcinc.comparison.churn import churn_of, churns, gains, splits
from dvcinc.comparison.trial import Answer, Entity, is_right, wanted
from dvcinc.corpus.values import Example, Span

TESTS = asked("a", "a", "b", "b")
RIGHT, ONE_WRONG, TWO_WRONG = (trial(TESTS, wrong) for wrong in ((), (0,), (0, 1)))


@pytest.mark.parametrize(
    ("pairs", "share"),
    [
        ([(RIGHT, RIGHT)], 0),
        ([(RIGHT, ONE_WRONG)], 0.25),
        ([(ONE_WRONG, ONE_WRONG)], 0),
        ([(RIGHT, ONE_WRONG), (RIGHT, TWO_WRONG)], 0.375),
    ],
)
def test_churn_is_the_share_of_answers_that_differ_however_right(pairs, share):
    found = churn_of(pairs)
    assert (found.intents, found.answers, found.pairs) == (share, share, len(pairs))


def test_other_entities_are_another_answer_but_no_other_intent():
    tagged = trial(
        TESTS, (0,), answer=Answer("a", None, frozenset({Entity(0, 1, "x")}))
    )
    found = churn_of([(RIGHT, tagged)])
    assert (found.intents, found.answers) == (0, 0.25)


def test_churns_pair_the_same_seed_and_from_scratch_different_ones():
    base, tuned = (RIGHT, RIGHT, RIGHT), (ONE_WRONG, RIGHT, RIGHT)
    scratch = (ONE_WRONG, TWO_WRONG, RIGHT)
    found = churns(base, tuned, scratch)
    assert found.ways.intents == pytest.approx(2 / 4 / 3)
    assert found.seeds.intents == pytest.approx((1 + 1 + 2) / 4 / 3)
    assert found.tuning.intents == pytest.approx(1 / 4 / 3)
    assert found.anew.intents == pytest.approx((1 + 2) / 4 / 3)


def test_a_single_seed_has_no_noise():
    assert churns((RIGHT,), (RIGHT,), (RIGHT,)).seeds is None


@pytest.mark.parametrize(
    ("tuned", "scratch", "found"),
    [
        ([(), (), ()], [(), (), ()], []),
        ([(0,), (0,), (0,)], [(0,), (0,), (0,)], []),
        ([(0,), (), ()], [(), (), ()], []),
        ([(0,), (), ()], [(0,), (0,), ()], []),
        ([(0,), (0,), ()], [(), (), ()], [("text 1", 1, 3)]),
        ([(0,), (0,), (0,)], [(2,), (2,), ()], [("text 1", 0, 3), ("text 3", 3, 1)]),
    ],
)
def test_a_test_example_splits_the_ways_if_most_models_of_one_get_it_right(
    tuned, scratch, found
):
    sides = [[trial(TESTS, wrong) for wrong in side] for side in (tuned, scratch)]
    told = [
        (split.example.text, split.tuned_right, split.scratch_right)
        for split in splits(TESTS, *sides)
    ]
    assert told == found


def test_a_split_says_where_the_test_stands_and_what_was_answered():
    (split,) = splits(TESTS, [trial(TESTS, (2,))], [RIGHT])
    assert str(split.place) == "test.yml:3"
    assert split.tuned == ((Answer("other"), 1),)
    assert split.scratch == ((Answer("b"), 1),)


@pytest.mark.parametrize(
    ("answer", "tagged", "right"),
    [
        (Answer("a", None, frozenset({Entity(0, 1, "x")})), True, True),
        (Answer("b", None, frozenset({Entity(0, 1, "x")})), True, False),
        (Answer("a", None, frozenset({Entity(0, 1, "x", "to")})), True, False),
        (Answer("a"), True, False),
        (Answer("a"), False, True),
    ],
)
def test_right_is_an_answer_with_intent_and_entities_where_these_are_trained(
    answer, tagged, right
):
    example = Example("a", "text", (Span(0, 1, "x", None, None),))
    assert is_right(answer, example, tagged=tagged) is right


@pytest.mark.parametrize(
    ("key", "right"), [("a/x", True), ("a/y", False), (None, True), ("", False)]
)
def test_a_key_counts_where_one_is_chosen(key, right):
    assert is_right(Answer("a", key), Example("a/x", "text"), tagged=False) is right
    assert wanted(Example("a/x", "text")) == Answer("a", "a/x")


def test_gains_count_answers_about_one_intent_wanted_or_not():
    """Who says `b` of an `a` does not only miss an `a`, but has a wrong `b` as well."""
    mistaken = trial(TESTS, (0, 3), answer=Answer("b"))
    assert gains(list(TESTS), [mistaken], [RIGHT]) == {"a": [-1], "b": [-1]}
    assert gains(list(TESTS), [RIGHT], [mistaken]) == {"a": [1], "b": [1]}
    assert gains(list(TESTS), [mistaken, RIGHT], [RIGHT, mistaken]) == {}


def test_gains_are_counted_text_by_text():
    both, one = trial(TESTS, (2, 3), answer=Answer("a")), trial(TESTS, (2,))
    found = gains(list(TESTS), [both, both], [RIGHT, one])
    assert found == {"a": [-2, -2], "b": [-1, -2], "other": [1]}
