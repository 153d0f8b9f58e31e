"""Entities that patterns find, beside those of the tags."""

from __future__ import annotations

import time

import numpy as np
import pytest
from corpora import corpus

from dvcinc.corpus.patterns import ExtractorSettings, entity_patterns
from dvcinc.corpus.settings import Serving
from dvcinc.corpus.tables import Tables
from dvcinc.corpus.values import Synonym
from dvcinc.errors import InputError
from dvcinc.model.document import Model
from dvcinc.model.runtime import Runtime
from dvcinc.model.tables import package
from dvcinc.text.settings import RegexSettings

NOTED = "go: to [Rome](city) by [NL402](train)"
ANY_CASE = RegexSettings(case_sensitive=False)


def tables(
    lines: str, matching: RegexSettings = ANY_CASE, *, synonyms: bool = False
) -> Tables:
    settings = ExtractorSettings(matching=matching, synonyms=synonyms)
    return Tables(
        synonyms=(Synonym("roma", "Rome"),),
        patterns=entity_patterns(corpus(f"{NOTED}\n{lines}"), settings),
        serving=Serving(extractor=settings),
    )


def silent(model: Model) -> Model:
    """The model, made to find no entity by its tags."""
    bias = np.full_like(model.tensors["tags/bias"], -99)
    bias[0] = 99
    model.tensors["tags/bias"][:] = bias
    return model


@pytest.fixture
def mute(drawn: Model) -> Model:
    from dataclasses import replace  # noqa: PLC0415 - with what it is for

    copied = {name: array.copy() for name, array in drawn.tensors.items()}
    return silent(replace(drawn, tensors=copied))


def found(model: Model, made: Tables, text: str) -> list[tuple[str, str]]:
    runtime = Runtime(package(model, made, tables_digest="x"))
    entities = runtime.parse(text).entities
    for entity in entities:
        assert entity.extractor == "RegexEntityExtractor"
        assert text[entity.start : entity.end].lower() in text.lower()
    return [(entity.entity, entity.value) for entity in entities]


# what, lines, text, entities
ROWS = [
    ("a lookup", "lookup city: Rome | Oslo", "Oslo, rome", ["city Oslo", "city rome"]),
    ("a regex", r"regex train: nl\d+", "is NL402 late", ["train NL402"]),
    ("the longest", "lookup city: New York | York", "new york", ["city new york"]),
    ("without overlap", "lookup city: a b | b c", "a b c", ["city a b"]),
    ("whole words", "lookup city: Rome", "Romeo is in romes", []),
    ("what is no entity", "lookup town: Rome", "Rome", []),
    ("an empty match", "regex train: x*", "nothing", []),
    (
        "both of one name",
        "lookup city: Rome\nregex city: o[a-z]lo",
        "Rome Oslo",
        ["city Rome", "city Oslo"],
    ),
    ("nothing", "", "Rome", []),
]


@pytest.mark.parametrize(
    ("lines", "text", "expected"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS]
)
def test_patterns_named_as_an_entity_find_it(
    mute: Model, lines: str, text: str, expected: list[str]
) -> None:
    entities = found(mute, tables(lines), text)
    assert [f"{entity} {value}" for entity, value in entities] == expected


@pytest.mark.parametrize(
    ("matching", "expected"),
    [
        (RegexSettings(), ["Rome"]),
        (RegexSettings(case_sensitive=False), ["Rome", "OSLO"]),
        (RegexSettings(use_lookup_tables=False), []),
        (
            RegexSettings(use_word_boundaries=False, case_sensitive=False),
            ["Rome", "rome", "OSLO"],
        ),
    ],
)
def test_settings_say_how_patterns_match(
    mute: Model, matching: RegexSettings, expected: list[str]
) -> None:
    made = tables("lookup city: Rome | Oslo", matching)
    assert [v for _, v in found(mute, made, "Rome xrome OSLO")] == expected


@pytest.mark.parametrize(("mapped", "value"), [(True, "Rome"), (False, "Roma")])
def test_what_a_pattern_finds_has_synonyms_if_the_mapper_stands_behind(
    mute: Model,
    mapped: bool,  # noqa: FBT001 - a column of the table
    value: str,
) -> None:
    made = tables("lookup city: Roma", synonyms=mapped)
    assert found(mute, made, "to Roma") == [("city", value)]


def test_nobody_is_sure_of_a_pattern(mute: Model) -> None:
    runtime = Runtime(package(mute, tables("lookup city: Rome"), tables_digest="x"))
    (entity,) = runtime.parse("to Rome").entities
    assert entity.to_json() == {
        "entity": "city",
        "start": 3,
        "end": 7,
        "value": "Rome",
        "extractor": "RegexEntityExtractor",
    }


def test_patterns_stand_behind_tags_and_both_may_say_the_same(mute: Model) -> None:
    mute.tensors["tags/bias"][:] = 0
    mute.tensors["tags/bias"][4] = 99
    runtime = Runtime(package(mute, tables("lookup city: Rome"), tables_digest="x"))
    entities = runtime.parse("Rome").entities
    assert [e.extractor for e in entities] == ["DIETClassifier", "RegexEntityExtractor"]


def test_a_hostile_pattern_is_refused_before_it_is_served(mute: Model) -> None:
    with pytest.raises(InputError, match="can take exponential time"):
        package(mute, tables("regex train: (a+)+b"), tables_digest="x")


def test_a_slow_pattern_cannot_hold_an_answer_up(mute: Model) -> None:
    made = tables("regex train: .*a.*b.*c.*d.*e")
    runtime = Runtime(package(mute, made, tables_digest="x"))
    started = time.process_time()
    runtime.parse("a" * 5000)
    assert time.process_time() - started < 2
