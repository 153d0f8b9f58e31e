"""How good a model is on test examples: facts, in the terms that Rasa reports.

Intents are compared without their keys (`faq` of `faq/ask_x`), keys by what the
selector for the intent has chosen, entities by exact span and type, with role and group
where the test data has them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dvcinc.corpus.values import Example
from dvcinc.model.labels import base_intent
from dvcinc.model.result import FALLBACK_INTENT, ParseResult
from dvcinc.model.runtime import Runtime

BINS = 15


class Row(NamedTuple):
    """Precision, recall and F1 of one label, and how often it occurs."""

    name: str
    precision: float
    recall: float
    f1: float
    support: int


class Confusion(NamedTuple):
    """One test example: its intent, or its key, and the predicted one."""

    actual: str
    predicted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Responses:
    """How the response keys come out, over the examples that a selector covers.

    Args:
        accuracy: Share of examples with the right key, whatever their intent.
        macro_f1: Mean F1 over the keys of these examples.
        confusion: One row for each of them, in order.
    """

    accuracy: float
    macro_f1: float
    confusion: tuple[Confusion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """What a test shows; a share of nothing is 0.

    Args:
        examples: How many test examples there are.
        accuracy: Share of examples with the right intent.
        macro_f1: Mean F1 over the intents of the test examples.
        entity_precision: Share of the found entities that are right, and so on, over
            all types together (micro average).
        fallbacks: Examples that were answered with `nlu_fallback`.
        calibration_error: How far the confidences of the intents lie from how often
            they are right: the expected calibration error (Guo et al., 2017) in
            `BINS` bins of equal width. A fallback counts as the intent behind it.
        responses: `None` if no selector covers any test example.
        intents: One row for each intent that is in the test data or was predicted.
        entities: One row for each entity type likewise.
        confusion: One row for each test example, in order.
    """

    examples: int
    accuracy: float
    macro_f1: float
    entity_precision: float
    entity_recall: float
    entity_f1: float
    fallbacks: int
    calibration_error: float
    responses: Responses | None
    intents: tuple[Row, ...]
    entities: tuple[Row, ...]
    confusion: tuple[Confusion, ...]


Found = tuple[str, int, int, str | None, str | None]


def evaluate(runtime: Runtime, examples: Sequence[Example]) -> Metrics:
    """Parse the examples and compare."""
    results = runtime.parse_many([example.text for example in examples])
    return compare(examples, results)


def compare(examples: Sequence[Example], results: Sequence[ParseResult]) -> Metrics:
    """The metrics of some answers, in the order of the examples."""
    confusion = tuple(
        Confusion(base_intent(example.intent), result.intent.name or "")
        for example, result in zip(examples, results, strict=True)
    )
    pairs = list(zip(map(_annotated, examples), map(_predicted, results), strict=True))
    right = Counter(e[0] for wanted, found in pairs for e in wanted & found)
    wanted_all = Counter(e[0] for wanted, _ in pairs for e in wanted)
    found_all = Counter(e[0] for _, found in pairs for e in found)
    total = _row(
        "", sum(right.values()), sum(found_all.values()), sum(wanted_all.values())
    )
    intents = _intent_rows(confusion)
    return Metrics(
        examples=len(examples),
        accuracy=_share(sum(c.actual == c.predicted for c in confusion), len(examples)),
        macro_f1=_macro_f1(intents),
        entity_precision=total.precision,
        entity_recall=total.recall,
        entity_f1=total.f1,
        fallbacks=sum(c.predicted == FALLBACK_INTENT for c in confusion),
        calibration_error=_calibration_error(examples, results),
        responses=_responses(examples, results),
        intents=intents,
        entities=tuple(
            _row(name, right[name], found_all[name], wanted_all[name])
            for name in sorted(wanted_all | found_all)
        ),
        confusion=confusion,
    )


def _responses(
    examples: Sequence[Example], results: Sequence[ParseResult]
) -> Responses | None:
    confusion = []
    for example, result in zip(examples, results, strict=True):
        selection = result.response_selector
        base, slash, _ = example.intent.partition("/")
        if slash and selection is not None and selection.covers(base):
            confusion.append(Confusion(example.intent, selection.key_of(base) or ""))
    if not confusion:
        return None
    right = sum(c.actual == c.predicted for c in confusion)
    return Responses(
        accuracy=_share(right, len(confusion)),
        macro_f1=_macro_f1(_intent_rows(confusion)),
        confusion=tuple(confusion),
    )


def _calibration_error(
    examples: Sequence[Example], results: Sequence[ParseResult]
) -> float:
    """Over the examples that have an answer; see `Metrics`."""
    counts, gaps = [0] * BINS, [0.0] * BINS
    for example, result in zip(examples, results, strict=True):
        ranking = (result.intent, *result.intent_ranking)
        own = [ranked for ranked in ranking if ranked.name != FALLBACK_INTENT]
        if own and own[0].name is not None:
            place = min(int(own[0].confidence * BINS), BINS - 1)
            counts[place] += 1
            right = own[0].name == base_intent(example.intent)
            gaps[place] += own[0].confidence - right
    return _share(sum(map(abs, gaps)), sum(counts))


def _macro_f1(rows: Iterable[Row]) -> float:
    supported = [row.f1 for row in rows if row.support]
    return _share(sum(supported), len(supported))


def _intent_rows(confusion: Iterable[Confusion]) -> tuple[Row, ...]:
    rows = list(confusion)
    actual = Counter(c.actual for c in rows)
    predicted = Counter(c.predicted for c in rows if c.predicted)
    right = Counter(c.actual for c in rows if c.actual == c.predicted)
    return tuple(
        _row(name, right[name], predicted[name], actual[name])
        for name in sorted(actual | predicted)
    )


def _annotated(example: Example) -> set[Found]:
    return {(s.entity, s.start, s.end, s.role, s.group) for s in example.spans}


def _predicted(result: ParseResult) -> set[Found]:
    return {(e.entity, e.start, e.end, e.role, e.group) for e in result.entities}


def _row(name: str, right: int, found: int, support: int) -> Row:
    precision, recall = _share(right, found), _share(right, support)
    f1 = _share(2 * precision * recall, precision + recall)
    return Row(name, precision, recall, f1, support)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
