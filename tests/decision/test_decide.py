"""From two corpora to mode and reasons, as tables."""

from __future__ import annotations

import pytest
from corpora import PIPELINE, SELECTING
from decision.judging import (
    BASE,
    EXTRACTING,
    EXTRACTING_ONLY,
    NO_REGEX,
    NO_SPANS,
    TEXT_LABELS,
    F,
    N,
    R,
    S,
    judged,
    lines,
)

from dvcinc.config import Preset, Target

# what happened, the corpus afterwards, codes, strict, pragmatic
ROWS = [
    ("nothing", BASE, "", N, N),
    ("a duplicate", f"{BASE}\ngreet: hi |  hello ", "", N, N),
    ("another order", "\n".join(reversed(BASE.strip().splitlines())), "", N, N),
    ("examples came", lines(greet="hi | hello | good day | hey"), "DI101", F, F),
    (
        "an annotated example came",
        lines(
            travel="to [Rome](city) | to [Oslo](city) | from [Bonn](city) to "
            "[Rome](city) | off to [Oslo](city)"
        ),
        "DI101",
        F,
        F,
    ),
    ("an example went", lines(greet="hi | hello"), "DI102", S, F),
    (
        "an example moved",
        lines(greet="hi | hello", bye="ciao | so long | see you | good day"),
        "DI103",
        S,
        F,
    ),
    (
        "an annotation was dropped",
        lines(travel="to [Rome](city) | to Oslo | from [Bonn](city) to [Rome](city)"),
        "DI104",
        S,
        F,
    ),
    ("a synonym came", f"{BASE}\nsynonym Oslo: christiania", "DI111", R, R),
    ("a synonym went", BASE.replace("synonym Rome: roma | rome", ""), "DI111", R, R),
    ("an answer changed", BASE.replace("Yes.", "Of course."), "DI121", R, R),
    ("an intent came", f"{BASE}\nbook: book it | reserve", "DI201", S, F),
    ("an intent went", lines(bye=""), "DI202", S, S),
    (
        "an intent was renamed",
        f"{lines(bye='')}\nfarewell: ciao | so long | see you",
        "DI203",
        S,
        R,
    ),
    (
        "two intents swapped their names",
        lines(greet="ciao | so long | see you", bye="hi | hello | good day"),
        "DI203 DI203",
        S,
        R,
    ),
    (
        "a renamed intent grew",
        f"{lines(bye='')}\nfarewell: ciao | so long | see you | bye",
        "DI203 DI101",
        S,
        F,
    ),
    (
        "an intent was renamed and its old name given to another",
        lines(bye="never mind | forget it") + "\nfarewell: ciao | so long | see you",
        "DI205 DI101",
        S,
        S,
    ),
    (
        "two intents were merged",
        lines(bye="", greet="")
        + "\nsmalltalk: hi | hello | good day | ciao | so long | see you",
        "DI204",
        S,
        S,
    ),
    (
        "an intent was merged into another",
        lines(bye="", greet="hi | hello | good day | ciao | so long | see you"),
        "DI204",
        S,
        S,
    ),
    (
        "an intent was split",
        lines(greet="hi | hello") + "\ngreet_formal: good day",
        "DI205",
        S,
        S,
    ),
    (
        "a response key came",
        f"{BASE}\nfaq/ask_bike: may i take a bike",
        "DI206",
        S,
        F,
    ),
    ("a response key went", lines(faq__ask_food=""), "DI207", S, S),
    (
        "a response key was renamed",
        f"{lines(faq__ask_food='')}\nfaq/ask_meal: is there food | can i eat",
        "DI207",
        S,
        S,
    ),
    (
        "an entity type came",
        f"{BASE}\ngreet: hi [Bob](name)",
        "DI101 DI211",
        S,
        F,
    ),
    (
        "an entity type was renamed",
        BASE.replace("(city)", "(town)"),
        "DI213",
        S,
        R,
    ),
    (
        "a role came",
        lines(
            travel='to [Rome]{"entity": "city", "role": "to"} | to [Oslo](city) '
            "| from [Bonn](city) to [Rome](city)"
        ),
        "DI104 DI214",
        S,
        S,
    ),
    ("the first regex came", f"{BASE}\nregex zip: [0-9]+", "DI112", F, F),
    ("the first lookup came", f"{BASE}\nlookup city: Rome | Oslo", "DI112", F, F),
]


