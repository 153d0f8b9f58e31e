"""What of a pipeline is honoured, passed over, warned about or refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dvcinc.corpus.patterns import ExtractorSettings
from dvcinc.corpus.pipeline import (
    FallbackSettings,
    Pipeline,
    Serving,
    effective_options,
    read_pipeline,
    spec_of,
    weight_options,
)
from dvcinc.corpus.selectors import SelectorSettings
from dvcinc.corpus.transformer import TransformerSettings
from dvcinc.corpus.values import Component, Config, Place
from dvcinc.errors import InputError
from dvcinc.text.settings import Analyzer, RegexSettings

TRANSFORMER = {
    "number_of_transformer_layers": 2,
    "transformer_size": 64,
    "use_key_relative_attention": True,
    "max_relative_position": 3,
}
WHOLE = ("WhitespaceTokenizer", "CountVectorsFeaturizer", "DIETClassifier")


def component(name: str, **options: Any) -> Component:
    return Component(name, json.dumps(options, sort_keys=True))


def read(*components: Component | str) -> Pipeline:
    """A pipeline whose first component stands in line 2, and so on."""
    made = [component(c) if isinstance(c, str) else c for c in components]
    return read_pipeline(
        Config(
            pipeline=tuple(
                (c, Place("config.yml", line)) for line, c in enumerate(made, start=2)
            ),
            place=Place("config.yml", 1),
        )
    )


def with_options(name: str, **options: Any) -> Pipeline:
    rest = [part for part in WHOLE if part != name]
    return read(component(name, **options), *rest)


def test_rasas_defaults_hold_where_nothing_is_written() -> None:
    pipeline = read(*WHOLE)
    assert pipeline.warnings == ()
    assert pipeline.counts[0].analyzer is Analyzer.WORD
    assert pipeline.diet.epochs == 300
    assert (pipeline.intent_classification, pipeline.entity_recognition) == (True, True)
    assert (pipeline.regex, pipeline.synonyms) == (None, False)
    assert pipeline.fallback is None


def test_a_transformer_runs_where_its_layers_are_written() -> None:
    assert read(*WHOLE).diet.transformer is None
    diet = with_options("DIETClassifier", **TRANSFORMER).diet
    assert diet.transformer == TransformerSettings(layers=2, size=64, key_reach=3)
    diet = with_options("DIETClassifier", number_of_transformer_layers=1).diet
    assert diet.transformer == TransformerSettings(layers=1, size=256, heads=4)


def test_what_nobody_asks_of_a_transformer_may_be_empty() -> None:
    diet = with_options(
        "DIETClassifier", transformer_size=None, max_relative_position=None
    ).diet
    assert diet.transformer is None


def test_a_module_path_does_not_count() -> None:
    pipeline = read(*WHOLE[:2], "rasa.nlu.classifiers.diet_classifier.DIETClassifier")
    assert pipeline.warnings == ()


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("DIETClassifier", {"epochs": 5}, []),
        ("DIETClassifier", {"learning_rate": 0.001}, []),
        ("DIETClassifier", {"ranking_length": 3, "tensorboard_log_level": "batch"}, []),
        (
            "DIETClassifier",
            {"learning_rate": 0.01, "constrain_similarities": True},
            [
                (
                    "config.yml:2: DIETClassifier: no effect here: learning_rate; "
                    "it may stay"
                )
            ],
        ),
        (
            "DIETClassifier",
            {"epoch": 5},
            ["config.yml:2: DIETClassifier has no option 'epoch'"],
        ),
        (
            "CountVectorsFeaturizer",
            {"use_shared_vocab": True},
            [
                (
                    "config.yml:2: CountVectorsFeaturizer: no effect here: "
                    "use_shared_vocab; it may stay"
                )
            ],
        ),
        (
            "CountVectorsFeaturizer",
            {"max_ngram": 2},
            [
                (
                    "config.yml:2: CountVectorsFeaturizer: `max_ngram` counts word "
                    "n-grams within a token only"
                )
            ],
        ),
        ("CountVectorsFeaturizer", {"analyzer": "char_wb", "max_ngram": 4}, []),
        ("DIETClassifier", TRANSFORMER, []),
        (
            "DIETClassifier",
            {**TRANSFORMER, "unidirectional_encoder": True},
            [
                (
                    "config.yml:2: DIETClassifier: no effect here: "
                    "unidirectional_encoder; it may stay"
                )
            ],
        ),
        (
            "DIETClassifier",
            {**TRANSFORMER, "number_of_transformer_layers": 0},
            [
                (
                    "config.yml:2: DIETClassifier: no effect here: "
                    "max_relative_position, transformer_size, "
                    "use_key_relative_attention; they may stay"
                )
            ],
        ),
        ("CountVectorsFeaturizer", {"additional_vocabulary_size": {"text": 9}}, []),
    ],
)
def test_warnings(name: str, options: dict[str, Any], expected: list[str]) -> None:
    assert list(with_options(name, **options).warnings) == expected


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("DucklingEntityExtractor", "it has no trained weights"),
        ("KeywordIntentClassifier", "it has no trained weights"),
    ],
)
def test_a_component_that_is_passed_over_has_one_line(name: str, reason: str) -> None:
    (line,) = read(*WHOLE, component(name, epochs=3)).warnings
    assert line.startswith(f"config.yml:5: {name} is passed over: {reason}")


def test_selectors_say_what_they_cover_and_how_they_answer() -> None:
    pipeline = read(
        *WHOLE,
        component("ResponseSelector", retrieval_intent="faq", ranking_length=3),
        component("ResponseSelector", epochs=100),
    )
    assert pipeline.selectors == ("faq", None)
    assert pipeline.serving.selectors == (
        SelectorSettings(retrieval_intent="faq", ranking_length=3),
        SelectorSettings(),
    )
    assert pipeline.warnings == ()


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (
            {"use_text_as_label": True},
            (
                "config.yml:5: ResponseSelector: no effect here: use_text_as_label; "
                "it may stay"
            ),
        ),
        ({"use_text_as_label": False}, None),
        (
            {"drop_rate": 0.9},
            "config.yml:5: ResponseSelector: no effect here: drop_rate; it may stay",
        ),
        ({"constrain_similarities": True}, None),
    ],
)
def test_what_a_selector_cannot_is_said(
    options: dict[str, Any], line: str | None
) -> None:
    warnings = read(*WHOLE, component("ResponseSelector", **options)).warnings
    assert warnings == (() if line is None else (line,))


def test_two_selectors_for_one_intent_are_an_error() -> None:
    with pytest.raises(InputError, match="another selector is for 'default' already"):
        read(*WHOLE, "ResponseSelector", "ResponseSelector")


def test_without_intents_a_selector_does_nothing() -> None:
    tags_alone = component("DIETClassifier", intent_classification=False)
    pipeline = read(*WHOLE[:2], tags_alone, "ResponseSelector")
    assert pipeline.selectors == ()
    assert "does nothing" in pipeline.warnings[0]


@pytest.mark.parametrize(
    ("behind", "mapped"),
    [
        (("RegexEntityExtractor", "EntitySynonymMapper"), True),
        (("EntitySynonymMapper", "RegexEntityExtractor"), False),
        (("RegexEntityExtractor",), False),
    ],
)
def test_a_mapper_maps_what_is_found_before_it(
    behind: tuple[str, ...],
    mapped: bool,  # noqa: FBT001 - a column of the table
) -> None:
    extractor = read(*WHOLE, *behind).serving.extractor
    assert extractor == ExtractorSettings(
        matching=RegexSettings(case_sensitive=False), synonyms=mapped
    )


def test_settings_without_weights_come_back_from_json() -> None:
    serving = read(
        *WHOLE,
        "RegexEntityExtractor",
        "EntitySynonymMapper",
        "FallbackClassifier",
        component("ResponseSelector", retrieval_intent="faq"),
    ).serving
    assert Serving.from_json(serving.to_json(), "here") == serving


@pytest.mark.parametrize(
    "name",
    [
        "SpacyNLP",
        "LanguageModelFeaturizer",
        "CRFEntityExtractor",
        "SklearnIntentClassifier",
        "JiebaTokenizer",
        "my.bot.components.Sentiment",
    ],
)
def test_an_unknown_component_is_an_error_that_names_it(name: str) -> None:
    with pytest.raises(InputError) as error:
        read(*WHOLE, name)
    assert error.value.message.startswith(f"config.yml:5: component {name!r}")
    assert "DIETClassifier" in error.value.hint


@pytest.mark.parametrize(
    ("components", "message"),
    [
        ((), "config.yml:1: there is no `pipeline`, or it is empty"),
        (WHOLE[1:], "config.yml:1: the pipeline has no WhitespaceTokenizer"),
        (WHOLE[:2], "config.yml:1: the pipeline has no DIETClassifier"),
        ((WHOLE[0], WHOLE[2]), "config.yml:1: the pipeline has no featurizer"),
        (
            (*WHOLE, "DIETClassifier"),
            "config.yml:5: DIETClassifier: stands in the pipeline twice",
        ),
    ],
)
def test_a_pipeline_that_cannot_be_trained(
    components: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InputError) as error:
        read(*components)
    assert error.value.message == message


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("DIETClassifier", {"epochs": 0}, "`epochs` must be a whole number, 1 or more"),
        ("DIETClassifier", {"epochs": "x"}, "`epochs` must be a whole number"),
        ("DIETClassifier", {"drop_rate": 2}, "`drop_rate` must be a number from 0"),
        ("DIETClassifier", {"BILOU_flag": "yes"}, "`BILOU_flag` must be true or false"),
        (
            "DIETClassifier",
            {"number_of_transformer_layers": 65},
            "`number_of_transformer_layers` must be at most 64, not 65",
        ),
        (
            "DIETClassifier",
            {**TRANSFORMER, "transformer_size": None},
            "`transformer_size` must be a whole number, 1 or more, not None",
        ),
        (
            "DIETClassifier",
            {**TRANSFORMER, "number_of_attention_heads": 5},
            "`number_of_attention_heads` must be a divisor of `transformer_size`, 64",
        ),
        (
            "DIETClassifier",
            {**TRANSFORMER, "max_relative_position": 0},
            "`max_relative_position` must be a whole number, 1 or more",
        ),
        (
            "DIETClassifier",
            {"intent_classification": False, "entity_recognition": False},
            "there is nothing to train",
        ),
        (
            "CountVectorsFeaturizer",
            {"analyzer": "words"},
            "`analyzer` must be one of: word, char, char_wb, not 'words'",
        ),
        ("CountVectorsFeaturizer", {"min_ngram": 3}, "`max_ngram` must be a whole"),
        ("CountVectorsFeaturizer", {"min_df": 1.5}, "`min_df` must be a number"),
        ("CountVectorsFeaturizer", {"stop_words": 3}, "`stop_words` must be a list"),
        ("WhitespaceTokenizer", {"token_pattern": "("}, "is no regular expression"),
        ("WhitespaceTokenizer", {"token_pattern": "a{9999999999}"}, "is no regular"),
        ("WhitespaceTokenizer", {"token_pattern": "(" * 5000}, "is no regular"),
        ("WhitespaceTokenizer", {"token_pattern": "(a+)+b"}, "exponential time"),
        ("WhitespaceTokenizer", {"token_pattern": "(a)(b)"}, "of one group"),
        ("LexicalSyntacticFeaturizer", {"features": [[{}]]}, "a list of lists of: "),
        ("LexicalSyntacticFeaturizer", {"features": [[[]]]}, "a list of lists of: "),
    ],
)
def test_a_value_that_cannot_be(
    name: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError) as error:
        with_options(name, **options)
    assert error.value.message.startswith(f"config.yml:2: {name}")
    assert message in error.value.message


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("DIETClassifier", {"epochs": 5, "ranking_length": 3}, {}),
        ("DIETClassifier", {"learning_rate": 0.001}, {}),
        ("DIETClassifier", {"learning_rate": 0.01}, {"learning_rate": 0.01}),
        # Rasa's default of two layers is not ours: who writes it means it.
        (
            "DIETClassifier",
            {"number_of_transformer_layers": 2},
            {"number_of_transformer_layers": 2},
        ),
        ("DIETClassifier", {"number_of_transformer_layers": 0}, {}),
        ("DIETClassifier", {"dense_dimension": {"text": 128}}, {}),
        ("DIETClassifier", {"BILOU_flag": False}, {"BILOU_flag": False}),
        ("CountVectorsFeaturizer", {"min_df": 1}, {}),
        # One text is not the same as all texts.
        ("CountVectorsFeaturizer", {"min_df": 1.0}, {"min_df": 1.0}),
        ("CountVectorsFeaturizer", {"additional_vocabulary_size": 100}, {}),
        ("FallbackClassifier", {"threshold": 0.7}, {}),
        ("my.Custom", {"epochs": 3, "size": 2}, {"size": 2}),
    ],
)
def test_only_what_touches_weights(
    name: str, options: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert dict(weight_options(component(name, **options))) == expected


def test_effective_options_hold_rasas_defaults() -> None:
    options = effective_options(component("DIETClassifier", ranking_length=3))
    assert (options["ranking_length"], options["epochs"]) == (3, 300)


def test_only_known_components_have_a_spec() -> None:
    assert spec_of("rasa.x.RegexFeaturizer") is spec_of("RegexFeaturizer")
    assert spec_of("SpacyNLP") is None


@pytest.mark.parametrize(
    "serving",
    [
        Serving(),
        Serving(
            synonyms=True,
            fallback=FallbackSettings(threshold=0.4),
            ranking_length=0,
            keep_commas_in=frozenset({"address"}),
        ),
    ],
)
def test_serving_settings_come_back_from_json(serving: Serving) -> None:
    assert Serving.from_json(json.loads(json.dumps(serving.to_json())), "x") == serving


def test_commas_can_be_kept_for_one_entity() -> None:
    split = {"address": False, "fruit": True}
    serving = with_options("DIETClassifier", split_entities_by_comma=split).serving
    assert [serving.splits(e) for e in ("address", "fruit", "city")] == [
        False,
        True,
        True,
    ]


def test_what_nobody_would_notice_is_told_aside_and_once() -> None:
    """`rasa init` writes it for both."""
    pipeline = read(
        component("WhitespaceTokenizer"),
        component("CountVectorsFeaturizer"),
        component("DIETClassifier", epochs=100, constrain_similarities=True),
        component("ResponseSelector", epochs=100, constrain_similarities=True),
    )
    assert pipeline.warnings == ()
    assert pipeline.asides == (
        (
            "config.yml:4: DIETClassifier, ResponseSelector: no effect here: "
            "constrain_similarities; it may stay"
        ),
    )
