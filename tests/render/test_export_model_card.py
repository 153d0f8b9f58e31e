"""A model card is read by Hugging Face's own library, and its Markdown is safe."""

from __future__ import annotations

import pytest
from exports import HERE, HOSTILE, THERE, base, hostile, model
from huggingface_hub import ModelCard
from render.rendering import both

from dvcinc.config import Mode
from dvcinc.render.exports.model_card import Hub, model_card

METRICS = {
    "intent.accuracy": 0.9,
    "intent.macro_f1": 0.875,
    "entity.f1": 0.5,
    "responses_accuracy": 1.0,
    "calibration_error": 0.05,
    "examples": 343.0,
}
HUB = Hub(base_model="acme/nlu-base", datasets=("acme/orders",), language="no")


def read(told, hub=HUB, origin=HERE):
    return ModelCard(model_card(told, origin, hub))


def test_hugging_face_reads_what_stands_in_front():
    found = read(model(metrics=METRICS)).data
    assert (found.language, found.library_name) == ("no", "dvcinc")
    assert (found.base_model, found.datasets) == ("acme/nlu-base", ["acme/orders"])
    assert found.pipeline_tag == "text-classification"
    assert found.metrics == ["accuracy", "f1"]
    assert found.get("base_model_relation") == "finetune"
    assert found.model_name == "models/nlu"


def test_hugging_face_reads_the_results():
    found = read(model(metrics=METRICS)).data.eval_results
    told = {(one.task_name, one.metric_type): one.metric_value for one in found}
    assert told == {
        ("Intent classification", "accuracy"): 0.9,
        ("Intent classification", "f1"): 0.875,
        ("Entity recognition", "f1"): 0.5,
        ("Response selection", "accuracy"): 1.0,
    }


@pytest.mark.parametrize("value", [0.0, 1.0, 0.95044, 0.0001, 0.00001, 1e-9])
def test_a_number_is_read_as_a_number(value):
    (found,) = read(model(metrics={"entity.f1": value})).data.eval_results
    assert isinstance(found.metric_value, float)
    assert found.metric_value == pytest.approx(value, abs=1e-4)


def test_hugging_face_writes_the_same_data_again():
    card = read(model(metrics=METRICS))
    assert ModelCard(str(card)).data.to_dict() == card.data.to_dict()


def test_what_nobody_said_is_left_out():
    found = read(model(metrics={}), Hub()).data.to_dict()
    assert found.keys() == {"library_name", "pipeline_tag", "tags"}


@pytest.mark.parametrize(
    ("told", "base_model", "relation"),
    [
        (model(), "acme/nlu-base", "finetune"),
        (model(mode=Mode.REFRESH), "acme/nlu-base", None),
        (base(), None, None),
    ],
)
def test_a_relation_is_told_of_what_was_fine_tuned(told, base_model, relation):
    found = read(told).data
    assert found.base_model == base_model
    assert found.get("base_model_relation") == relation


def test_a_model_without_entities_does_not_claim_them():
    data = model().record.data
    told = model(data=type(data)(digest=data.digest, examples=1, intents=2, entities=0))
    assert read(told).data.tags == ["dvcinc", "dvc", "intent-classification"]
    assert "Recognises intents in texts" in read(told).text


def test_hostile_texts_are_text_in_front_and_below():
    card = read(hostile())
    assert card.data.library_name == "dvcinc"
    assert card.data.metrics == ["accuracy"]
    for seen in both(card.text):
        assert seen.meant() == []
        assert seen.links == []
        assert {*seen.elements} <= {
            *("h1", "h2", "p", "code", "pre", "ul", "li"),
            *("table", "thead", "tbody", "tr", "th", "td"),
        }
    assert not {*"\x1b\u202e"} & {*card.text}
    assert HOSTILE.splitlines()[1] == "---"
    assert card.text.count("\n---\n") == 0


def test_the_text_names_base_data_commits_and_reasons():
    text = read(model(origin=THERE), origin=THERE).text
    told = model()
    for said in (
        told.made.digest,
        told.base.made.digest,
        told.record.data.digest,
        "c" * 40,
        "d" * 40,
        "`DI101` 3 examples added (`data/nlu.yml:7`)",
        "https://github.com/acme/bots",
        "| cost of the base | 1 min 00 s, 500 steps |",
    ):
        assert said in text


def test_a_card_is_the_same_each_time():
    assert model_card(model(), HERE, HUB) == model_card(model(), HERE, HUB)
