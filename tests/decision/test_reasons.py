"""Reasons: their words, and what holds for every decision."""

from __future__ import annotations

from dataclasses import replace

import pytest
from corpora import PIPELINE, corpus, nlu_yaml
from decision.judging import (
    BASE,
    F,
    N,
    S,
    judged,
    lines,
)
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.changes import Change, Kind, Side, diff
from dvcinc.config import Mode, Policy, Preset, Target
from dvcinc.corpus.values import Config, Place
from dvcinc.decision.decide import capped, decide
from dvcinc.decision.rules import RULES, rule_of


def test_reasons_come_dearest_first_and_name_places():
    decision = judged(BASE, f"{BASE}\ngreet: hey\nbook: book it")
    assert [(reason.code, reason.mode) for reason in decision.reasons] == [
        ("DI201", S),
        ("DI101", F),
    ]
    for reason in decision.reasons:
        assert reason.side is Side.NEW
        assert all(place.path == "data/nlu.yml" for place in reason.places)
        assert all(place.line > 1 for place in reason.places)


def test_a_reason_says_what_happened_and_what_to_do():
    new = f"{BASE}\nbook: book it | reserve\ngreet: hey"
    reason, _ = judged(BASE, new).reasons
    assert reason.text == "intent book is new (2 examples)"
    assert reason.advice == (
        "move the 2 examples of book to a separate pull request, and the rest "
        "fine-tunes; or set policy.rules.DI201: finetune"
    )


REST = "the rest is a refresh; or set policy.rules.DI201: finetune"


@pytest.mark.parametrize(
    ("new", "advice"),
    [
        ("book: book it", ["set policy.rules.DI201: finetune"]),
        (
            "book: book it\nsynonym Oslo: oslo",
            [
                f"move the 1 example of book to a separate pull request, and {REST}",
                "",
            ],
        ),
    ],
)
def test_a_change_is_taken_apart_only_where_a_rest_needs_less(new, advice):
    assert [r.advice for r in judged(BASE, f"{BASE}\n{new}").reasons] == advice


def test_a_rename_alone_is_not_told_to_go_alone():
    (reason,) = judged(BASE, lines(greet="", hello="hi | hello | good day")).reasons
    assert reason.kind is Kind.INTENT_RENAMED
    assert reason.advice == "set policy.rules.DI203: refresh"


def test_a_rename_points_at_the_line_of_the_name():
    old = lines()
    new = lines(bye="", farewell="ciao | so long | see you")
    (reason,) = judged(old, new).reasons
    text = nlu_yaml(new).split("\n")
    assert [text[place.line - 1] for place in reason.places] == ['- intent: "farewell"']


def test_no_policy_is_advised_where_another_reason_stays_dear():
    """Where an intent is gone, allowing the new one gains nothing."""
    new = f"{lines(bye='')}\nbook: book it | reserve"
    assert [(r.code, r.advice) for r in judged(BASE, new).reasons] == [
        ("DI201", ""),
        ("DI202", ""),
    ]


def test_nothing_is_advised_where_a_reason_has_no_way_out():
    language = Change(kind=Kind.LANGUAGE_CHANGED, subject="en → de")
    intent = Change(kind=Kind.INTENT_ADDED, subject="book", count=2)
    cheap = Change(kind=Kind.EXAMPLE_ADDED, subject="greet")
    reasons = decide([language, intent, cheap], Policy(), Config()).reasons
    assert [reason.advice for reason in reasons] == ["", "", ""]


def test_what_only_the_dialogue_model_needs_is_no_rest():
    story = Change(kind=Kind.STORIES_CHANGED, subject="stories and rules")
    gone = Change(kind=Kind.INTENT_REMOVED, subject="book", count=2)
    assert not any(r.advice for r in decide([gone, story], Policy(), Config()).reasons)


def test_an_edited_story_is_one_dialogue():
    old, new = (
        replace(corpus(BASE), stories={f'{{"stories":{steps}}}': Place("s.yml", 3)})
        for steps in ('["greet"]', '["greet","bye"]')
    )
    (change,) = diff(old, new)
    assert (change.kind, change.count) == (Kind.STORIES_CHANGED, 1)


