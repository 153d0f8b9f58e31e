"""`policy.rules`: what a team may set, and what it may not."""

from __future__ import annotations

import pytest

from dvcinc.changes import Change, Kind
from dvcinc.config import Mode, Policy, Preset, Target
from dvcinc.corpus.values import Config
from dvcinc.decision.decide import decide
from dvcinc.decision.rules import RULES, check_policy
from dvcinc.errors import InputError

HERE = "params.yaml: policy.rules"
LESS = (
    "examples added to a known intent cannot soundly be less",
    "an intent is gone cannot soundly be less",
)
NEW_INTENT = Change(kind=Kind.INTENT_ADDED, subject="book")


def test_a_rule_set_by_the_team_overrides_the_preset():
    policy = Policy(rules={"DI201": Mode.FINETUNE})
    assert decide([NEW_INTENT], policy, Config()).mode is Mode.FINETUNE


def test_a_rule_may_be_set_dearer_than_its_preset():
    policy = Policy(preset=Preset.PRAGMATIC, rules={"DI101": Mode.SCRATCH})
    added = Change(kind=Kind.EXAMPLE_ADDED, subject="greet")
    assert decide([added], policy, Config()).mode is Mode.SCRATCH


def test_an_override_does_not_reach_what_the_pipeline_does_not_train_on():
    policy = Policy(rules={"DI112": Mode.SCRATCH, "DI404": Mode.SCRATCH})
    regex = Change(kind=Kind.REGEX_ADDED, subject="zip", trains=False)
    mapper = Change(
        kind=Kind.COMPONENT_ADDED, subject="EntitySynonymMapper", trains=False
    )
    assert decide([regex], policy, Config()).mode is Mode.NONE
    assert decide([mapper], policy, Config()).mode is Mode.REFRESH


def test_an_override_below_a_refresh_holds_for_a_weightless_component_too():
    policy = Policy(rules={"DI402": Mode.NONE})
    changed = Change(
        kind=Kind.WEIGHTLESS_SETTING_CHANGED,
        subject="FallbackClassifier.threshold",
        names=("0.3", "0.4"),
        trains=False,
    )
    assert decide([changed], policy, Config()).mode is Mode.NONE


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_floor_holds_and_everything_above_it_is_allowed(rule):
    for mode in Mode:
        policy = Policy(rules={rule.code: mode})
        if rule.floor is not None and mode >= rule.floor:
            check_policy(policy)
        else:
            with pytest.raises(InputError, match=rule.code):
                check_policy(policy)


def test_all_mistakes_are_told_at_once():
    policy = Policy(
        rules={
            "DI101": Mode.NONE,
            "DI202": Mode.REFRESH,
            "DI508": Mode.SCRATCH,
            "DI999": Mode.SCRATCH,
        }
    )
    with pytest.raises(InputError) as caught:
        check_policy(policy)
    assert caught.value.message.splitlines() == [
        f"{HERE}.DI101: none is below the floor finetune: {LESS[0]}",
        f"{HERE}.DI202: refresh is below the floor scratch: {LESS[1]}",
        f"{HERE}.DI508: this rule cannot be changed",
        f"{HERE}.DI999: there is no such rule",
    ]


@pytest.mark.parametrize(
    ("targets", "mode"),
    [
        ((Target.NLU,), Mode.NONE),
        ((Target.DIALOGUE,), Mode.SCRATCH),
        ((Target.NLU, Target.DIALOGUE), Mode.SCRATCH),
    ],
)
def test_the_mode_is_the_highest_of_the_policys_targets(targets, mode):
    action = Change(kind=Kind.ACTION_ADDED, subject="action_book")
    decision = decide([action], Policy(targets=targets), Config())
    assert decision.mode is mode
    assert decision.targets == {Target.NLU: Mode.NONE, Target.DIALOGUE: Mode.SCRATCH}


def test_intent_names_that_are_features_make_a_rename_dear_whatever_the_policy(
    tokenizing,
):
    renamed = Change(kind=Kind.INTENT_RENAMED, subject="a", names=("b",))
    policy = Policy(preset=Preset.PRAGMATIC, rules={"DI203": Mode.REFRESH})
    assert decide([renamed], policy, Config()).mode is Mode.REFRESH
    assert decide([renamed], policy, tokenizing).mode is Mode.SCRATCH


@pytest.fixture
def tokenizing():
    from corpora import corpus  # noqa: PLC0415 - a helper of the tests

    said = "pipeline:\n- name: WhitespaceTokenizer\n  intent_tokenization_flag: true\n"
    return corpus(config=said).config
