"""Models as an ML-BOM of CycloneDX 1.6: components with model cards and pedigrees."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from dvcinc import __version__
from dvcinc.lineage.exported import (
    Origin,
    Told,
    commit_id,
    identifier,
    moment,
    packages,
)
from dvcinc.lineage.record import DataRecord
from dvcinc.snapshot.commits import Commit
from dvcinc.text.visible import visible
from dvcinc.yaml import Json

SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json"
_PREFIX = "dvcinc"
"""Of our properties' names, as CycloneDX's taxonomy wants them to have one."""


def bom(models: Sequence[Told], origin: Origin) -> dict[str, Json]:
    """The bill of some models, the newest first: it is the one that the bill is of."""
    first, *others = models
    data = {_data_ref(one): _data(one) for one in models}
    dependencies: list[Json] = [
        {"ref": _ref(one), "dependsOn": [_data_ref(one)]} for one in models
    ]
    dependencies += [{"ref": ref} for ref in data]
    body: dict[str, Json] = {
        "metadata": {
            **_timestamp(first.commit),
            "tools": {
                "components": [
                    {
                        "type": "application",
                        "name": "dvcinc",
                        "version": __version__,
                        "purl": f"pkg:pypi/dvcinc@{__version__}",
                    }
                ]
            },
            "component": _model(first, origin, ref=True),
        },
        "components": [
            *(_model(one, origin, ref=True) for one in others),
            *data.values(),
        ],
        "dependencies": dependencies,
        "formulation": [_formula(one) for one in models],
    }
    text = json.dumps(body, sort_keys=True)
    return {
        "$schema": SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": identifier(f"bom:{text}").urn,
        "version": 1,
        **body,
    }


def _ref(told: Told) -> str:
    return f"{told.kind}:{told.sha256}"


def _data_ref(told: Told) -> str:
    return f"{told.kind}-data:{told.corpus or told.sha256}"


def _model(told: Told, origin: Origin, *, ref: bool) -> dict[str, Json]:
    """A model; as an ancestor it has no reference, since several may descend of it."""
    record = told.record
    facts = {
        "digest": record.digest,
        "dvc": record.dvc,
        "mode": record.mode.word,
        "ran": record.ran,
        "policy:preset": record.preset,
        "head": commit_id(record.commit) or "",
        "cost:seconds": f"{record.seconds:g}",
        "cost:steps": str(record.steps),
        "since-base:added": str(record.data.added),
        "since-base:removed": str(record.data.removed),
    }
    said: list[Json] = [
        {"name": f"{_PREFIX}:reason", "value": visible(f"{one.code} {one.text}")}
        for one in record.reasons
    ]
    vcs: Json = [{"type": "vcs", "url": origin.repository}]
    return {
        "type": "machine-learning-model",
        **({"bom-ref": _ref(told)} if ref else {}),
        "name": told.out,
        **_identity(told.sha256),
        **({"externalReferences": vcs} if origin.repository else {}),
        "pedigree": _pedigree(told, origin),
        "modelCard": _card(told, ref=ref),
        "properties": [*_properties(facts), *said],
    }


def _pedigree(told: Told, origin: Origin) -> dict[str, Json]:
    base, commit = told.base, told.commit
    return {
        **({"ancestors": [_model(base, origin, ref=False)]} if base else {}),
        **({"commits": [_commit(commit)]} if commit else {}),
    }


def _commit(commit: Commit) -> dict[str, Json]:
    return {
        "uid": commit.name,
        "author": {"name": visible(commit.author)},
        **({"committer": time} if (time := _timestamp(commit)) else {}),
        "message": visible(commit.subject),
    }


def _timestamp(commit: Commit | None) -> dict[str, Json]:
    time = moment(commit) if commit else None
    return {"timestamp": time} if time else {}


def _card(told: Told, *, ref: bool) -> dict[str, Json]:
    data = told.record.data
    task = "intent classification" + " and entity recognition" * bool(data.entities)
    metrics: list[Json] = [
        {"type": visible(name), "value": repr(value)}
        for name, value in sorted(told.record.metrics.items())
    ]
    return {
        "modelParameters": {
            "approach": {"type": "supervised"},
            "task": task,
            **({"datasets": [{"ref": _data_ref(told)}]} if ref else {}),
            "inputs": [{"format": "text"}],
        },
        **(
            {"quantitativeAnalysis": {"performanceMetrics": metrics}} if metrics else {}
        ),
    }


def _identity(sha256: str) -> dict[str, Json]:
    return {"version": sha256, "hashes": [{"alg": "SHA-256", "content": sha256}]}


def _data(told: Told) -> dict[str, Json]:
    return {
        "type": "data",
        "bom-ref": _data_ref(told),
        "name": told.data,
        **(_identity(told.corpus) if told.corpus else {}),
        "data": [
            {
                "type": "dataset",
                "name": "training data",
                "contents": {"properties": [*_properties(_counts(told.record.data))]},
            }
        ],
    }


def _counts(data: DataRecord) -> dict[str, str]:
    return {
        "examples": str(data.examples),
        "intents": str(data.intents),
        "entities": str(data.entities),
    }


def _formula(told: Told) -> dict[str, Json]:
    """What a model was made with."""
    environment = told.record.environment
    known = dict(packages(environment))
    rest = {name: value for name, value in environment.items() if name not in known}
    return {
        "bom-ref": f"formula-of-{_ref(told)}",
        "components": [
            {
                "type": "library",
                "name": name,
                "version": version,
                "purl": f"pkg:pypi/{name}@{version}",
            }
            for name, version in known.items()
        ],
        "properties": [*_properties(rest)],
    }


def _properties(facts: Mapping[str, str]) -> Iterator[Json]:
    for name, value in sorted(facts.items()):
        if value:
            yield {"name": visible(f"{_PREFIX}:{name}"), "value": visible(value)}