@pytest.mark.parametrize(
    ("new", "codes", "strict", "pragmatic"),
    [row[1:] for row in ROWS],
    ids=[row[0] for row in ROWS],
)
def test_a_change_is_judged(new, codes, strict, pragmatic):
    for preset, mode in ((Preset.STRICT, strict), (Preset.PRAGMATIC, pragmatic)):
        decision = judged(BASE, new, preset, (SELECTING, SELECTING))
        assert decision.targets[Target.NLU] is mode
        assert sorted(r.code for r in decision.reasons) == sorted(codes.split())


# what happened, old and new lines, config, mode
UNTRAINED = [
    ("a regex without RegexFeaturizer", "regex zip: [0-9]+", NO_REGEX, N),
    ("a lookup without RegexFeaturizer", "lookup city: Rome | Oslo", NO_REGEX, N),
    (
        "an annotation without entity recognition",
        "travel: to [Rome](town) | to Oslo",
        NO_SPANS,
        F,
    ),
]


@pytest.mark.parametrize(
    ("added", "config", "mode"),
    [row[1:] for row in UNTRAINED],
    ids=[row[0] for row in UNTRAINED],
)
def test_what_the_pipeline_does_not_train_on_costs_nothing(added, config, mode):
    decision = judged(BASE, f"{BASE}\n{added}", config=(config, config))
    assert decision.mode is mode
    for reason in decision.reasons:
        assert reason.mode < S


# what happened, the corpus afterwards, codes and modes, mode; no selector covers `faq`
WITHOUT_SELECTOR = [
    (
        "a key came",
        f"{BASE}\nfaq/ask_bike: may i take a bike",
        {"DI101": F, "DI206": N},
        F,
    ),
    ("a key went", lines(faq__ask_food=""), {"DI102": S, "DI207": N}, S),
    (
        "a key was renamed",
        f"{lines(faq__ask_food='')}\nfaq/ask_meal: is there food | can i eat",
        {"DI207": N},
        N,
    ),
    (
        "an example moved to another key",
        lines(
            faq__ask_wifi="is there wifi",
            faq__ask_food="is there food | can i eat | wifi please",
        ),
        {},
        N,
    ),
]


@pytest.mark.parametrize(
    ("new", "found", "mode"),
    [row[1:] for row in WITHOUT_SELECTOR],
    ids=[row[0] for row in WITHOUT_SELECTOR],
)
@pytest.mark.parametrize(
    "other", ["", "- name: ResponseSelector\n  retrieval_intent: chitchat\n"]
)
def test_without_a_selector_keys_train_nothing(new, found, mode, other):
    config = PIPELINE + other
    decision = judged(BASE, new, config=(config, config))
    assert {reason.code: reason.mode for reason in decision.reasons} == found
    assert decision.mode is mode


# what happened, what is looked up by whom, mode
PATTERNS = [
    ("a lookup that nobody uses", "lookup city: Rome", NO_REGEX, N),
    ("a lookup that finds entities", "lookup city: Rome", EXTRACTING_ONLY, R),
    ("a regex that finds entities", "regex city: R.me", EXTRACTING_ONLY, R),
    ("a lookup that is no entity", "lookup town: Rome", EXTRACTING_ONLY, N),
    (
        "a lookup, and lookups find none",
        "lookup city: Rome",
        EXTRACTING_ONLY + "  use_lookup_tables: false\n",
        N,
    ),
    ("a lookup that is a feature too", "lookup city: Rome", EXTRACTING, F),
]


@pytest.mark.parametrize(
    ("added", "config", "mode"),
    [row[1:] for row in PATTERNS],
    ids=[row[0] for row in PATTERNS],
)
def test_a_pattern_costs_what_uses_it(added, config, mode):
    decision = judged(BASE, f"{BASE}\n{added}", config=(config, config))
    assert [(reason.code, reason.mode) for reason in decision.reasons] == [
        ("DI112", mode)
    ]


# what happened, from what to what, mode if looked up, mode if a feature too
LOOKED_UP = [
    ("changed", "lookup city: Rome", "lookup city: Rome | Oslo", R, S),
    ("gone", "regex city: R.me", "", R, S),
    ("said otherwise", "regex city: R.me", "regex city: R[o]me", R, S),
]


