"""The benchmarks' own parts: splits, deltas, figures and tables, nothing trained."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from training import deltas, sets, table
from training.answers import Answers, churn, score
from training.figures import (
    calibration_error,
    f1,
    f1_bootstrap,
    separation,
    shares_bootstrap,
)

from dvcinc.corpus.values import Corpus, Example, Span
from dvcinc.model.evaluate import compare
from dvcinc.model.result import FoundEntity, ParseResult, RankedIntent

LABELS = st.sampled_from(["greet", "bye", "faq/ask_a", "faq/ask_b"])
EXAMPLES = st.sets(
    st.builds(Example, LABELS, st.text("abc ", min_size=1, max_size=6)), min_size=4
)


def many(each: int = 40, intents: int = 8) -> Corpus:
    """A corpus of equal intents, one of them with a rare entity type."""
    plain = [
        Example(f"i{intent}", f"text {at} of {intent}")
        for intent in range(intents)
        for at in range(each + intent)
    ]
    rare = Example("i0", "a rare thing", (Span(2, 6, "rare"),))
    return sets.holding(Corpus(), [*plain, rare])


def answers(right: list[bool], sure: list[float] | None = None) -> Answers:
    """Answers without entities."""
    return Answers(
        names=tuple("yes" if one else "no" for one in right),
        right=np.array(right),
        sure=np.array(sure or [0.5] * len(right)),
        counts=np.zeros((len(right), 3), np.int64),
    )


@given(EXAMPLES, st.randoms())
def test_a_split_is_a_partition_that_the_order_does_not_change(examples, random):
    order = sorted(examples)
    random.shuffle(order)
    kept, held = sets.split(order, "some")
    assert (kept, held) == sets.split(sorted(examples), "some")
    assert {*kept} | {*held} == examples
    assert not {*kept} & {*held}


@given(EXAMPLES)
def test_a_split_leaves_something_of_each_intent(examples):
    kept, _ = sets.split(examples, "some")
    assert sets.by_intent(kept).keys() == sets.by_intent(examples).keys()


def test_splits_of_other_names_differ():
    examples = many().examples
    assert sets.split(examples, "one") != sets.split(examples, "two")


def test_a_base_of_two_draws_lacks_both_and_gets_one_each_time():
    family = deltas.plain(many(), 10, [0, 1])
    for change in family.changes:
        added = change.after.examples.keys() - family.before.examples.keys()
        assert added == {*change.probes[deltas.DELTA]}
        assert len(added) == 10
    lost = family.reference.examples.keys() - family.before.examples.keys()
    assert lost == {e for c in family.changes for e in c.probes[deltas.DELTA]}


@pytest.mark.parametrize("draw", range(20))
def test_a_plain_delta_brings_no_new_label(draw):
    corpus = many(each=2)
    family = deltas.plain(corpus, deltas.tenth(corpus) * 5, [draw])
    assert {*sets.intents(family.before.examples)} == {*sets.intents(corpus.examples)}
    assert any(example.spans for example in family.before.examples)


def test_a_chain_grows_into_the_plain_tenth_of_the_same_base():
    corpus = many()
    links = deltas.chain(corpus, 3)
    whole = deltas.plain(corpus, deltas.tenth(corpus), [3])
    assert links.stem == whole.stem
    assert links.before == whole.before
    assert links.changes[-1].after == whole.changes[0].after
    sizes = [len(change.probes[deltas.DELTA]) for change in links.changes]
    assert len(sizes) == deltas.CHAIN
    assert sizes == sorted(sizes)


def test_a_concentrated_delta_leaves_eight_of_six_intents():
    corpus = many()
    family = deltas.concentrated(corpus, least=41)
    left = sets.by_intent(family.before.examples)
    few = {intent for intent, mine in left.items() if len(mine) == deltas.LEFT}
    assert few == family.changes[0].intents
    assert len(few) == deltas.FEW_INTENTS
    assert family.changes[0].after is corpus


def test_new_intents_are_those_whose_sizes_come_nearest():
    family = deltas.new_intents(many(), examples=40 + 41 + 42 + 1)
    assert len(family.changes[0].probes[deltas.DELTA]) == 124
    gone = family.changes[0].intents
    assert not gone & {*sets.intents(family.before.examples)}
    assert len(gone) == deltas.NEW_INTENTS


def test_relabelled_examples_leave_their_intent():
    corpus = many(each=120)
    assert deltas.largest(corpus) == "i7"
    family = deltas.relabelled(corpus, "i7", "i2")
    change = family.changes[0]
    gone = family.before.examples.keys() - change.after.examples.keys()
    moved = change.after.examples.keys() - family.before.examples.keys()
    assert {example.intent for example in gone} == {"i7"}
    assert {example.intent for example in moved} == {"i2"}
    assert {e.text for e in gone} == {e.text for e in moved}
    assert len(moved) == deltas.RELABELLED
    assert {*change.probes[deltas.KEPT]} <= change.after.examples.keys()


def test_a_perfectly_calibrated_half_has_no_error():
    sure = np.array([0.5, 0.5, 1.0])
    assert calibration_error(sure, np.array([True, False, True])) == 0


def test_calibration_error_is_the_mean_gap():
    sure = np.array([0.9, 0.9, 0.1, 0.1])
    right = np.array([False, False, False, False])
    assert calibration_error(sure, right) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("inside", "outside", "area"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5], [0.5], 0.5),
        ([0.9, 0.3], [0.5], 0.5),
    ],
)
def test_separation_is_the_chance_to_rank_a_pair_right(inside, outside, area):
    assert separation(np.array(inside), np.array(outside)) == area


def test_f1_of_nothing_is_nothing():
    assert f1(np.zeros(3)) == 0


def test_equal_runs_differ_by_nothing():
    runs = [np.array([True, False, True])] * 2
    assert shares_bootstrap(runs, runs) == (0, 0)


def test_a_bootstrap_holds_the_difference_and_is_repeatable():
    random = np.random.default_rng(1)
    theirs = [random.random(400) < 0.8 for _ in range(5)]
    ours = [random.random(400) < 0.9 for _ in range(5)]
    found = shares_bootstrap(ours, theirs)
    gap = np.mean(ours) - np.mean(theirs)
    assert 0 < found.low < gap < found.high
    assert found == shares_bootstrap(ours, theirs)


def test_a_bootstrap_of_f1_takes_whole_texts():
    ours = np.array([[1, 1, 1]] * 30 + [[0, 1, 1]] * 10)
    theirs = np.array([[0, 1, 1]] * 30 + [[0, 1, 1]] * 10)
    found = f1_bootstrap([ours], [theirs])
    assert found.low < f1(ours.sum(axis=0)) < found.high


def test_scores_are_those_of_evaluate():
    examples = [
        Example("greet", "hi Bob", (Span(3, 6, "name"),)),
        Example("faq/ask_a", "in Rome", (Span(3, 7, "city", "to"),)),
        Example("bye", "bye"),
    ]
    found = [
        ("greet", [("name", 3, 6, None)]),
        ("faq", [("city", 3, 7, None)]),
        ("greet", [("name", 0, 3, None)]),
    ]
    results = [
        ParseResult(
            text=example.text,
            intent=RankedIntent(name, 0.5),
            entities=tuple(
                FoundEntity(
                    start=s, end=e, entity=kind, value="", confidence=1, role=role
                )
                for kind, s, e, role in entities
            ),
        )
        for example, (name, entities) in zip(examples, found, strict=True)
    ]
    ours, theirs = score(examples, results), compare(examples, results)
    assert ours.accuracy == pytest.approx(100 * theirs.accuracy)
    assert ours.entity_f1 == pytest.approx(100 * theirs.entity_f1)
    assert [*ours.perfect] == [True, False, False]


def test_churn_counts_other_intents():
    assert churn(answers([True, True, False]), answers([True, False, False])) == (
        pytest.approx(100 / 3)
    )


@pytest.mark.parametrize(
    ("target", "met"),
    [
        (None, None),
        (table.at_least(2), True),
        (table.at_least(2.1), False),
        (table.at_most(2), True),
        (table.at_most(None), None),
    ],
)
def test_the_mean_is_judged(target, met):
    assert table.line("what", [1, 3], target=target).is_met is met


def test_a_single_run_has_no_deviation():
    assert table.line("what", [1]).deviation is None


def test_markdown_has_a_cell_for_each_head():
    lines = [table.line("a | b", [1, 2], "points", table.at_least(-0.5))]
    rows = table.markdown(lines).splitlines()
    assert len(rows) == 3
    assert {row.replace("\\|", "").count("|") for row in rows} == {len(table.HEADS) + 1}
    assert "≥ -0.5" in rows[2]
    assert "met" in rows[2]


def test_a_line_is_json():
    said = table.line("what", [1, 2], target=table.at_most(1)).to_json()
    assert json.loads(json.dumps(said)) == said
    assert (said["mean"], said["target"], said["at"], said["met"]) == (
        1.5,
        1,
        "most",
        False,
    )


def test_the_tags_of_the_floor_read_back_as_runs():
    pytest.importorskip("sklearn")
    pytest.importorskip("pycrfsuite")
    from training import floor  # noqa: PLC0415

    assert [*floor.stretches(["O", "B-1", "I-1", "B-2", "O", "B-1", "B-1"])] == [
        (1, 3, "1"),
        (3, 4, "2"),
        (5, 6, "1"),
        (6, 7, "1"),
    ]
    assert [*floor.stretches([])] == []
