"""A model as an in-toto Statement v1 with SLSA v1 provenance.

Digests of ours have names of their own: `sha256` would promise that anybody can hash
the bytes and get them. `docs/exports.md` says how each is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from dvcinc.lineage.exported import (
    HOME,
    Hash,
    Origin,
    Told,
    commit_id,
    packages,
    read_hash,
)
from dvcinc.lineage.record import Record
from dvcinc.yaml import Json

STATEMENT = "https://in-toto.io/Statement/v1"
PROVENANCE = "https://slsa.dev/provenance/v1"
_PAGE = f"{HOME}/blob/main/docs/exports.md"
BUILD_TYPE = f"{_PAGE}#build-type-v1"
ANY_BUILDER = f"{_PAGE}#any-builder"
"""Whoever ran `dvc repro`, where nobody says who that was."""


def statement(
    told: Told, origin: Origin, builder: str | None, files: Mapping[str, str]
) -> dict[str, Json]:
    """The statement: its subject is the model, its predicate the provenance.

    Args:
        told: The model.
        origin: Where it comes from.
        builder: A URI of what ran the training, and is trusted for it.
        files: The SHA-256 of its files by path: subjects as well.
    """
    subjects: list[Json] = [{"name": told.out, "digest": _model_digests(told)}]
    subjects += [{"name": at, "digest": {"sha256": it}} for at, it in files.items()]
    return {
        "_type": STATEMENT,
        "subject": subjects,
        "predicateType": PROVENANCE,
        "predicate": provenance(told, origin, builder),
    }


def provenance(told: Told, origin: Origin, builder: str | None) -> dict[str, Json]:
    """The predicate alone: who signs it names the subject."""
    record = told.record
    return {
        "buildDefinition": {
            "buildType": BUILD_TYPE,
            "externalParameters": {
                "project": origin.project or ".",
                **({"repository": origin.repository} if origin.repository else {}),
                "policy": {"preset": record.preset},
            },
            "internalParameters": {
                "mode": record.mode.word,
                "ran": record.ran,
                "reasons": [reason.to_json() for reason in record.reasons],
            },
            "resolvedDependencies": [*_dependencies(told, origin)],
        },
        "runDetails": {
            "builder": {"id": builder or ANY_BUILDER, **_versions(record)},
            "metadata": {"invocationId": told.run.urn},
            "byproducts": [*_byproducts(told, origin)],
        },
    }


def _versions(record: Record) -> dict[str, Json]:
    found = dict(packages(record.environment))
    return {"version": {**found}} if found else {}


def _dependencies(told: Told, origin: Origin) -> Iterator[Json]:
    record = told.record
    if head := commit_id(record.commit):
        uri = origin.commit_uri(head)
        yield {
            "name": "HEAD",
            **({"uri": uri} if uri else {}),
            "digest": {"gitCommit": head},
        }
    if told.corpus:
        kind = "dvcincTrained" if told.base is None else "dvcincCorpus"
        counts = record.data.to_json()
        del counts["digest"]
        yield {"name": told.data, "digest": {kind: told.corpus}, "annotations": counts}
    if told.base is not None:
        yield {"name": told.base.out, "digest": _model_digests(told.base)}
    for name, version in packages(record.environment):
        yield {"name": name, "uri": f"pkg:pypi/{name}@{version}"}


def _byproducts(told: Told, origin: Origin) -> Iterator[Json]:
    """The record itself, and what the evaluation said."""
    version = told.made.version
    if version.blob is not None:
        uri = origin.commit_uri(version.commit.name) if told.commit else None
        yield {
            "name": told.source,
            **({"uri": f"{uri}#{quote(told.source)}"} if uri else {}),
            "digest": {"gitBlob": version.blob},
            "annotations": {
                **({"gitCommit": told.commit.name} if told.commit else {}),
                "cost": {"seconds": told.record.seconds, "steps": told.record.steps},
                **_metrics(told.record),
            },
        }


def _metrics(record: Record) -> dict[str, Json]:
    found = sorted(record.metrics.items())
    return {"metrics": dict(found)} if found else {}


def _model_digests(told: Told) -> dict[str, Json]:
    found: dict[str, Json] = {"dvcincModel": told.sha256}
    match read_hash(told.record.dvc):
        case Hash(value, True):
            found["dvcDirMd5"] = value
        case Hash(value, False):
            found["md5"] = value
    return found
