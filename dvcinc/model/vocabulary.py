"""Which features the model knows: one row of the sparse table each, in a fixed order.

A feature is named by its block: `0:` and so on for the n-grams of the first, second, …
`CountVectorsFeaturizer`, `lex:` for looks, `regex:` and `lookup:` for patterns.
Features are only ever appended; `grown` puts the new ones behind, in sorted order.
"""

from __future__ import annotations

import math
from collections import Counter as Multiset
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from dvcinc.corpus.pipeline import Pipeline
from dvcinc.text.lexical import LexicalReader
from dvcinc.text.ngrams import Counter
from dvcinc.text.patterns import Pattern
from dvcinc.text.settings import Analyzer, CountSettings
from dvcinc.text.tokenizer import Tokenizer

LEXICAL_BLOCK = "lex:"


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The features in the order of their rows, and what the patterns match now.

    `documents` counts the base's texts, of which `min_df` or `max_df` may be a share.
    """

    features: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    documents: int = 0

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each feature."""
        return {name: row for row, name in enumerate(self.features)}

    def grown(self, texts: Sequence[str], pipeline: Pipeline) -> Vocabulary:
        """The vocabulary with the features of some texts behind its own."""
        cut = Tokenizer(pipeline.tokenizer)
        documents = [cut.words(text) for text in texts]
        basis = self.documents or len(documents)
        new: list[str] = []
        for block, settings in enumerate(pipeline.counts):
            known = [f for f in self.features if f.startswith(f"{block}:")]
            new += _new_ngrams(block, settings, documents, known, basis)
        if pipeline.lexical is not None:
            reader = LexicalReader(pipeline.lexical)
            shapes = set(map(reader.looks, documents))
            found = {fs for looks in shapes for fs in reader.features_of(looks)}
            new += sorted(LEXICAL_BLOCK + f for f in set[str]().union(*found))
        new += [pattern_feature(pattern) for pattern in self.patterns]
        return replace(
            self,
            features=(*self.features, *(f for f in new if f not in self.rows)),
            documents=basis,
        )


def pattern_feature(pattern: Pattern) -> str:
    """The feature that fires where a pattern matches."""
    return f"{pattern.kind.value}:{pattern.name}"


def oov_feature(block: int, settings: CountSettings) -> str | None:
    """The feature of words that a featurizer does not know, if it has one."""
    if settings.oov_token is None or settings.analyzer is not Analyzer.WORD:
        return None
    return f"{block}:{settings.oov_token}"


def _new_ngrams(
    block: int,
    settings: CountSettings,
    documents: Sequence[Sequence[str]],
    known: Sequence[str],
    basis: int,
) -> list[str]:
    """The n-grams that one featurizer keeps, as scikit-learn does."""
    counter = Counter(settings)
    if _is_choosy(settings):
        found = _chosen(counter, settings, documents, len(known), basis)
    else:
        tokens = set[str]().union(*documents)
        found = set[str]().union(*map(counter.ngrams, tokens))
    return sorted(f"{block}:{ngram}" for ngram in found)


def _is_choosy(settings: CountSettings) -> bool:
    everything = settings.min_df in {0, 1} and settings.max_df == 1
    integral = isinstance(settings.min_df, int) and isinstance(settings.max_df, float)
    return settings.max_features is not None or not (everything and integral)


def _chosen(
    counter: Counter,
    settings: CountSettings,
    documents: Sequence[Sequence[str]],
    known: int,
    basis: int,
) -> set[str]:
    """Cut by document frequency, then the most frequent, ties in alphabetical order."""
    in_documents: Multiset[str] = Multiset()
    in_all: Multiset[str] = Multiset()
    cached = cache(counter.ngrams)
    for tokens in documents:
        ngrams = [ngram for token in tokens for ngram in cached(token)]
        in_all.update(ngrams)
        in_documents.update(set(ngrams))
    low, high = (_count(df, basis) for df in (settings.min_df, settings.max_df))
    # What a delta says again and again may not be common at all, so only a vocabulary
    # that starts from nothing is cut at its upper end.
    upper = high if not known else math.inf
    kept = [ngram for ngram, count in in_documents.items() if low <= count <= upper]
    kept.sort(key=lambda ngram: (-in_all[ngram], ngram))
    room = settings.max_features
    return set(kept if room is None else kept[: max(room - known, 0)])


def _count(count_or_share: float, basis: int) -> float:
    return count_or_share if isinstance(count_or_share, int) else count_or_share * basis
