"""Texts as numbers: a token is the sum of a few *units*, a unit a set of features.

A token has two units: its word (n-grams; the same wherever the word stands) and its
context (the looks of the window around it, and the patterns that it matches). Distinct
units are few, so the network sums each once and then looks the sums up by token.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from dvcinc.corpus.pipeline import Pipeline
from dvcinc.model.units import PADDING, Batch, Floats, Ints, Units
from dvcinc.model.vocabulary import (
    LEXICAL_BLOCK,
    Vocabulary,
    oov_feature,
    pattern_feature,
)
from dvcinc.text.lexical import LexicalReader, Looks
from dvcinc.text.ngrams import Counter
from dvcinc.text.patterns import PatternMatcher
from dvcinc.text.settings import RegexSettings
from dvcinc.text.tokenizer import Token, Tokenizer

__all__ = ["PADDING", "Batch", "Featurizer", "Floats", "Ints", "Text"]

Context = tuple[tuple[str, ...], tuple[int, ...]]
"""Names of looks, and numbers of patterns."""
Name = TypeVar("Name")

# Texts whose words look alike, one by one, share their contexts; so many are kept.
MOST_SHAPES = 50_000


@dataclass(frozen=True)
class Text:
    """One encoded text: the units of its tokens [tokens, 2] (word, context)."""

    text: str
    units: Ints
    tokenizer: Tokenizer

    def __len__(self) -> int:
        """How many tokens it has."""
        return len(self.units)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its tokens with their places, which only entities need."""
        return tuple(self.tokenizer.tokens(self.text))


class Featurizer:
    """Turns texts into units, and units into batches, by one vocabulary.

    Units are numbered as they are met; their features are worked out once. Not for two
    threads at a time.
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
        self._words = _Numbers(self._add_word)
        self._contexts = _Numbers(self._add_context)
        self._shapes: dict[Looks, list[int]] = {}
        self.units = Units(len(self._rows))
        size = self._lexical.size if self._lexical else 0
        self._context_scale = 1 / math.sqrt(max(size, 1))
        # So often a pattern's row is taken that it weighs about as much as a word.
        self._pattern_repeats = max(round(math.sqrt(size)), 1)

    def encode(self, text: str) -> Text:
        """Cut a text and number the units of its tokens."""
        words = self._tokenizer.words(text)
        numbers = [list(map(self._words.__getitem__, words)), self._around(text, words)]
        return Text(text, np.array(numbers, np.int32).T, self._tokenizer)

    def batch(self, texts: Sequence[Text]) -> Batch:
        """Pad some texts and gather just the rows of the table that they need."""
        return self.units.batch(*padded(texts))

    def _around(self, text: str, words: Sequence[str]) -> Sequence[int]:
        """The context of each token."""
        looks = self._lexical.looks(words) if self._lexical else (0,) * len(words)
        if self._patterns:
            hits = self._matcher.touched(text, self._tokenizer.tokens(text))
            if any(hits):
                return self._contexts_of(looks, hits)
        found = self._shapes.get(looks)
        if found is None:
            if len(self._shapes) >= MOST_SHAPES:
                self._shapes.clear()
            found = self._shapes[looks] = self._contexts_of(looks, [()] * len(words))
        return found

    def _contexts_of(self, looks: Looks, hits: Sequence[Sequence[int]]) -> list[int]:
        nothing: list[tuple[str, ...]] = [()] * len(looks)
        names = self._lexical.features_of(looks) if self._lexical else nothing
        keys = zip(names, map(tuple, hits), strict=True)
        return [self._contexts[key] for key in keys]

    def _add_word(self, word: str) -> int:
        rows: list[int] = []
        total = 0
        get = self._rows.get
        for block, counter in enumerate(self._counters):
            ngrams = counter.ngrams(word)
            # Unknown n-grams count too: else a word would change when one of its
            # n-grams becomes known.
            total += len(ngrams)
            oov = self._oov[block]
            found = [get(f"{block}:{ngram}", oov) for ngram in ngrams]
            rows += [row for row in found if row is not None]
        return self.units.add(rows, 1 / math.sqrt(max(total, 1)))

    def _add_context(self, key: Context) -> int:
        looks, hits = key
        names = [LEXICAL_BLOCK + look for look in looks]
        names += [self._patterns[hit] for hit in hits] * self._pattern_repeats
        rows = [self._rows[name] for name in names if name in self._rows]
        return self.units.add(rows, self._context_scale)


def padded(texts: Sequence[Text]) -> tuple[Ints, Ints]:
    """The units of some texts [B, L, 2], padded to the longest, and lengths [B]."""
    lengths = np.array([len(text.units) for text in texts], np.int32)
    longest = max(int(lengths.max(initial=0)), 1)
    units = np.zeros((len(texts), longest, 2), np.int32)
    if texts:
        inside = np.arange(longest) < lengths[:, None]
        units[inside] = np.concatenate([text.units for text in texts])
    return units, lengths


class _Numbers(dict[Name, int]):
    """The unit of each word or context; those not met yet are added."""

    def __init__(self, add: Callable[[Name], int]) -> None:
        super().__init__()
        self._add = add

    def __missing__(self, name: Name) -> int:
        number = self[name] = self._add(name)
        return number
