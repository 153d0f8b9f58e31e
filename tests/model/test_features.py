"""Batches hold what their texts' units are the sums of, however they were met."""

from __future__ import annotations

import numpy as np
import pytest
from corpora import PIPELINE, corpus

from dvcinc.corpus.patterns import read_patterns
from dvcinc.corpus.pipeline import read_pipeline
from dvcinc.corpus.values import Corpus
from dvcinc.model.features import Featurizer, Text
from dvcinc.model.units import Batch
from dvcinc.model.vocabulary import Vocabulary

TEXTS = ["hello Bob", "", "a train to Rome, please", "Hello hello", "zip 12345 ¿qué?"]


@pytest.fixture
def featurizer() -> Featurizer:
    data: Corpus = corpus("a: x\nregex zip: \\d{5}\nlookup c: Rome", config=PIPELINE)
    pipeline = read_pipeline(data.config)
    patterns = read_patterns(data.regexes, data.lookups, pipeline.regex)
    vocabulary = Vocabulary(patterns=patterns).grown(TEXTS[:4], pipeline)
    return Featurizer(pipeline, vocabulary)


def rows_of(batch: Batch, text: int, token: int) -> list[tuple[list[int], float]]:
    """The rows and the scale of a token's units."""
    return [
        (batch.rows[batch.picks[batch.owners == unit]].tolist(), batch.scales[unit])
        for unit in batch.units[text, token]
    ]


def test_a_text_has_the_same_rows_alone_and_among_others(
    featurizer: Featurizer,
) -> None:
    encoded = [featurizer.encode(text) for text in TEXTS]
    together = featurizer.batch(encoded)
    assert together.lengths.tolist() == [2, 0, 5, 2, 3]
    for at, text in enumerate(encoded):
        alone = featurizer.batch([text])
        for token in range(len(text)):
            assert rows_of(together, at, token) == rows_of(alone, 0, token)
    padding = together.units[1]
    assert not np.isin(together.owners, padding).any()
    assert (together.scales[padding] == 0).all()


def test_rows_are_distinct_and_in_order(featurizer: Featurizer) -> None:
    batch = featurizer.batch([featurizer.encode(text) for text in TEXTS])
    assert (np.diff(batch.rows) > 0).all()
    assert (np.diff(batch.owners) >= 0).all()
    assert set(batch.picks.tolist()) == set(range(len(batch.rows)))


def test_a_pattern_marks_the_tokens_it_touches(featurizer: Featurizer) -> None:
    texts = [featurizer.encode(text) for text in ("to Rome", "to Oslo", "to 12345")]
    contexts = [text.units[1, 1] for text in texts]
    assert len(set(contexts)) == 3


def test_the_same_words_are_the_same_units(featurizer: Featurizer) -> None:
    one, other = (featurizer.encode("hello Bob") for _ in range(2))
    assert (one.units == other.units).all()
    before = len(featurizer.units)
    featurizer.encode("Bob hello")
    # The words are known; capitals stand elsewhere.
    assert len(featurizer.units) == before + 2


def test_places_are_looked_for_when_they_are_asked_for(featurizer: Featurizer) -> None:
    text: Text = featurizer.encode("hello, Bob")
    assert len(text) == 2
    assert [(token.start, token.end) for token in text.tokens] == [(0, 5), (7, 10)]


def test_no_text_no_rows(featurizer: Featurizer) -> None:
    batch = featurizer.batch([])
    assert batch.units.shape == (0, 1, 2)
    assert len(batch.rows) == 0
