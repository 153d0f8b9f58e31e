"""Stage `evaluate`: the packaged model on the test data, in DVC's own formats."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from dvcinc.corpus.tables import Tables
from dvcinc.corpus.values import Example, Place
from dvcinc.lineage.tested import Known, needed_tests, renames, warnings_of
from dvcinc.model.checkpoint import load
from dvcinc.model.document import Model
from dvcinc.model.evaluate import Confusion, Metrics, Row, evaluate
from dvcinc.model.labels import base_intent
from dvcinc.model.runtime import Runtime
from dvcinc.plan.files import put_file
from dvcinc.snapshot.sources import FolderSource
from dvcinc.stages.bench import Bench, Talk, at_work
from dvcinc.stages.paths import (
    CONFUSION,
    ENTITIES,
    INTENTS,
    METRICS,
    MODEL,
    RESPONSES,
)
from dvcinc.yaml import Json

_DIGITS = 5


def run_evaluate(project: Path, talk: Talk) -> None:
    """Runs the stage.

    Raises:
        DvcincError: There is no model, or no test example.
    """
    with at_work(project, "evaluate", talk) as bench:
        model = load(bench.need(MODEL, "package"))
        tests = test_examples(bench)
        metrics = evaluate(Runtime(model), sorted(tests, key=Example.order))
        _write(bench, metrics)
        for warning in warnings_of(tests, _known(model, project)):
            talk.warn(str(warning))
        talk.say(
            f"evaluate: {metrics.examples:,} test examples, intent accuracy "
            f"{metrics.accuracy:.3f}, entity F1 {metrics.entity_f1:.3f}"
        )


def _known(model: Model, project: Path) -> Known:
    """The labels that a model answers with."""
    tables = model.tables or Tables()
    tagged = {label.entity for label in model.labels.entities}
    return Known(
        intents=frozenset(map(base_intent, model.labels.intents)),
        entities=frozenset({*tagged, *(pattern.name for pattern in tables.patterns)}),
        renamed=renames(project),
    )


def test_examples(bench: Bench) -> Mapping[Example, Place]:
    """The test examples, with their places.

    Raises:
        InputError: There are none where `data.test` says.
    """
    return needed_tests(FolderSource(bench.project), bench.params().data.test)


def _write(bench: Bench, metrics: Metrics) -> None:
    confusion = [("actual", "predicted"), *metrics.confusion]
    _write_csv(bench, CONFUSION, confusion)
    _write_csv(bench, INTENTS, _table("intent", metrics.intents))
    _write_csv(bench, ENTITIES, _table("entity", metrics.entities))
    responses = metrics.responses
    keys: Iterable[Confusion] = responses.confusion if responses else ()
    _write_csv(bench, RESPONSES, [("actual", "predicted"), *keys])
    bench.write_json(METRICS, _said(metrics))


def _said(metrics: Metrics) -> dict[str, Json]:
    """`metrics.json`; of responses only where there are keys to choose."""
    found: dict[str, Json] = {
        "examples": metrics.examples,
        "intent": {
            "accuracy": _round(metrics.accuracy),
            "macro_f1": _round(metrics.macro_f1),
            "fallbacks": metrics.fallbacks,
        },
        "entity": {
            "precision": _round(metrics.entity_precision),
            "recall": _round(metrics.entity_recall),
            "f1": _round(metrics.entity_f1),
        },
        "calibration_error": _round(metrics.calibration_error),
    }
    if metrics.responses is not None:
        found["responses_accuracy"] = _round(metrics.responses.accuracy)
        found["responses_macro_f1"] = _round(metrics.responses.macro_f1)
    return found


def _table(name: str, rows: Iterable[Row]) -> list[tuple[object, ...]]:
    head: tuple[object, ...] = (name, "f1", "precision", "recall", "support")
    return [
        head,
        *(
            (r.name, _round(r.f1), _round(r.precision), _round(r.recall), r.support)
            for r in rows
        ),
    ]


def _round(value: float) -> float:
    return round(value, _DIGITS)


def _write_csv(bench: Bench, path: str, rows: Iterable[Iterable[object]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    put_file(text.getvalue().encode(), bench.path(path))
