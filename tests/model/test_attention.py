"""The transformer as it is served: whom a token hears, whatever the text's length."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from corpora import PIPELINE, corpus
from tiny import TINY

from dvcinc.corpus.options import Options
from dvcinc.corpus.transformer import TransformerSettings
from dvcinc.corpus.values import Corpus
from dvcinc.errors import InputError
from dvcinc.model import attention
from dvcinc.model.attention import Attention
from dvcinc.model.checkpoint import load, save
from dvcinc.model.document import Model
from dvcinc.model.network import transformer_shapes
from dvcinc.model.runtime import Runtime

DEEP = 6
CONFIG = PIPELINE.replace(
    "epochs: 100", "number_of_transformer_layers: 1\n  transformer_size: 32"
)
SETTINGS = {
    "plain": TransformerSettings(layers=2, size=12, heads=3),
    "of the table's width": TransformerSettings(size=DEEP, heads=2),
    "near keys": TransformerSettings(size=8, key_reach=2),
    "near values": TransformerSettings(size=8, value_reach=9),
    "both": TransformerSettings(layers=2, size=8, key_reach=1, value_reach=1),
}


def drawn_attention(settings: TransformerSettings) -> Attention:
    random = np.random.default_rng(3)
    shapes = transformer_shapes(settings, DEEP)
    return Attention(
        {n: random.standard_normal(s, np.float32) for n, s in shapes.items()}, settings
    )


def some_tokens(texts: int, length: int) -> np.ndarray:
    shape = texts, length, DEEP
    return np.random.default_rng(4).standard_normal(shape, np.float32)


@pytest.fixture
def transformer(draw: Callable[[Corpus], Model]) -> Model:
    return draw(corpus(TINY, config=CONFIG))


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_what_is_behind_the_end_is_not_heard(settings: TransformerSettings) -> None:
    lengths = np.array([5, 3, 1], np.int32)
    tokens = some_tokens(3, 5)
    together = drawn_attention(settings)(tokens, lengths)
    for text, length in enumerate(lengths.tolist()):
        alone = tokens[text : text + 1, :length]
        said = drawn_attention(settings)(alone, lengths[text : text + 1])
        assert np.allclose(together[text, :length], said[0], atol=1e-5)


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_each_token_hears_each_other_and_where_it_stands(
    settings: TransformerSettings,
) -> None:
    encoder, lengths = drawn_attention(settings), np.array([4], np.int32)
    tokens = some_tokens(1, 4)
    before = encoder(tokens, lengths)
    for other in range(4):
        changed = tokens.copy()
        changed[0, other] *= -1
        assert (np.abs(encoder(changed, lengths) - before) > 1e-6).any(axis=2).all()
    turned = encoder(tokens[:, ::-1], lengths)[:, ::-1]
    assert np.abs(turned - before).max() > 1e-3


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_a_long_text_goes_piece_by_piece(
    settings: TransformerSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens, lengths = some_tokens(2, 11), np.array([11, 7], np.int32)
    whole = drawn_attention(settings)(tokens, lengths)
    monkeypatch.setattr(attention, "MOST_NUMBERS", 200)
    assert np.allclose(drawn_attention(settings)(tokens, lengths), whole, atol=1e-5)


def test_a_text_without_tokens_is_answered(transformer: Model) -> None:
    assert Runtime(transformer).parse("").intent.name is None
    assert Runtime(transformer).parse("  ").intent.name is None


def test_texts_are_answered_together_as_alone(transformer: Model) -> None:
    texts = ["hi", "", "a train to Rome and then on to Oslo", "bye Bob"]
    for together, text in zip(
        Runtime(transformer).parse_many(texts), texts, strict=True
    ):
        alone = Runtime(transformer).parse(text)
        assert together.intent.name == alone.intent.name
        assert together.intent.confidence == pytest.approx(
            alone.intent.confidence, abs=1e-5
        )


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_settings_come_back_from_json(settings: TransformerSettings) -> None:
    options = Options.of(asdict(settings), "here")
    assert TransformerSettings.from_json(options) == settings


Change = Callable[[dict[str, Any]], object]


def settings(**values: object) -> Change:
    return lambda architecture: architecture["transformer"].update(values)


def instead(value: object) -> Change:
    return lambda architecture: architecture.update(transformer=value)


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (settings(layers=0), "`layers` must be a whole number, 1 or more"),
        (settings(layers=10**9), "`layers` must be at most 64"),
        (settings(size=10**9), "`size` must be at most 4096"),
        (settings(heads=5), "`heads` must be a divisor of `size`, 32, not 5"),
        (settings(heads=0), "`heads` must be a whole number, 1 or more"),
        (settings(key_reach=10**9), "`key_reach` must be at most 4096"),
        (settings(value_reach=-1), "`value_reach` must be a whole number"),
        (settings(layers=2), "tensor 'transformer/1/"),
        (settings(key_reach=1), "'transformer/0/near_keys' is missing"),
        (settings(size=128), "'transformer/in' does not belong there"),
        (instead(None), "does not belong there"),
        (instead([]), "expected keys with values"),
    ],
)
def test_a_transformer_that_was_tampered_with_is_named(
    transformer: Model, tmp_path: Path, harm: Change, message: str
) -> None:
    save(transformer, tmp_path / "m")
    path = tmp_path / "m" / "model.json"
    document = json.loads(path.read_bytes())
    harm(document["architecture"])
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load(tmp_path / "m")
    assert message in error.value.message


def test_a_fast_model_has_nothing_of_a_transformer(drawn: Model) -> None:
    assert drawn.architecture.transformer is None
    assert not any("transformer" in n or n == "text/tokens" for n in drawn.tensors)
