"""Texts as numbers: a token is the sum of a few *units*, a unit a set of features.

A token has two units: its word (n-grams; the same wherever the word stands) and its
context (the looks of the window around it, and the patterns that it matches). Distinct
units are few, so the network sums each once and then looks the sums up by token.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dvcinc.corpus.pipeline import Pipeline
from dvcinc.model.vocabulary import (
    LEXICAL_BLOCK,
    Vocabulary,
    oov_feature,
    pattern_feature,
)
from dvcinc.text.lexical import LexicalReader
from dvcinc.text.ngrams import Counter
from dvcinc.text.patterns import PatternMatcher
from dvcinc.text.settings import RegexSettings
from dvcinc.text.tokenizer import Token, Tokenizer

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]

# Unit 0 has no features: it stands where a text is shorter than its batch.
PADDING = 0


@dataclass(frozen=True, slots=True)
class Text:
    """One encoded text: its tokens and their units [tokens, 2] (word, context)."""

    text: str
    tokens: tuple[Token, ...]
    units: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some texts as arrays, padded to the longest.

    Args:
        rows: Distinct rows of the sparse table, sorted [R].
        picks: For each feature of each unit, which of `rows` it is [N].
        owners: Which unit of the batch it belongs to, ascending [N].
        scales: What the sum of a unit's rows is multiplied with [U].
        units: The units of each token [B, L, 2]; `PADDING` behind the text's end.
        lengths: Tokens of each text [B].
    """

    rows: Ints
    picks: Ints
    owners: Ints
    scales: Floats
    units: Ints
    lengths: Ints


class Featurizer:
    """Turns texts into units, and units into batches, by one vocabulary.

    Units are numbered as they are met; their features are worked out once.
    """

    def __init__(self, pipeline: Pipeline, vocabulary: Vocabulary) -> None:
        self._tokenizer = Tokenizer(pipeline.tokenizer)
        self._counters = [Counter(settings) for settings in pipeline.counts]
        self._lexical = pipeline.lexical and LexicalReader(pipeline.lexical)
        self._patterns = [pattern_feature(p) for p in vocabulary.patterns]
        settings = pipeline.regex or RegexSettings()
        self._matcher = PatternMatcher(vocabulary.patterns, settings)
        self._rows = vocabulary.rows
        self._oov = [
            self._rows.get(oov_feature(block, settings) or "")
            for block, settings in enumerate(pipeline.counts)
        ]
        self._numbers: dict[object, int] = {}
        self._features: list[list[int]] = [[]]
        self._scales: list[float] = [0.0]
        self._frozen: tuple[Ints, Ints, Floats] | None = None
        size = self._lexical.size if self._lexical else 0
        self._context_scale = 1 / np.sqrt(max(size, 1))
        # So often a pattern's row is taken that it weighs about as much as a word.
        self._pattern_repeats = max(round(np.sqrt(size)), 1)

    def encode(self, text: str) -> Text:
        """Cut a text and number the units of its tokens."""
        tokens = self._tokenizer.tokens(text)
        words = [token.text for token in tokens]
        nothing: list[tuple[str, ...]] = [()] * len(tokens)
        looks = self._lexical.features(words) if self._lexical else nothing
        touched = self._matcher.touched(text, tokens)
        units = [
            (self._word(word), self._context(look, tuple(hits)))
            for word, look, hits in zip(words, looks, touched, strict=True)
        ]
        return Text(text, tuple(tokens), np.array(units, np.int32).reshape(-1, 2))

    def batch(self, texts: Sequence[Text]) -> Batch:
        """Pad some texts and gather just the rows of the table that they need."""
        lengths = np.array([len(text.tokens) for text in texts], np.int32)
        units = np.zeros((len(texts), max(int(lengths.max(initial=0)), 1), 2), np.int32)
        for at, text in enumerate(texts):
            units[at, : len(text.tokens)] = text.units
        distinct, local = np.unique(units, return_inverse=True)
        starts, features, scales = self._arrays()
        counts = starts[distinct + 1] - starts[distinct]
        owners = np.repeat(np.arange(len(distinct)), counts)
        places = np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts)
        chosen = features[np.repeat(starts[distinct], counts) + places]
        rows, picks = np.unique(chosen, return_inverse=True)
        return Batch(
            rows=rows.astype(np.int32),
            picks=picks.astype(np.int32),
            owners=owners.astype(np.int32),
            scales=scales[distinct],
            units=local.reshape(units.shape).astype(np.int32),
            lengths=lengths,
        )

    def _arrays(self) -> tuple[Ints, Ints, Floats]:
        """All units in one array of features with the start of each."""
        if self._frozen is None or len(self._frozen[2]) != len(self._scales):
            counts = [0, *(len(features) for features in self._features)]
            flat = [row for features in self._features for row in features]
            self._frozen = (
                np.cumsum(counts, dtype=np.int32),
                np.array(flat, np.int32),
                np.array(self._scales, np.float32),
            )
        return self._frozen

    def _word(self, word: str) -> int:
        number = self._numbers.get(word)
        if number is None:
            rows: list[int] = []
            total = 0
            for block, counter in enumerate(self._counters):
                ngrams = counter.ngrams(word)
                # Unknown n-grams count too: else a word would change when one of its
                # n-grams becomes known.
                total += len(ngrams)
                oov = self._oov[block]
                found = (self._rows.get(f"{block}:{ngram}", oov) for ngram in ngrams)
                rows.extend(row for row in found if row is not None)
            number = self._add(word, rows, 1 / np.sqrt(max(total, 1)))
        return number

    def _context(self, looks: tuple[str, ...], patterns: tuple[int, ...]) -> int:
        key = (looks, patterns)
        number = self._numbers.get(key)
        if number is None:
            names = [LEXICAL_BLOCK + look for look in looks]
            names += [self._patterns[p] for p in patterns] * self._pattern_repeats
            rows = [self._rows[name] for name in names if name in self._rows]
            number = self._add(key, rows, self._context_scale)
        return number

    def _add(self, key: object, rows: list[int], scale: float) -> int:
        number = self._numbers[key] = len(self._features)
        self._features.append(rows)
        self._scales.append(scale)
        return number
