"""A comparison as JSON: `dvcinc/comparison/1`, whose schema is published."""

from __future__ import annotations

from dvcinc.comparison.churn import Churn, Split
from dvcinc.comparison.noise import LEVEL, Judged, Measure
from dvcinc.comparison.result import Bill, Comparison, IntentJudged
from dvcinc.comparison.trial import Answer, wanted
from dvcinc.yaml import Json

SCHEMA = "dvcinc/comparison/1"
_DIGITS = 5


def comparison_json(found: Comparison) -> dict[str, Json]:
    """The document."""
    about, churns = found.about, found.churns
    return {
        "schema": SCHEMA,
        "project": about.project,
        "verdict": found.verdict.value,
        "level": LEVEL,
        "source": about.source,
        "commit": about.commit,
        "base": {
            "digest": about.base,
            "name": about.base_name,
            "examples": about.base_examples,
        },
        "delta": {"added": about.added, "removed": about.removed},
        "examples": about.examples,
        "tests": found.tests,
        "seeds": [*about.seeds],
        "metrics": [_judged(one) for one in found.judged],
        "cost": {"finetuned": _bill(found.finetune), "scratch": _bill(found.scratch)},
        "churn": {
            "finetuned_scratch": _churn(churns.ways),
            "scratch_scratch": _churn(churns.seeds),
            "base_finetuned": _churn(churns.tuning),
            "base_scratch": _churn(churns.anew),
        },
        "intents": [_intent(one) for one in found.intents],
        "differing": [_split(split) for split in found.splits],
        "unlearned": [*found.unlearned],
        "environment": dict(about.made_with),
    }


def _judged(one: Judged) -> dict[str, Json]:
    return {
        "name": one.measure.name,
        **_measure(one.measure),
        "low": _round(one.low),
        "high": _round(one.high),
        "noise": _round(one.margin),
        "chance": _round(one.chance),
        "verdict": one.verdict.value,
    }


def _measure(measure: Measure) -> dict[str, Json]:
    return {
        "base": [_round(value) for value in measure.base],
        "finetuned": [_round(value) for value in measure.tuned],
        "scratch": [_round(value) for value in measure.scratch],
        "difference": _round(measure.difference),
    }


def _bill(bill: Bill) -> dict[str, Json]:
    return {
        "seconds": round(bill.seconds, 3),
        "cpu_seconds": round(bill.cpu_seconds, 3),
        "steps": round(bill.steps, 1),
        "peak_bytes": bill.peak_bytes,
    }


def _churn(churn: Churn | None) -> Json:
    if churn is None:
        return None
    return {
        "intents": _round(churn.intents),
        "answers": _round(churn.answers),
        "pairs": churn.pairs,
    }


def _intent(one: IntentJudged) -> dict[str, Json]:
    return {
        "name": one.measure.name,
        "tests": one.measure.items,
        "touched": one.is_touched,
        **_measure(one.measure),
        "chance": _round(one.chance),
        "worse": one.is_worse,
    }


def _split(split: Split) -> dict[str, Json]:
    return {
        "text": split.example.text,
        "path": split.place.path,
        "line": split.place.line,
        "expected": _answer(wanted(split.example)),
        "finetuned": [_counted(*pair) for pair in split.tuned],
        "scratch": [_counted(*pair) for pair in split.scratch],
        "finetuned_right": split.tuned_right,
        "scratch_right": split.scratch_right,
    }


def _counted(answer: Answer, models: int) -> dict[str, Json]:
    return {**_answer(answer), "models": models}


def _answer(answer: Answer) -> dict[str, Json]:
    entities: list[Json] = [
        {**entity._asdict()} for entity in sorted(answer.entities, key=str)
    ]
    return {"intent": answer.intent, "key": answer.key, "entities": entities}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
