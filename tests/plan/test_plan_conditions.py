"""What speaks against a base beside the changes: limits, budgets, reserves."""

from __future__ import annotations

import pytest
from corpora import PIPELINE, SELECTING, corpus

from dvcinc.changes import Side
from dvcinc.config import Mode, Params, Policy, Preset, Train
from dvcinc.corpus.trained import trained
from dvcinc.plan.base import Versions, cut
from dvcinc.plan.choose import Chooser

VERSIONS = Versions(model_format=1, feature_code=1)
BASE = """
greet: hi | hello | good day | hey there | morning | evening | hiya | welcome
bye: ciao | so long
"""
STRICT, PRAGMATIC = Preset.STRICT, Preset.PRAGMATIC


def fitted(new: str, policy: Policy | None = None, config: str = PIPELINE, old=BASE):
    base = cut(trained(corpus(old, config=config)), Train(), VERSIONS, None)
    params = Params(policy=policy or Policy())
    return Chooser(corpus(new, config=config), params, VERSIONS).fit(base)


def said(fit, code: str) -> list[str]:
    return [r.text for r in fit.decision.reasons if r.code == code]


def grew(what: str, new: int, old: int, limit: str) -> str:
    return f"the delta of {what} of its base ({new} new to {old} old), policy.{limit}"


def gone(share: str, intent: str, count: int, whole: int, limit: str = "25.0%") -> str:
    unlearned = f"{share} of intent {intent} has to be unlearned"
    said = f"policy.intent_unlearn_limit is {limit}"
    return f"{unlearned} ({count} of {whole} examples), {said}"


def grown(greet: int = 0, bye: int = 0) -> str:
    rows = [f"greet: new greeting {n}" for n in range(greet)]
    return "\n".join([BASE, *rows, *(f"bye: new parting {n}" for n in range(bye))])


# --- growth -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("greet", "bye", "limit", "texts"),
    [
        (5, 0, 0.5, []),
        (6, 0, 0.5, [grew("the corpus is 60%", 6, 10, "growth_limit is 50%")]),
        (0, 5, 0.5, []),
        (1, 0, 0.0, [grew("the corpus is 10%", 1, 10, "growth_limit is 0%")]),
        (0, 8, 2.0, []),
        (0, 9, 2.0, [grew("intent bye is 450%", 9, 2, "intent_growth_limit is 400%")]),
    ],
)
def test_a_delta_may_grow_to_its_limit(greet, bye, limit, texts):
    fit = fitted(grown(greet, bye), Policy(growth_limit=limit))
    assert said(fit, "DI503") == texts
    assert fit.mode is (Mode.SCRATCH if texts else Mode.FINETUNE)


def test_a_limit_may_be_told_not_to_count():
    policy = Policy(rules={"DI503": Mode.FINETUNE}, growth_limit=0)
    fit = fitted(grown(3), policy)
    assert fit.mode is Mode.FINETUNE
    assert said(fit, "DI503")


def test_a_new_intent_has_no_base_to_outgrow():
    rows = "\n".join(f"book: book {n}" for n in range(20))
    fit = fitted(f"{BASE}\n{rows}", Policy(preset=PRAGMATIC, growth_limit=9))
    assert fit.mode is Mode.FINETUNE


def test_the_keys_of_a_retrieval_intent_grow_together():
    old = "faq/ask_a: a | b | c\nfaq/ask_b: d\nbye: ciao | so long"
    new = f"{old}\nfaq/ask_b: {' | '.join(f'new {n}' for n in range(5))}"
    fit = fitted(new, Policy(growth_limit=9, intent_growth_limit=1), old=old)
    assert said(fit, "DI503") == [
        grew("intent faq is 125%", 5, 4, "intent_growth_limit is 100%")
    ]


# --- unlearning -------------------------------------------------------------------

ONE_GONE = BASE.replace("hi | ", "")
ONE_MOVED = ONE_GONE + "\nbye: hi"
ONE_EDITED = BASE.replace("hi | ", "Hi! | ")
ONE_NOTED = BASE.replace("hello", "[hello](word)")


@pytest.mark.parametrize("new", [ONE_GONE, ONE_MOVED, ONE_EDITED, ONE_NOTED])
@pytest.mark.parametrize(
    ("policy", "mode"),
    [
        (Policy(preset=PRAGMATIC, unlearn_limit=0.1), Mode.FINETUNE),
        (Policy(preset=PRAGMATIC, unlearn_limit=0.09), Mode.SCRATCH),
        (
            Policy(preset=PRAGMATIC, unlearn_limit=0, rules={"DI507": Mode.FINETUNE}),
            Mode.FINETUNE,
        ),
        (Policy(unlearn_limit=1), Mode.SCRATCH),
    ],
)
def test_what_the_base_has_to_unlearn_is_counted(new, policy, mode):
    assert fitted(new, policy).mode is mode


