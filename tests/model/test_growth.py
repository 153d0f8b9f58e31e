"""A model with room for a delta answers as it did, to 1e-5, before the first step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from corpora import PIPELINE, corpus

from dvcinc.corpus.values import Corpus
from dvcinc.model.document import Model
from dvcinc.model.grow import Grown, grow
from dvcinc.model.runtime import Runtime

CLOSE = 1e-5
TEXTS = (
    "hello there",
    "a train to Rome",
    "Is there wifi on board the Z99 to New York?",
    "quantum ÜBER zeppelin AB123 42",
    "see you, Bob",
)

OOV = PIPELINE.replace(
    "- name: CountVectorsFeaturizer\n",
    "- name: CountVectorsFeaturizer\n  OOV_token: oov\n  OOV_words: [aboard]\n",
    1,
)

TRANSFORMER = PIPELINE.replace(
    "epochs: 100", "number_of_transformer_layers: 1\n  transformer_size: 32"
)

DELTAS = {
    "nothing": "",
    "new words": "greet: quantum ÜBER zeppelin\n bye: aloha 42",
    "a first pattern of its kind": r"regex zip: \d+",
    "more of a lookup": "lookup airline: zeppelin | AB123",
    "an intent": "cancel: cancel my zeppelin | stop it",
    "an entity": "book: fly [tomorrow](date) to [Rome](city)",
    "a retrieval intent": "chitchat/ask_name: what is your name",
    "all at once": "cancel: stop the [zeppelin](craft)\nregex zip: x\nbye: adieu",
}


def room_for(model: Model, tiny: Corpus, lines: str) -> Grown:
    delta = corpus(lines)
    return grow(
        model,
        sorted(delta.examples),
        [*tiny.regexes, *delta.regexes],
        [*tiny.lookups, *delta.lookups],
    )


def assert_same_function(old: Model, new: Model) -> None:
    before, after = Runtime(old), Runtime(new)
    was, now = before.logits(TEXTS), after.logits(TEXTS)
    if was.intents is not None:
        assert now.intents is not None
        kept = now.intents[:, : was.intents.shape[1]]
        assert np.abs(kept - was.intents).max() <= CLOSE
    if was.tags is not None:
        assert now.tags is not None
        kept = now.tags[..., : was.tags.shape[2]]
        assert np.abs(kept - was.tags).max() <= CLOSE
    for one, other in zip(
        before.parse_many(TEXTS), after.parse_many(TEXTS), strict=True
    ):
        assert one.entities == [] or [e.value for e in one.entities] == [
            e.value for e in other.entities
        ]
        assert other.intent.name == one.intent.name
        assert other.intent.confidence == pytest.approx(
            one.intent.confidence, abs=CLOSE
        )


@pytest.mark.parametrize("lines", DELTAS.values(), ids=DELTAS)
def test_growth_preserves_the_function(drawn: Model, tiny: Corpus, lines: str) -> None:
    assert_same_function(drawn, room_for(drawn, tiny, lines).model)


@pytest.mark.parametrize("lines", DELTAS.values(), ids=DELTAS)
def test_growth_preserves_the_function_of_a_transformer(
    tiny: Corpus, draw: Callable[[Corpus], Model], lines: str
) -> None:
    config = corpus(config=TRANSFORMER).config
    model = draw(replace(tiny, config=config))
    grown = room_for(model, tiny, lines).model
    assert_same_function(model, grown)
    still = {name for name in model.tensors if name.startswith("transformer/")}
    assert all(grown.tensors[n].shape == model.tensors[n].shape for n in still)


@pytest.mark.parametrize("lines", DELTAS.values(), ids=DELTAS)
def test_old_rows_stay_where_they_are(drawn: Model, tiny: Corpus, lines: str) -> None:
    grown = room_for(drawn, tiny, lines).model
    assert grown.optimizer is not None
    assert drawn.optimizer is not None
    old = {**drawn.tensors, **drawn.optimizer}
    new = {**grown.tensors, **grown.optimizer}
    assert new.keys() == old.keys()
    for name, array in old.items():
        kept = new[name][tuple(slice(size) for size in array.shape)]
        assert np.array_equal(kept, array)
    assert grown.labels.intents[: len(drawn.labels.intents)] == drawn.labels.intents
    features = drawn.vocabulary.features
    assert grown.vocabulary.features[: len(features)] == features


def test_a_grown_model_has_the_shapes_that_its_documents_promise(
    drawn: Model, tiny: Corpus
) -> None:
    grown = room_for(drawn, tiny, DELTAS["all at once"])
    assert {n: t.shape for n, t in grown.model.tensors.items()} == grown.model.shapes
    assert {name: int(new.sum()) for name, new in grown.fresh.items()} == {
        "intent/bias": 1,
        "tags/bias": 4,
    }


def test_nothing_new_takes_no_room(drawn: Model, tiny: Corpus) -> None:
    grown = room_for(drawn, tiny, "greet: hello there")
    assert grown.model.vocabulary.features == drawn.vocabulary.features
    assert grown.fresh == {}


def test_an_unknown_word_that_becomes_known_means_what_unknown_words_meant(
    draw: Callable[[Corpus], Model],
) -> None:
    data = corpus("go: get aboard | to Rome\nstay: not now", config=OOV)
    model = draw(data)
    assert "0:oov" in model.vocabulary.rows
    grown = room_for(model, data, "go: a quantum zeppelin")
    assert "0:zeppelin" in grown.model.vocabulary.rows
    assert_same_function(model, grown.model)


def test_the_first_entity_of_a_project_finds_layers_to_learn_in(
    draw: Callable[[Corpus], Model],
) -> None:
    data = corpus("go: to Rome\nstay: not now", config=PIPELINE)
    model = draw(data)
    grown = room_for(model, data, "go: to [Oslo](city)").model
    assert_same_function(model, grown)
    assert grown.tensors["tags/conv0"].any()
    assert Runtime(grown).parse("to Oslo").entities == ()


def test_a_pattern_that_is_gone_matches_nothing_and_keeps_its_row(
    drawn: Model, tiny: Corpus
) -> None:
    grown = grow(drawn, [], (), tiny.lookups).model
    assert grown.vocabulary.features == drawn.vocabulary.features
    assert [pattern.name for pattern in grown.vocabulary.patterns] == ["city"]
    was, now = (Runtime(m).logits(["AB123"]).intents for m in (drawn, grown))
    assert was is not None
    assert now is not None
    assert np.abs(was - now).max() > CLOSE


def test_growth_by_steps_ends_where_growth_at_once_does(
    drawn: Model, tiny: Corpus
) -> None:
    """Route independence holds since every fine-tune starts from the base itself."""
    one = room_for(drawn, tiny, "bye: adieu\ngreet: bonjour").model
    other = room_for(drawn, tiny, "greet: bonjour\nbye: adieu").model
    assert one.vocabulary == other.vocabulary
    assert replace(one, tensors={}, optimizer=None) == replace(
        other, tensors={}, optimizer=None
    )
