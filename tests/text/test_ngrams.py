"""N-grams are counted as scikit-learn's CountVectorizer does for Rasa."""

from __future__ import annotations

import pytest

from dvcinc.text.ngrams import Counter, vocabulary
from dvcinc.text.settings import Accents, Analyzer, CountSettings

WB = {"analyzer": Analyzer.CHAR_WB}


@pytest.mark.parametrize(
    ("settings", "token", "expected"),
    [
        ({}, "Hello", ["hello"]),
        ({"lowercase": False}, "Hello", ["Hello"]),
        ({}, "don't", ["don", "t"]),
        ({}, "!!!", []),
        ({}, "2024", ["__number__"]),
        ({}, "10.5", ["__number__", "__number__"]),
        ({}, "ab12", ["ab12"]),
        ({"lowercase": False}, "2024", ["__NUMBER__"]),
        ({"stop_words": frozenset({"the"})}, "the", []),
        ({"max_ngram": 2}, "don't", ["don", "t", "don t"]),
        ({"strip_accents": Accents.UNICODE}, "Café", ["cafe"]),
        ({"strip_accents": Accents.ASCII}, "Łódź", ["odz"]),
        ({"oov_token": "oov", "oov_words": frozenset({"rare"})}, "rare", ["oov"]),
        (WB | {"max_ngram": 1}, "ab", [" ", "a", "b", " "]),
        (WB | {"min_ngram": 3, "max_ngram": 3}, "ab", [" ab", "ab "]),
        # A word shorter than the n-gram is counted once, however many sizes follow.
        (WB | {"min_ngram": 4, "max_ngram": 6}, "ab", [" ab "]),
        (WB | {"min_ngram": 5, "max_ngram": 6}, "ab", [" ab "]),
        (
            {"analyzer": Analyzer.CHAR, "min_ngram": 2, "max_ngram": 2},
            "abc",
            ["ab", "bc"],
        ),
    ],
)
def test_ngrams(settings: dict[str, object], token: str, expected: list[str]) -> None:
    assert list(Counter(CountSettings(**settings)).ngrams(token)) == expected


def test_a_vocabulary_is_that_of_all_tokens() -> None:
    assert vocabulary(["hi Bob!", "hi 42"], CountSettings()) == {
        "hi",
        "bob",
        "__number__",
    }
