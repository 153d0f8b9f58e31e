"""Metrics of answers made by hand."""

from __future__ import annotations

import pytest
from corpora import corpus

from dvcinc.corpus.values import Example
from dvcinc.model.evaluate import Confusion, Metrics, Row, compare
from dvcinc.model.result import FoundEntity, ParseResult, RankedIntent


def examples(lines: str) -> list[Example]:
    return list(corpus(lines).examples)


def answers(lines: str) -> list[ParseResult]:
    """What a model would say, written as if it were data."""
    return [
        ParseResult(
            text=example.text,
            intent=RankedIntent(example.intent, 1.0),
            entities=tuple(
                FoundEntity(
                    start=span.start,
                    end=span.end,
                    entity=span.entity,
                    value="",
                    confidence=1.0,
                    role=span.role,
                )
                for span in example.spans
            ),
        )
        for example in examples(lines)
    ]


def measured(actual: str, predicted: str) -> Metrics:
    return compare(examples(actual), answers(predicted))


def test_all_right() -> None:
    metrics = measured("a: x | y [z](e)\nb: w", "a: x | y [z](e)\nb: w")
    assert (metrics.accuracy, metrics.macro_f1, metrics.entity_f1) == (1, 1, 1)
    assert metrics.examples == 3
    assert metrics.fallbacks == 0


def test_an_intent_that_was_never_right_counts_in_the_mean() -> None:
    metrics = measured("a: x | y\nb: z", "a: x | y | z")
    assert metrics.accuracy == pytest.approx(2 / 3)
    assert metrics.macro_f1 == pytest.approx((0.8 + 0) / 2)
    assert metrics.intents == (
        Row("a", pytest.approx(2 / 3), 1.0, pytest.approx(0.8), 2),
        Row("b", 0.0, 0.0, 0.0, 1),
    )
    assert metrics.confusion[-1] == Confusion("b", "a")


def test_a_fallback_is_counted_and_is_no_intent_of_the_mean() -> None:
    metrics = measured("a: x\nb: y", "a: x\nnlu_fallback: y")
    assert metrics.fallbacks == 1
    assert metrics.macro_f1 == pytest.approx(0.5)


def test_a_retrieval_intent_is_compared_by_its_base() -> None:
    assert measured("faq/ask_wifi: x", "faq: x").accuracy == 1


@pytest.mark.parametrize(
    ("actual", "predicted", "expected"),
    [
        ("a: to [Rome](city)", "a: to [Rome](city)", 1),
        ("a: to [Rome](city)", "a: to Rome", 0),
        ("a: to [Rome](city)", "a: to [Rome](place)", 0),
        ("a: to [New York](city)", "a: to [New](city) York", 0),
        ('a: [Rome]{"entity": "city", "role": "to"}', "a: [Rome](city)", 0),
        ("a: [Rome](city) [Oslo](city)", "a: [Rome](city) Oslo", 2 / 3),
        ("a: nothing", "a: nothing", 0),
    ],
)
def test_an_entity_counts_only_if_span_type_and_role_are_right(
    actual: str, predicted: str, expected: float
) -> None:
    assert measured(actual, predicted).entity_f1 == pytest.approx(expected)


def test_no_examples_are_no_error() -> None:
    metrics = compare([], [])
    assert (metrics.accuracy, metrics.macro_f1, metrics.entity_f1) == (0, 0, 0)
