"""The paired test: exact, one-sided, and right about how often it is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.lineage.paired import LEVEL, Outcome, Tally, adjusted, tallies

NAMES = "abc"
ANSWER = st.sampled_from([*NAMES, ""])
OUTCOMES = st.lists(st.builds(Outcome, st.sampled_from(NAMES), ANSWER, ANSWER))
FEW = st.lists(
    st.builds(Outcome, st.sampled_from(NAMES), ANSWER, ANSWER), min_size=1, max_size=7
)
SMALL = st.integers(0, 6)
TALLY = st.builds(
    lambda kept, lost, won, more, *false: Tally(
        name="a",
        support=kept + lost + won + more,
        kept=kept,
        lost=lost,
        won=won,
        false_kept=false[0],
        false_lost=false[1],
        false_won=false[2],
    ),
    *[SMALL] * 7,
)


def f1(actual: Sequence[str], said: Sequence[str], name: str) -> float:
    """F1 as everybody writes it."""
    right = sum(a == s == name for a, s in zip(actual, said, strict=True))
    total = actual.count(name) + said.count(name)
    return 2 * right / total if total else 0.0


def swapped(outcomes: Sequence[Outcome]) -> list[list[Outcome]]:
    """All ways to swap the answers of two models, text by text."""
    return [
        [
            Outcome(o.actual, o.after, o.before) if turn else o
            for o, turn in zip(outcomes, turns, strict=True)
        ]
        for turns in product((False, True), repeat=len(outcomes))
    ]


def drop(outcomes: Sequence[Outcome], name: str) -> float:
    actual, before, after = (list(column) for column in zip(*outcomes, strict=True))
    return f1(actual, before, name) - f1(actual, after, name)


@given(OUTCOMES)
def test_f1_is_what_everybody_calls_f1(outcomes: list[Outcome]) -> None:
    actual, before, after = ([outcome[at] for outcome in outcomes] for at in (0, 1, 2))
    for name, tally in tallies(outcomes).items():
        assert tally.support == actual.count(name)
        assert tally.before == pytest.approx(f1(actual, before, name))
        assert tally.after == pytest.approx(f1(actual, after, name))
        assert tally.drop == pytest.approx(tally.before - tally.after)


@given(FEW)
def test_p_is_the_share_of_all_swaps_with_a_drop_as_large(
    outcomes: list[Outcome],
) -> None:
    """Against trying all of them; `least_p` is the smallest that any of them has."""
    ways = swapped(outcomes)
    for name, tally in tallies(outcomes).items():
        drops = [drop(way, name) for way in ways]
        as_large = sum(d >= drop(outcomes, name) - 1e-12 for d in drops)
        largest = sum(d >= max(drops) - 1e-12 for d in drops)
        assert tally.p == pytest.approx(as_large / len(ways))
        assert tally.least_p == pytest.approx(largest / len(ways))


@given(TALLY)
def test_a_text_won_instead_of_lost_is_no_stronger_evidence(tally: Tally) -> None:
    assert 0 < tally.least_p <= tally.p <= 1
    if tally.lost:
        better = replace(tally, lost=tally.lost - 1, won=tally.won + 1)
        assert better.p >= tally.p


@pytest.mark.parametrize(
    ("lost", "won", "p"),
    [
        (0, 0, 1),
        (1, 0, 1 / 2),
        (2, 0, 1 / 4),
        (5, 0, 1 / 32),
        (8, 1, 10 / 512),
        (3, 3, 42 / 64),
        (0, 4, 1),
    ],
)
def test_without_false_texts_it_is_the_exact_test_of_mcnemar(
    lost: int, won: int, p: float
) -> None:
    tally = Tally(name="a", support=40, kept=20, lost=lost, won=won)
    assert tally.p == pytest.approx(p)


def test_two_texts_of_forty_are_noise() -> None:
    """Five points of F1 at forty texts."""
    tally = Tally(name="a", support=40, kept=38, lost=2)
    assert tally.drop == pytest.approx(0.0256, abs=1e-4)
    assert tally.p == 1 / 4


def test_texts_of_others_that_are_taken_for_an_intent_count() -> None:
    tally = Tally(name="a", support=20, kept=20, false_won=9)
    assert tally.drop > 0.15
    assert tally.p == pytest.approx(2**-9)


def test_an_empty_answer_is_no_intent() -> None:
    assert list(tallies([Outcome("a", "", "")])) == ["a"]


def test_an_intent_on_which_the_models_agree_weakens_no_other() -> None:
    """Tarone: it could not be called worse whatever had come out."""
    worse = Tally(name="worse", support=40, kept=30, lost=6)
    same = [Tally(name=f"same{n}", support=40, kept=40) for n in range(99)]
    assert adjusted([worse, *same])["worse"] == worse.p
    assert adjusted([worse, *same])["same7"] == 1


def test_intents_that_could_be_called_worse_share_the_level() -> None:
    found = [Tally(name=f"i{n}", support=40, kept=30, lost=6) for n in range(3)]
    assert [*adjusted(found).values()] == pytest.approx([3 / 64] * 3)
    found = [Tally(name=f"i{n}", support=40, kept=30, lost=6) for n in range(4)]
    assert [*adjusted(found).values()] == [1] * 4


def test_the_corrected_p_falls_step_by_step() -> None:
    """Holm: the smallest is corrected for all, the next for one less."""
    found = [
        Tally(name="first", support=40, kept=20, lost=12),
        Tally(name="second", support=40, kept=20, lost=10),
        Tally(name="third", support=40, kept=20, lost=6, won=6),
    ]
    corrected = adjusted(found)
    assert corrected["first"] == pytest.approx(3 * found[0].p)
    assert corrected["second"] == pytest.approx(2 * found[1].p)
    assert corrected["third"] == pytest.approx(found[2].p)


@given(st.lists(TALLY, max_size=6))
def test_no_intent_is_called_worse_that_would_not_be_by_itself(
    found: list[Tally],
) -> None:
    named = [replace(tally, name=str(n)) for n, tally in enumerate(found)]
    corrected = adjusted(named)
    assert corrected.keys() == {tally.name for tally in named}
    assert all(corrected[tally.name] >= tally.p for tally in named)


@pytest.mark.parametrize("texts", [10, 40])
def test_a_false_alarm_is_as_rare_as_said(texts: int) -> None:
    """Models that are alike differ on a fifth of the texts, half each way."""
    random = Random(texts)  # noqa: S311 - no secret
    names = [f"i{n}" for n in range(8)]
    alarms = 0
    rounds = 200
    for _ in range(rounds):
        outcomes = [
            Outcome(name, *_answers(random, name, names))
            for name in names
            for _ in range(texts)
        ]
        corrected = adjusted([*tallies(outcomes).values()])
        alarms += min(corrected.values()) <= LEVEL
    # Three standard deviations above the level.
    assert alarms <= rounds * LEVEL + 3 * (rounds * LEVEL * (1 - LEVEL)) ** 0.5


def _answers(random: Random, name: str, names: Sequence[str]) -> tuple[str, str]:
    if random.random() < 0.8:
        return name, name
    pair = [name, random.choice(names)]
    random.shuffle(pair)
    return pair[0], pair[1]