def test_a_budget_says_how_much_of_it_was_needed():
    fit = fitted(ONE_GONE, Policy(preset=PRAGMATIC, unlearn_limit=0.05))
    unlearned = "10.0% of the base has to be unlearned (1 of 10 examples)"
    assert said(fit, "DI507") == [f"{unlearned}, policy.unlearn_limit is 5.0%"]


def test_a_budget_names_what_is_gone_where_it_stood_and_what_to_do():
    fit = fitted(ONE_GONE, Policy(preset=PRAGMATIC, unlearn_limit=0.05))
    (reason,) = [r for r in fit.decision.reasons if r.code == "DI507"]
    there = [e for e in fit.base.corpus.examples if e.text == "hi"]
    assert reason.side is Side.OLD
    assert reason.places == tuple(fit.base.corpus.examples[e] for e in there)
    assert reason.advice == "keep more of the examples, or raise policy.unlearn_limit"


def test_growth_names_what_is_new():
    fit = fitted(grown(2), Policy(growth_limit=0.1))
    (reason,) = [r for r in fit.decision.reasons if r.code == "DI503"]
    assert reason.side is Side.NEW
    assert len(reason.places) == len(fit.delta.added)
    assert reason.advice == "raise policy.growth_limit to fine-tune once more"


def test_strict_has_no_budget_since_each_removal_is_scratch():
    assert said(fitted(ONE_GONE, Policy(unlearn_limit=0)), "DI507") == []


@pytest.mark.parametrize(("rule", "new"), [("DI102", ONE_GONE), ("DI105", ONE_EDITED)])
def test_strict_has_the_budget_where_a_rule_lets_it_unlearn(rule, new):
    rules = {rule: Mode.FINETUNE}
    within = fitted(new, Policy(rules=rules, unlearn_limit=0.1))
    beyond = fitted(new, Policy(rules=rules, unlearn_limit=0.05))
    assert within.mode is Mode.FINETUNE
    assert beyond.mode is Mode.SCRATCH
    assert said(beyond, "DI507")


def test_an_edited_example_is_one_to_learn_and_one_to_unlearn():
    delta = fitted(ONE_EDITED, Policy(preset=PRAGMATIC)).delta
    assert [example.text for example in delta.added] == ["Hi!"]
    assert [example.text for example in delta.removed] == ["hi"]


def test_a_rename_unlearns_nothing():
    new = BASE.replace("bye:", "farewell:")
    policy = Policy(preset=PRAGMATIC, unlearn_limit=0, intent_unlearn_limit=0)
    assert fitted(new, policy).mode is Mode.REFRESH


TEN = "ten: a | b | c | d | e | f | g | h\nfour: w | x | y | z"
THREE, TWO = gone("37.5%", "ten", 3, 8), gone("50.0%", "four", 2, 4)


@pytest.mark.parametrize(
    ("new", "texts"),
    [
        # Nothing is gone, however much there is.
        (TEN, []),
        (f"{TEN}\nfour: v | u | t | s | r", []),
        # A quarter is allowed.
        (TEN.replace("a | b | ", ""), []),
        (TEN.replace("w | ", ""), []),
        (TEN.replace("a | b | ", "") + " | a | b", []),
        # More is not, whether removed or relabelled or both.
        (TEN.replace("a | b | c | ", ""), [THREE]),
        (TEN.replace("w | x | ", ""), [TWO]),
        (
            TEN.replace("a | b | c | ", "") + " | a | b | c",
            [THREE],
        ),
        (TEN.replace("a | b | c | ", "") + " | a", [THREE]),
        (
            "ten: d | e | f | g | h | w | x\nfour: y | z | a | b | c",
            [TWO, THREE],
        ),
        # An edited one is gone as it was.
        (TEN.replace("a | b | c | ", "A | B | C | "), [THREE]),
        # New examples do not make up for those that are gone.
        (TEN.replace("w | x | ", "s | t | u | v | "), [TWO]),
        # What is annotated anew stays with its intent.
        (TEN.replace("w | x | y", "[w](q) | [x](q) | [y](q)"), []),
        (
            TEN.replace("w | x | y", "[y](q)"),
            [TWO],
        ),
        # An intent that is gone as a whole is told of by its own rule.
        (TEN.replace("\nfour: w | x | y | z", ""), []),
    ],
)
def test_an_intent_may_lose_a_quarter_of_its_examples(new, texts):
    policy = Policy(preset=PRAGMATIC, unlearn_limit=1)
    fit = fitted(new, policy, old=TEN)
    assert said(fit, "DI507") == texts
    if texts:
        assert fit.mode is Mode.SCRATCH


