"""Which n-grams become features, and where their rows stand."""

from __future__ import annotations

import pytest

from dvcinc.corpus.patterns import read_patterns
from dvcinc.corpus.pipeline import Pipeline
from dvcinc.corpus.values import LookupEntry, Regex
from dvcinc.model.vocabulary import Vocabulary
from dvcinc.text.settings import CountSettings, LexicalSettings, RegexSettings

TEXTS = ("red red red", "red blue", "blue green")


def words(*texts: str, old: Vocabulary | None = None, **settings: object) -> list[str]:
    pipeline = Pipeline(counts=(CountSettings(**settings),))
    grown = (old or Vocabulary()).grown(texts, pipeline)
    return [feature.removeprefix("0:") for feature in grown.features]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ["blue", "green", "red"]),
        ({"min_df": 2}, ["blue", "red"]),
        ({"min_df": 0.5}, ["blue", "red"]),
        ({"max_df": 1}, ["green"]),
        ({"max_df": 0.4}, ["green"]),
        # By how often they occur in all, ties in alphabetical order.
        ({"max_features": 1}, ["red"]),
        ({"max_features": 2}, ["blue", "red"]),
        ({"stop_words": frozenset({"red"})}, ["blue", "green"]),
        (
            {"oov_token": "oov", "oov_words": frozenset({"green"})},
            ["blue", "oov", "red"],
        ),
    ],
)
def test_a_vocabulary_from_nothing(
    settings: dict[str, object], expected: list[str]
) -> None:
    assert words(*TEXTS, **settings) == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ["m", "n", "a", "z"]),
        ({"max_features": 2}, ["m", "n"]),
        ({"max_features": 3}, ["m", "n", "a"]),
        ({"min_df": 2}, []),
        # What fills a small delta may be rare in the whole.
        ({"max_df": 0.5}, ["m", "n", "a", "z"]),
    ],
)
def test_growth_goes_behind(settings: dict[str, object], expected: list[str]) -> None:
    pipeline = Pipeline(counts=(CountSettings(**settings),))
    old = Vocabulary().grown(["m", "n"], pipeline)
    assert words("z a", "a m", old=old, **settings)[: len(expected)] == expected


def test_blocks_and_looks_have_rows_of_their_own() -> None:
    pipeline = Pipeline(
        counts=(CountSettings(), CountSettings(lowercase=False)),
        lexical=LexicalSettings(features=(("upper",),)),
    )
    assert Vocabulary().grown(["Hi"], pipeline).features == (
        "0:hi",
        "1:Hi",
        "lex:0:upper:False",
    )


REGEXES = (Regex("zip", "b"), Regex("zip", "a"), Regex("code", "c"))
LOOKUPS = (LookupEntry("zip", "x"),)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (None, []),
        (
            RegexSettings(),
            [
                ("lookup", "zip", ("x",)),
                ("regex", "code", ("c",)),
                ("regex", "zip", ("a", "b")),
            ],
        ),
        (RegexSettings(use_regexes=False), [("lookup", "zip", ("x",))]),
    ],
)
def test_a_pattern_is_all_that_has_its_name(
    settings: RegexSettings | None, expected: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    found = read_patterns(REGEXES, LOOKUPS, settings)
    assert [(kind.value, name, items) for kind, name, items in found] == expected