def test_what_is_cheap_needs_no_advice():
    (reason,) = judged(BASE, f"{BASE}\ngreet: hey").reasons
    assert not reason.advice


def test_a_subject_in_braces_is_no_placeholder():
    change = Change(kind=Kind.INTENT_ADDED, subject="{names} {0}", count=1)
    cheap = Change(kind=Kind.EXAMPLE_ADDED, subject="greet")
    reason, _ = decide([change, cheap], Policy(), Config()).reasons
    assert reason.text == "intent {names} {0} is new (1 example)"
    assert "{names} {0}" in reason.advice


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("count", [1, 2, 1234])
def test_every_kind_has_a_sentence(kind, count):
    change = Change(kind=kind, subject="SUBJECT", names=("ONE", "TWO"), count=count)
    (reason,) = decide([change], Policy(), Config()).reasons
    assert reason.text
    assert "{" not in reason.text + reason.advice
    assert not reason.text.endswith(".")
    assert not reason.advice.endswith(".")
    assert "1 examples" not in reason.text
    if "1234" in reason.text:
        pytest.fail("thousands are set apart")


def test_what_has_to_run_caps_what_a_change_alone_would_need():
    reasons = judged(BASE, lines(greet="hi | hello")).reasons
    (cheap,) = capped(reasons, F)
    assert (cheap.mode, cheap.advice) == (F, "")
    assert capped(reasons, S) == reasons


def test_a_cap_leaves_reasons_of_the_dialogue_alone():
    slot = Change(kind=Kind.SLOT_ADDED, subject="name")
    reasons = decide([slot], Policy(), Config()).reasons
    assert capped(reasons, N) == reasons


changes = st.builds(
    Change,
    kind=st.sampled_from(Kind),
    subject=st.sampled_from(["a", "b"]),
    names=st.sampled_from([(), ("c",), ("c", "d")]),
    count=st.integers(1, 3),
    side=st.sampled_from(Side),
    places=st.just((Place("data/nlu.yml", 1),)),
    trains=st.booleans(),
    served=st.booleans(),
)
allowed = {
    rule.code: st.sampled_from([mode for mode in Mode if mode >= rule.floor])
    for rule in RULES
    if rule.floor is not None
}
policies = st.builds(
    Policy,
    preset=st.sampled_from(Preset),
    rules=st.fixed_dictionaries({}, optional=allowed),
    targets=st.sampled_from(
        [(Target.NLU,), (Target.DIALOGUE,), (Target.NLU, Target.DIALOGUE)]
    ),
)
configs = st.sampled_from(
    [
        Config(),
        corpus(config=PIPELINE).config,
        corpus(
            config=PIPELINE.replace(
                "Tokenizer\n", "Tokenizer\n  intent_tokenization_flag: true\n"
            )
        ).config,
    ]
)


@given(st.lists(changes, max_size=6), st.lists(changes, max_size=6), policies, configs)
def test_more_changes_never_cost_less(some, more, policy, config):
    few = decide(some, policy, config)
    many = decide([*some, *more], policy, config)
    assert many.mode >= few.mode
    assert all(many.targets[target] >= few.targets[target] for target in Target)


@given(st.lists(changes, max_size=6), policies)
def test_the_mode_is_that_of_the_dearest_reason_and_none_is_lost(some, policy):
    decision = decide(some, policy, Config())
    assert len(decision.reasons) == len(some)
    for target in Target:
        modes = [r.mode for r in decision.reasons if target in r.targets]
        assert decision.targets[target] is max(modes, default=N)


@given(st.lists(changes, max_size=6), policies)
def test_the_order_of_changes_does_not_matter(some, policy):
    there = decide(some, policy, Config())
    back = decide(some[::-1], policy, Config())
    assert (there.mode, there.targets) == (back.mode, back.targets)


@given(changes.map(lambda change: replace(change, served=False)), policies)
def test_what_is_not_trained_on_is_never_dearer(change, policy):
    trained, untrained = (
        decide([replace(change, trains=trains)], policy, Config()).mode
        for trains in (True, False)
    )
    assert untrained <= trained
    assert untrained <= rule_of(change.kind).untrained
