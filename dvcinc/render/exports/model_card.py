"""A model as a model card: YAML for Hugging Face in front, Markdown for people below.

What people wrote (names, reasons, authors, subjects) is only ever text in either.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from dvcinc.config import Mode
from dvcinc.lineage.exported import Origin, Told, commit_id
from dvcinc.lineage.record import MODEL_OUT
from dvcinc.render.escape import code, prose, row
from dvcinc.render.words import duration, plural
from dvcinc.yaml import Json

_PLAIN = 1e-4
"""Smaller numbers are written with an exponent."""
_INTENTS = ("text-classification", "Intent classification")
_ENTITIES = ("token-classification", "Entity recognition")
_RESPONSES = ("text-classification", "Response selection")
_TASKS: Mapping[tuple[str, str], Mapping[str, str]] = {
    _INTENTS: {"intent.accuracy": "accuracy", "intent.macro_f1": "f1"},
    _ENTITIES: {
        "entity.f1": "f1",
        "entity.precision": "precision",
        "entity.recall": "recall",
    },
    _RESPONSES: {"responses_accuracy": "accuracy", "responses_macro_f1": "f1"},
}
"""What `metrics.json` tells of each task, and what Hugging Face calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """What a record cannot know of a model on a hub; nothing of it is guessed.

    Attributes:
        base_model: The hub's id of the base model.
        datasets: The hub's ids of the training data.
        language: The data's language, as ISO 639 has it.
    """

    base_model: str | None = None
    datasets: tuple[str, ...] = ()
    language: str | None = None


def model_card(told: Told, origin: Origin, hub: Hub) -> str:
    """The card of a model."""
    front = _yaml(_front(told, hub))
    body = "\n".join(_body(told, origin))
    return f"---\n{front}---\n\n{body}\n"


def _front(told: Told, hub: Hub) -> dict[str, Json]:
    record = told.record
    index, metrics = [*_results(record.metrics)], _metrics(record.metrics)
    tags = ["dvcinc", "dvc", "intent-classification"]
    if record.data.entities:
        tags.append("entity-recognition")
    said: dict[str, Json] = {
        "language": hub.language,
        "library_name": "dvcinc",
        "pipeline_tag": _INTENTS[0],
        "tags": [*tags],
        "datasets": [*hub.datasets],
        "metrics": [*metrics],
    }
    if hub.base_model and told.base:
        said["base_model"] = hub.base_model
        if record.mode is Mode.FINETUNE:
            said["base_model_relation"] = "finetune"
    if index:
        said["model-index"] = [{"name": told.out, "results": [*index]}]
    return {key: value for key, value in said.items() if value}


def _metrics(found: Mapping[str, float]) -> list[str]:
    """What Hugging Face calls the metrics that a record has."""
    named = (names.get(name) for names in _TASKS.values() for name in found)
    return sorted({name for name in named if name})


def _results(found: Mapping[str, float]) -> Iterator[Json]:
    for (task, title), names in _TASKS.items():
        known: list[Json] = [
            {"type": kind, "value": _number(found[name]), "name": name}
            for name, kind in names.items()
            if name in found
        ]
        if known:
            yield {
                "task": {"type": task, "name": title},
                "dataset": {"type": "test-data", "name": "The project's test data"},
                "metrics": known,
            }


def _number(value: float) -> float:
    """A number that needs no exponent: YAML 1.1 takes `1e-05` for a text."""
    return round(value, 4) if abs(value) < _PLAIN else value


def _yaml(value: Mapping[str, Json]) -> str:
    """YAML that 1.1 and 1.2 read alike: to 1.1, a Norwegian `no` is no text."""
    yaml, out = YAML(typ="rt"), io.StringIO()
    yaml.default_flow_style = False
    yaml.width = 1 << 20
    yaml.dump(_quoted({**value}), out)
    return out.getvalue()


def _quoted(value: Json) -> Json:
    match value:
        case str():
            quoted: str = DoubleQuotedScalarString(value)
            return quoted
        case list():
            return [_quoted(one) for one in value]
        case dict():
            return {key: _quoted(one) for key, one in value.items()}
    return value


def _body(told: Told, origin: Origin) -> Iterator[str]:
    record, data = told.record, told.record.data
    what = "intents" + " and entities" * bool(data.entities)
    yield f"# {prose(told.out)}"
    yield ""
    yield f"Recognises {what} in texts. Recorded by dvcinc from Git and DVC."
    yield ""
    yield from _table("Model", _about(told))
    yield from _table("Training data", _data(told))
    yield from _table("Training", _training(told))
    metrics = sorted(record.metrics.items())
    yield from _table(
        "Metrics", [(code(name), f"{value:g}") for name, value in metrics]
    )
    yield from _reasons(told)
    yield from _table("Where it comes from", _origin(told, origin))
    yield "## How to use it"
    yield ""
    yield "```python"
    yield "import dvcinc  # pip install 'dvcinc[predict]'"
    yield ""
    yield f'answer = dvcinc.load("{MODEL_OUT}").parse("hello")'
    yield "```"


def _table(title: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    known = [(name, said) for name, said in rows if said]
    if known:
        yield f"## {title}"
        yield ""
        yield row("", "")
        yield "|---|---|"
        yield from (row(name, said) for name, said in known)
        yield ""


def _about(told: Told) -> list[tuple[str, str]]:
    base = told.base
    return [
        ("digest", code(told.made.digest)),
        ("DVC's hash", code(told.record.dvc) if told.record.dvc else ""),
        ("base", f"{code(base.made.digest)} ({code(base.out)})" if base else ""),
    ]


def _data(told: Told) -> list[tuple[str, str]]:
    data = told.record.data
    changed = bool(data.added or data.removed)
    return [
        ("digest", code(data.digest)),
        ("examples", f"{data.examples:,}"),
        ("intents", f"{data.intents:,}"),
        ("entity types", f"{data.entities:,}"),
        ("since the base", f"+{data.added:,} −{data.removed:,}" if changed else ""),
    ]


def _training(told: Told) -> list[tuple[str, str]]:
    record = told.record
    return [
        ("mode", f"`{record.mode.word}`"),
        ("what ran", code(record.ran)),
        ("cost", _cost(told)),
        ("cost of the base", _cost(told.base) if told.base else ""),
        ("policy", f"preset {code(record.preset)}"),
        *((code(name), code(v)) for name, v in sorted(record.environment.items()) if v),
    ]


def _cost(told: Told) -> str:
    record = told.record
    return f"{duration(record.seconds)}, {plural(record.steps, 'step')}"


def _reasons(told: Told) -> Iterator[str]:
    reasons = told.record.reasons
    if reasons:
        yield "## Why it was trained"
        yield ""
        for reason in reasons:
            place = f" ({code(reason.place)})" if reason.place else ""
            yield f"- {code(reason.code)} {prose(reason.text)}{place}"
        yield ""


def _origin(told: Told, origin: Origin) -> list[tuple[str, str]]:
    head, commit = commit_id(told.record.commit), told.commit
    subject = f"{code(commit.subject)} by {code(commit.author)}" if commit else ""
    return [
        ("repository", origin.repository or ""),
        ("project", code(origin.project) if origin.project else ""),
        ("recorded in", f"`{commit.name}`, {commit.date}" if commit else ""),
        ("that is", subject),
        ("HEAD at the time", f"`{head}`" if head else ""),
    ]