@pytest.mark.parametrize(
    ("old", "new", "only", "both"),
    [row[1:] for row in LOOKED_UP],
    ids=[row[0] for row in LOOKED_UP],
)
def test_a_pattern_that_changes_costs_what_uses_it(old, new, only, both):
    for config, mode in ((EXTRACTING_ONLY, only), (EXTRACTING, both)):
        before, after = f"{BASE}\n{old}", f"{BASE}\n{new}"
        assert judged(before, after, config=(config, config)).mode is mode


@pytest.mark.parametrize("mode", [N, R])
def test_an_entity_without_weights_may_still_wake_a_pattern(mode):
    extractor = "- name: RegexEntityExtractor\n" if mode is R else ""
    config = NO_SPANS.replace("- name: RegexFeaturizer\n", "") + extractor
    old = f"{BASE}\nlookup town: Ulm"
    new = old.replace("[Bonn](city)", "[Bonn](town)")
    assert judged(old, new, config=(config, config)).mode is mode


@pytest.mark.parametrize("preset", Preset)
def test_annotations_alone_train_nothing_without_entity_recognition(preset):
    new = BASE.replace("[Oslo](city)", "[Oslo](town)").replace("[Bonn](city)", "Bonn")
    decision = judged(BASE, new, preset, config=(NO_SPANS, NO_SPANS))
    assert decision.reasons
    assert {reason.mode for reason in decision.reasons} == {N}


def test_a_domains_entity_is_told_even_if_annotations_train_nothing():
    domain = ("entities: [city]", "entities: [city, town]")
    new = BASE.replace("[Oslo](city)", "[Oslo](town)")
    decision = judged(BASE, new, config=(NO_SPANS, NO_SPANS), domain=domain)
    assert decision.targets == {Target.NLU: N, Target.DIALOGUE: S}


@pytest.mark.parametrize("preset", Preset)
def test_an_answer_is_no_label_even_where_rasa_makes_it_one(preset):
    new = BASE.replace("Yes.", "Of course.")
    decision = judged(BASE, new, preset, config=(TEXT_LABELS, TEXT_LABELS))
    assert [(r.code, r.mode) for r in decision.reasons] == [("DI121", R)]


# what happened, config afterwards, code, mode
CONFIGS = [
    (
        "a default was written down",
        ("100\n", "100\n  embedding_dimension: 20\n"),
        "",
        N,
    ),
    ("epochs changed", ("epochs: 100", "epochs: 7"), "DI401", N),
    (
        "the ranking got longer",
        ("100\n", "100\n  ranking_length: 3\n"),
        "DI402",
        R,
    ),
    ("drop rate changed", ("100\n", "100\n  drop_rate: 0.5\n"), "DI403", S),
    (
        "an extractor by patterns came",
        ("Mapper\n", "Mapper\n- name: RegexEntityExtractor\n"),
        "DI404",
        R,
    ),
    (
        "a selector came",
        ("Mapper\n", "Mapper\n- name: ResponseSelector\n"),
        "DI404",
        S,
    ),
    ("n-grams got longer", ("max_ngram: 4", "max_ngram: 5"), "DI403", S),
    (
        "a fallback came",
        ("- name: EntitySynonymMapper\n", "- name: FallbackClassifier\n"),
        "DI404 DI404",
        R,
    ),
    ("a featurizer went", ("- name: LexicalSyntacticFeaturizer\n", ""), "DI404", S),
    (
        "featurizers changed places",
        (
            "- name: RegexFeaturizer\n- name: LexicalSyntacticFeaturizer\n",
            "- name: LexicalSyntacticFeaturizer\n- name: RegexFeaturizer\n",
        ),
        "DI404",
        S,
    ),
    ("the language changed", ("language: en", "language: de"), "DI405", S),
]


@pytest.mark.parametrize(
    ("edit", "codes", "mode"),
    [row[1:] for row in CONFIGS],
    ids=[row[0] for row in CONFIGS],
)
@pytest.mark.parametrize("preset", Preset)
def test_a_changed_config_is_judged(edit, codes, mode, preset):
    assert edit[0] in PIPELINE
    decision = judged(BASE, BASE, preset, (PIPELINE, PIPELINE.replace(*edit)))
    assert [reason.code for reason in decision.reasons] == codes.split()
    assert decision.mode is mode
