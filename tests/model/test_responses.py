"""Response keys: labels of the classifier, ranked among themselves, grown, served."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from corpora import PIPELINE, SELECTING, corpus
from tiny import QUICK, TINY, quiet

from dvcinc.corpus.selectors import SelectorSettings
from dvcinc.corpus.settings import Serving
from dvcinc.corpus.tables import Tables
from dvcinc.corpus.values import Corpus, Response
from dvcinc.errors import InputError
from dvcinc.model.chances import softmax
from dvcinc.model.checkpoint import digest, load, save
from dvcinc.model.document import Model
from dvcinc.model.evaluate import evaluate
from dvcinc.model.grow import grow
from dvcinc.model.runtime import Runtime
from dvcinc.model.tables import package

DATA = (
    TINY
    + """
    chitchat/ask_name: what is your name | who are you
    chitchat/ask_age: how old are you | what is your age
"""
)
FAQ_ALONE = SELECTING + "  retrieval_intent: faq\n"
BOTH = FAQ_ALONE + "- name: ResponseSelector\n  retrieval_intent: chitchat\n"
NOBODYS = SELECTING + "  retrieval_intent: help\n"
WHOLE = ("bye", "book", "greet")
FAQ, CHITCHAT = (
    ("faq/ask_bikes", "faq/ask_wifi"),
    ("chitchat/ask_age", "chitchat/ask_name"),
)
ANSWERS = (
    Response("faq/ask_wifi", '{"text": "Yes."}'),
    Response("faq/ask_wifi", '{"text": "Sure."}'),
    Response("help/me", '{"text": "Call us."}'),
)

Draw = Callable[[Corpus], Model]


def model_of(draw: Draw, config: str, lines: str = DATA) -> Model:
    return draw(corpus(lines, config=config))


@pytest.mark.parametrize(
    ("config", "labels"),
    [
        (PIPELINE, {*WHOLE, "faq", "chitchat"}),
        (SELECTING, {*WHOLE, *FAQ, *CHITCHAT}),
        (FAQ_ALONE, {*WHOLE, *FAQ, "chitchat"}),
        (BOTH, {*WHOLE, *FAQ, *CHITCHAT}),
        (NOBODYS, {*WHOLE, "faq", "chitchat"}),
    ],
)
def test_keys_are_labels_where_a_selector_covers_them(
    draw: Draw, config: str, labels: set[str]
) -> None:
    model = model_of(draw, config)
    assert {*model.labels.intents} == labels
    assert {*model.labels.bases} == {*WHOLE, "faq", "chitchat"}


def test_a_key_has_the_parts_of_intent_and_key(draw: Draw) -> None:
    split = SELECTING.replace(
        "- name: WhitespaceTokenizer",
        "- name: WhitespaceTokenizer\n  intent_tokenization_flag: true",
    )
    labels = model_of(draw, split).labels
    parts = labels.part_ids[labels.intent_ids["faq/ask_wifi"]]
    assert {labels.parts[part] for part in parts} == {"faq", "ask", "wifi"}


def test_an_intent_is_as_likely_as_its_keys_together(draw: Draw) -> None:
    model = replace(model_of(draw, SELECTING), temperature=1.0)
    runtime = Runtime(model)
    logits = runtime.logits(["is there wifi"]).intents
    assert logits is not None
    by_label = dict(zip(model.labels.intents, softmax(logits)[0].tolist(), strict=True))
    ranking = runtime.parse("is there wifi").intent_ranking
    found = {ranked.name: ranked.confidence for ranked in ranking}
    assert found["faq"] == pytest.approx(sum(by_label[key] for key in FAQ), abs=1e-6)
    assert found["greet"] == pytest.approx(by_label["greet"], abs=1e-6)


def test_a_ranking_is_among_the_keys_whatever_the_intent(draw: Draw) -> None:
    model = replace(model_of(draw, BOTH), temperature=1.0)
    runtime = Runtime(model)
    logits = runtime.logits(["hello there"]).intents
    selection = runtime.parse("hello there").response_selector
    assert logits is not None
    assert selection is not None
    assert [*selection.chosen] == ["faq", "chitchat"]
    for name, keys in (("faq", FAQ), ("chitchat", CHITCHAT)):
        own = softmax(logits[0, [model.labels.intent_ids[key] for key in keys]])
        ranking = selection.chosen[name].ranking
        assert {ranked.key: pytest.approx(ranked.confidence) for ranked in ranking} == (
            dict(zip(keys, own.tolist(), strict=True))
        )
        assert ranking[0].confidence == pytest.approx(own.max())


def test_a_selector_for_all_ranks_all_keys(draw: Draw) -> None:
    selection = Runtime(model_of(draw, SELECTING)).parse("hello").response_selector
    assert selection is not None
    (chosen,) = selection.chosen.values()
    assert {ranked.key for ranked in chosen.ranking} == {*FAQ, *CHITCHAT}
    assert sum(ranked.confidence for ranked in chosen.ranking) == pytest.approx(1)


@pytest.mark.parametrize(
    "config",
    [PIPELINE, SELECTING.replace("epochs: 100", "intent_classification: false")],
)
def test_without_a_selector_no_response_is_chosen(draw: Draw, config: str) -> None:
    result = Runtime(model_of(draw, config)).parse("is there wifi")
    assert result.response_selector is None
    assert "response_selector" not in result.to_json()


def served(model: Model, **settings: object) -> Runtime:
    named = [
        replace(SelectorSettings(retrieval_intent=n), **settings)
        for n in model.labels.selectors
    ]
    tables = Tables(responses=ANSWERS, serving=Serving(selectors=tuple(named)))
    return Runtime(package(model, tables, tables_digest="sha256:tables"))


def test_json_is_as_rasa_writes_it(draw: Draw) -> None:
    model = model_of(draw, FAQ_ALONE)
    bias = np.where([name == "faq/ask_wifi" for name in model.labels.intents], 99, 0)
    sure = {**model.tensors, "intent/bias": bias.astype(np.float32)}
    said = served(replace(model, tensors=sure)).parse("hi").to_json()
    assert said["response_selector"] == {
        "all_retrieval_intents": ["faq", "help"],
        "faq": {
            "response": {
                "responses": [{"text": "Yes."}, {"text": "Sure."}],
                "confidence": 1.0,
                "intent_response_key": "faq/ask_wifi",
                "utter_action": "utter_faq/ask_wifi",
            },
            "ranking": [
                {"confidence": 1.0, "intent_response_key": "faq/ask_wifi"},
                {"confidence": 0.0, "intent_response_key": "faq/ask_bikes"},
            ],
        },
    }


@pytest.mark.parametrize(("config", "text"), [(FAQ_ALONE, "  "), (NOBODYS, "hi")])
def test_with_nothing_to_choose_the_form_stays(
    draw: Draw, config: str, text: str
) -> None:
    selection = served(model_of(draw, config)).parse(text).response_selector
    assert selection is not None
    (said,) = (chosen.to_json() for chosen in selection.chosen.values())
    assert said == {
        "response": {
            "responses": None,
            "confidence": 0.0,
            "intent_response_key": None,
            "utter_action": "utter_None",
        },
        "ranking": [],
    }


def test_a_key_without_an_answer_is_its_own(draw: Draw) -> None:
    model = model_of(draw, SELECTING + "  retrieval_intent: chitchat\n")
    selection = served(model).parse("who are you").response_selector
    assert selection is not None
    chosen = selection.chosen["chitchat"]
    assert chosen.responses == ({"text": chosen.key},)


@pytest.mark.parametrize(
    ("settings", "length", "whole"),
    [
        ({}, 4, True),
        ({"ranking_length": 2}, 2, False),
        ({"ranking_length": 0}, 4, True),
        ({"ranking_length": 2, "renormalize_confidences": True}, 2, True),
    ],
)
def test_the_ranking_is_as_long_as_asked(
    draw: Draw,
    settings: dict[str, object],
    length: int,
    whole: bool,  # noqa: FBT001 - a column of the table
) -> None:
    runtime = served(model_of(draw, SELECTING), **settings)
    selection = runtime.parse("who are you").response_selector
    assert selection is not None
    ranking = selection.chosen["default"].ranking
    assert len(ranking) == length
    sure = sum(ranked.confidence for ranked in ranking)
    assert (sure == pytest.approx(1)) is whole


def test_an_answer_that_is_no_json_is_named(draw: Draw) -> None:
    model = model_of(draw, SELECTING)
    tables = Tables(responses=(Response("faq/ask_wifi", "{"),))
    with pytest.raises(InputError, match="the answer of 'faq/ask_wifi' is no JSON"):
        Runtime(replace(model, tables=tables))


def test_a_renamed_intent_takes_its_keys_along(draw: Draw) -> None:
    model = model_of(draw, SELECTING)
    tables = Tables(intent_renames=(("faq", "help"),))
    renamed = package(model, tables, tables_digest="x").labels
    assert {"help/ask_wifi", "help/ask_bikes"} <= {*renamed.intents}
    assert "faq" not in renamed.bases


def test_keys_survive_saving(draw: Draw, tmp_path: Path) -> None:
    model = model_of(draw, BOTH)
    save(model, tmp_path / "m")
    back = load(tmp_path / "m")
    assert back.labels == model.labels
    assert digest(back) == digest(model)


DELTAS = {
    "a new key": "faq/ask_food: is there food",
    "a new retrieval intent": "help/me: i need help | help me\nhelp/us: help us",
    "more of a known key": "faq/ask_wifi: internet please",
    "examples without a key": "faq: i have a question",
}


@pytest.mark.parametrize("lines", DELTAS.values(), ids=DELTAS)
@pytest.mark.parametrize("config", [SELECTING, FAQ_ALONE, PIPELINE])
def test_growth_preserves_intents_and_responses(
    draw: Draw, config: str, lines: str
) -> None:
    old, delta = corpus(DATA), corpus(lines)
    model = model_of(draw, config)
    grown = grow(model, sorted(delta.examples), old.regexes, old.lookups).model
    before, after = (
        [Runtime(m).parse(text) for text in ("is there wifi", "who are you")]
        for m in (model, grown)
    )
    for one, other in zip(before, after, strict=True):
        assert other.intent.name == one.intent.name
        assert other.intent.confidence == pytest.approx(one.intent.confidence, abs=1e-5)
        if one.response_selector is None:
            assert other.response_selector is None
            continue
        assert other.response_selector is not None
        for name, chosen in one.response_selector.chosen.items():
            now = other.response_selector.chosen[name]
            assert now.key == chosen.key
            assert now.ranking[0].confidence == pytest.approx(
                chosen.ranking[0].confidence, abs=1e-5
            )


def test_examples_without_a_key_are_an_intents_but_no_selectors(draw: Draw) -> None:
    model = model_of(draw, SELECTING, DATA + "\nfaq: i have a question")
    assert "faq" in model.labels.intents
    selection = Runtime(model).parse("a question").response_selector
    assert selection is not None
    ranking = selection.chosen["default"].ranking
    assert {ranked.key for ranked in ranking} == {*FAQ, *CHITCHAT}


@pytest.mark.train
def test_keys_are_learned_and_a_new_one_is_learned_by_a_fine_tune() -> None:
    from dvcinc.config import Finetune  # noqa: PLC0415 - with what it is for
    from dvcinc.model.fit import train  # noqa: PLC0415 - likewise
    from dvcinc.model.tune import Lesson, finetune  # noqa: PLC0415 - likewise

    data = corpus(DATA, config=SELECTING)
    base = train(data, QUICK, base_digest="sha256:base", progress=quiet).model
    found = evaluate(Runtime(base), sorted(data.examples))
    assert found.accuracy == 1
    assert found.responses is not None
    assert found.responses.accuracy == 1
    delta = corpus(
        "faq/ask_food: is there food | can i eat on board | do you sell food"
    )
    fitted = finetune(
        base,
        Lesson(
            added=tuple(delta.examples),
            replay=tuple(data.examples),
            regexes=tuple(data.regexes),
            lookups=tuple(data.lookups),
        ),
        Finetune(),
        QUICK,
        delta_digest="sha256:delta",
        progress=quiet,
    )
    assert fitted.unlearned == ()
    assert fitted.model.labels.intents[-1] == "faq/ask_food"
    now = evaluate(Runtime(fitted.model), [*delta.examples, *sorted(data.examples)])
    assert now.accuracy == 1
    assert now.responses is not None
    assert now.responses.accuracy == 1