@pytest.mark.parametrize(
    ("policy", "mode"),
    [
        (Policy(preset=PRAGMATIC, unlearn_limit=1), Mode.SCRATCH),
        (
            Policy(preset=PRAGMATIC, unlearn_limit=1, intent_unlearn_limit=0.5),
            Mode.FINETUNE,
        ),
        (
            Policy(preset=PRAGMATIC, unlearn_limit=1, rules={"DI507": Mode.FINETUNE}),
            Mode.FINETUNE,
        ),
        (Policy(unlearn_limit=1, intent_unlearn_limit=1), Mode.SCRATCH),
        (Policy(unlearn_limit=1, rules={"DI102": Mode.FINETUNE}), Mode.SCRATCH),
        (
            Policy(
                unlearn_limit=1,
                intent_unlearn_limit=0.5,
                rules={"DI102": Mode.FINETUNE},
            ),
            Mode.FINETUNE,
        ),
    ],
)
def test_the_limit_of_an_intent_is_the_policys(policy, mode):
    assert fitted(TEN.replace("w | x | ", ""), policy, old=TEN).mode is mode


@pytest.mark.parametrize(
    ("config", "texts"),
    [
        (SELECTING, [gone("50.0%", "faq/a", 2, 4)]),
        # Without a selector both keys are one intent.
        (PIPELINE, []),
    ],
)
def test_a_key_that_is_a_label_has_a_limit_of_its_own(config, texts):
    old = "faq/a: a | b | c | d\nfaq/b: e | f | g | h\nbye: ciao"
    policy = Policy(preset=PRAGMATIC, unlearn_limit=1)
    fit = fitted(old.replace("a | b | c", "c"), policy, config, old)
    assert said(fit, "DI507") == texts


def test_a_renamed_intent_keeps_its_limit():
    new = TEN.replace("four:", "quattro:").replace("w | ", "")
    policy = Policy(preset=PRAGMATIC, unlearn_limit=1, intent_unlearn_limit=0.2)
    assert said(fitted(new, policy, old=TEN), "DI507") == [
        gone("25.0%", "four", 1, 4, "20.0%")
    ]


# --- what Rasa's config keys reserve ----------------------------------------------

WORDS = PIPELINE.replace(
    "- name: CountVectorsFeaturizer\n- ",
    "- name: CountVectorsFeaturizer\n  additional_vocabulary_size: {}\n- ",
)
PATTERNS = PIPELINE.replace(
    "- name: RegexFeaturizer\n",
    "- name: RegexFeaturizer\n  number_additional_patterns: {}\n",
)
CHARS = "char_wb\n  additional_vocabulary_size: 1000\n"


@pytest.mark.parametrize(
    ("config", "added", "codes", "strict"),
    [
        (WORDS.format(2), "greet: bonjour madame", [], Mode.FINETUNE),
        (WORDS.format(1), "greet: bonjour madame", ["DI501"], Mode.SCRATCH),
        (WORDS.format(0), "greet: hello hi", [], Mode.FINETUNE),
        (WORDS.format("{text: 1}"), "greet: bonjour madame", ["DI501"], Mode.SCRATCH),
        (WORDS.format("{intent: 1}"), "greet: bonjour madame", [], Mode.FINETUNE),
        (WORDS.format("null"), "greet: bonjour madame", [], Mode.FINETUNE),
        (PATTERNS.format(1), "regex a: x", [], Mode.FINETUNE),
        (PATTERNS.format(1), "regex a: x\nlookup b: y", ["DI502"], Mode.SCRATCH),
        (PATTERNS.format("null"), "regex a: x\nlookup b: y", [], Mode.FINETUNE),
    ],
)
def test_a_reserve_counts_where_the_config_sets_it(config, added, codes, strict):
    policy = {preset: Policy(preset=preset) for preset in Preset}
    fit = fitted(f"{BASE}\n{added}", policy[STRICT], config)
    found = [r.code for r in fit.decision.reasons if r.code.startswith("DI50")]
    assert found == codes
    assert fit.mode is strict
    assert fitted(f"{BASE}\n{added}", policy[PRAGMATIC], config).mode is Mode.FINETUNE


def test_a_reserve_counts_the_features_of_its_own_component():
    config = WORDS.format(5).replace("char_wb\n", CHARS)
    assert said(fitted(f"{BASE}\ngreet: bonjour", config=config), "DI501") == []


def test_an_overflow_names_its_component_and_its_place():
    config = WORDS.format(1)
    fit = fitted(f"{BASE}\ngreet: bonjour madame", config=config)
    (reason,) = [r for r in fit.decision.reasons if r.code == "DI501"]
    assert reason.text == (
        "2 new words, 1 reserved by CountVectorsFeaturizer.additional_vocabulary_size"
    )
    line = config.splitlines().index("  additional_vocabulary_size: 1")
    assert [str(place) for place in reason.places] == [f"config.yml:{line}"]


def test_a_reserve_counts_words_as_the_tokenizer_cuts_them():
    config = WORDS.format(1).replace(
        "- name: WhitespaceTokenizer\n",
        "- name: WhitespaceTokenizer\n  token_pattern: '[^+]+'\n",
    )
    fit = fitted(f"{BASE}\ngreet: bonjour+madame", config=config)
    assert len(said(fit, "DI501")) == 1
