"""Metrics of answers made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from corpora import corpus

from dvcinc.corpus.values import Example
from dvcinc.model.evaluate import Confusion, Metrics, Row, compare
from dvcinc.model.result import (
    ChosenResponse,
    FoundEntity,
    ParseResult,
    RankedIntent,
    RankedKey,
    ResponseSelection,
)


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


def chosen(**keys: str) -> ResponseSelection:
    """What selectors of these names would have chosen."""
    return ResponseSelection(
        retrieval_intents=("faq",),
        chosen={
            name: ChosenResponse(responses=(), ranking=(RankedKey(key, 1.0),))
            for name, key in keys.items()
        },
    )


# what each text's selectors chose, accuracy, macro F1
RESPONSES = [
    (("faq/a", "faq/b", "faq/b"), 1.0, 1.0),
    (("faq/a", "faq/a", "faq/b"), 2 / 3, 2 / 3),
    (("faq/x", "faq/x", "faq/x"), 0.0, 0.0),
]


@pytest.mark.parametrize(("keys", "accuracy", "macro_f1"), RESPONSES)
@pytest.mark.parametrize("selector", ["faq", "default"])
def test_keys_are_compared_with_what_the_intents_selector_chose(
    selector: str, keys: tuple[str, ...], accuracy: float, macro_f1: float
) -> None:
    wanted = examples("faq/a: x\nfaq/b: y | z\ngreet: hi\nother/a: w")
    results = [
        replace(answer, response_selector=chosen(**{selector: key}))
        for answer, key in zip(
            answers("greet: x | y | z | hi | w"),
            (*keys, "faq/a", "other/a"),
            strict=True,
        )
    ]
    if selector == "default":
        wanted, results = wanted[:-1], results[:-1]
    found = compare(wanted, results).responses
    assert found is not None
    assert found.accuracy == pytest.approx(accuracy)
    assert found.macro_f1 == pytest.approx(macro_f1)
    assert [row.predicted for row in found.confusion] == [*keys]


def test_without_keys_to_choose_there_are_no_metrics_of_them() -> None:
    assert measured("faq/a: x", "faq: x").responses is None


@pytest.mark.parametrize(
    ("sure", "right", "error"),
    [
        ((1.0, 1.0), (True, True), 0.0),
        ((1.0, 1.0), (True, False), 0.5),
        ((0.5, 0.5), (True, False), 0.0),
        # Each in a bin of its own.
        ((0.9, 0.1), (True, False), 0.1),
        ((), (), 0.0),
    ],
)
def test_confidences_are_compared_with_how_often_they_are_right(
    sure: tuple[float, ...], right: tuple[bool, ...], error: float
) -> None:
    results = [
        ParseResult(
            text="x",
            intent=RankedIntent("a" if good else "b", confidence),
            intent_ranking=(RankedIntent("a" if good else "b", confidence),),
        )
        for confidence, good in zip(sure, right, strict=True)
    ]
    metrics = compare([Example("a", "x") for _ in results], results)
    assert metrics.calibration_error == pytest.approx(error)


def test_a_fallback_is_as_calibrated_as_the_intent_behind_it() -> None:
    fallback = RankedIntent("nlu_fallback", 0.3)
    result = ParseResult(
        text="x",
        intent=fallback,
        intent_ranking=(fallback, RankedIntent("a", 0.25)),
    )
    metrics = compare([Example("a", "x")], [result])
    assert metrics.calibration_error == pytest.approx(0.75)


def test_no_examples_are_no_error() -> None:
    metrics = compare([], [])
    assert (metrics.accuracy, metrics.macro_f1, metrics.entity_f1) == (0, 0, 0)
