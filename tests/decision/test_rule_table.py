"""The table of rules, written down once more from the design and compared."""

from __future__ import annotations

import pytest

from dvcinc.changes import Kind
from dvcinc.config import Mode, Policy, Preset, Target
from dvcinc.decision.rules import BY_CODE, RULES, rule_of

N, R, F, S = Mode.NONE, Mode.REFRESH, Mode.FINETUNE, Mode.SCRATCH
NLU, DIALOGUE = (Target.NLU,), (Target.DIALOGUE,)
BOTH = (Target.NLU, Target.DIALOGUE)

# code, kinds, target, strict, pragmatic, floor
TABLE = [
    ("DI101", "example-added", NLU, F, F, F),
    ("DI102", "example-removed", NLU, S, F, F),
    ("DI103", "example-relabelled", NLU, S, F, F),
    ("DI104", "annotation-changed", NLU, S, F, F),
    ("DI105", "example-edited", NLU, S, F, F),
    ("DI111", "synonym-changed", NLU, R, R, R),
    ("DI112", "regex-added lookup-added", NLU, F, F, F),
    ("DI113", "regex-changed lookup-changed", NLU, S, F, F),
    ("DI114", "regex-removed lookup-removed", NLU, S, F, F),
    ("DI121", "response-text-changed", NLU, R, R, R),
    ("DI201", "intent-added", BOTH, S, F, F),
    ("DI202", "intent-removed", BOTH, S, S, S),
    ("DI203", "intent-renamed", BOTH, S, R, R),
    ("DI204", "intents-merged", BOTH, S, S, S),
    ("DI205", "intent-split", BOTH, S, S, S),
    ("DI206", "response-key-added", NLU, S, F, F),
    ("DI207", "response-key-removed response-key-renamed", NLU, S, S, S),
    ("DI211", "entity-added", BOTH, S, F, F),
    ("DI212", "entity-removed", BOTH, S, S, S),
    ("DI213", "entity-renamed", BOTH, S, R, R),
    (
        "DI214",
        "role-added role-removed role-moved group-added group-removed group-moved",
        BOTH,
        S,
        S,
        S,
    ),
    ("DI301", "slot-added slot-removed", DIALOGUE, S, S, S),
    ("DI302", "action-added action-removed form-added form-removed", DIALOGUE, S, S, S),
    ("DI303", "domain-detail-changed", DIALOGUE, N, N, N),
    (
        "DI304",
        "intent-listed intent-unlisted entity-listed entity-unlisted",
        DIALOGUE,
        S,
        S,
        S,
    ),
    ("DI305", "stories-changed", DIALOGUE, F, F, F),
    ("DI401", "epochs-changed", NLU, N, N, N),
    ("DI402", "weightless-setting-changed", NLU, R, R, N),
    ("DI403", "hyperparameter-changed", NLU, S, S, S),
    (
        "DI404",
        "component-added component-removed components-reordered",
        NLU,
        S,
        S,
        S,
    ),
    ("DI405", "language-changed", BOTH, S, S, S),
    ("DI406", "policies-changed", DIALOGUE, S, S, S),
    ("DI407", "train-parameter-changed finetune-parameter-changed", NLU, S, S, S),
    ("DI501", "vocabulary-overflow", NLU, S, F, F),
    ("DI502", "pattern-overflow", NLU, S, F, F),
    ("DI503", "growth-limit", NLU, S, S, F),
    ("DI504", "base-unavailable", NLU, S, S, S),
    ("DI505", "base-incompatible", NLU, S, S, S),
    ("DI507", "unlearn-budget", NLU, None, S, F),
    ("DI508", "forced other-base", NLU, S, S, None),
    ("DI509", "trainer-cannot-finetune", NLU, S, S, S),
]


@pytest.mark.parametrize(
    ("code", "kinds", "targets", "strict", "pragmatic", "floor"),
    TABLE,
    ids=[row[0] for row in TABLE],
)
def test_a_rule_is_the_designs(code, kinds, targets, strict, pragmatic, floor):
    rule = BY_CODE[code]
    assert {kind.value for kind in rule.kinds} == set(kinds.split())
    assert rule.targets == targets
    assert (rule.strict, rule.pragmatic, rule.floor) == (strict, pragmatic, floor)


def test_there_are_no_other_rules():
    assert [rule.code for rule in RULES] == [row[0] for row in TABLE]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_change_has_exactly_one_rule(kind):
    (found,) = [rule for rule in RULES if kind in rule.kinds]
    assert rule_of(kind) is found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_preset_never_goes_below_the_floor(rule):
    for preset in Preset:
        for kind in set(rule.kinds) - set(rule.fixed):
            mode = rule.mode(Policy(preset=preset), kind)
            assert rule.floor is None or mode >= rule.floor


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_strict_is_never_cheaper_than_pragmatic(rule):
    strict, pragmatic = (Policy(preset=preset) for preset in Preset)
    for kind in rule.kinds:
        assert rule.mode(strict, kind) >= rule.mode(pragmatic, kind)


@pytest.mark.parametrize("preset", Preset)
def test_parameters_of_the_fine_tune_never_cut_a_base(preset):
    rule = BY_CODE["DI407"]
    policy = Policy(preset=preset)
    assert rule.mode(policy, Kind.TRAIN_PARAMETER_CHANGED) is S
    assert rule.mode(policy, Kind.FINETUNE_PARAMETER_CHANGED) is F


def test_what_the_pipeline_does_not_train_on_needs_nothing():
    strict = Policy()
    for code, needed in [("DI112", N), ("DI104", N), ("DI211", N), ("DI404", R)]:
        rule = BY_CODE[code]
        assert rule.mode(strict, rule.kinds[0], trains=False) is needed


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_what_it_means(rule):
    assert rule.title
    assert not rule.title.endswith(".")
    assert rule.about.endswith(".")
    assert not rule.advice.endswith(".")
    assert "{" not in rule.about
