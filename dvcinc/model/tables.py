"""Weights and tables make the model that is served; no tensor changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dvcinc.corpus.tables import Tables
from dvcinc.corpus.values import EntityLabel
from dvcinc.errors import InputError
from dvcinc.model.document import Model
from dvcinc.model.entities import pattern_finder
from dvcinc.model.labels import Labels, base_intent


def package(weights: Model, tables: Tables, *, tables_digest: str) -> Model:
    """The weights with the tables: labels renamed, everything else beside them.

    Each rename map is applied at once, so two labels may swap names.

    Raises:
        InputError: A rename names a label that the model does not have, or would give
            two labels one name; or a pattern cannot be matched within bounds.
    """
    pattern_finder(tables)
    labels = _renamed(weights.labels, tables)
    served = replace(tables, intent_renames=(), entity_renames=())
    return replace(
        weights,
        labels=labels,
        tables=served,
        tables_digest=tables_digest,
        optimizer=None,
    )


def _renamed(labels: Labels, tables: Tables) -> Labels:
    # Of a retrieval intent only the part before the key can have a new name.
    pairs = [(base_intent(a), base_intent(b)) for a, b in tables.intent_renames]
    intents = {old: new for old, new in pairs if old != new}
    entities = dict(tables.entity_renames)
    _check("intent", intents, labels.bases)
    _check("entity", entities, [label.entity for label in labels.entities])
    return replace(
        labels,
        intents=tuple(_moved(name, intents) for name in labels.intents),
        entities=tuple(
            EntityLabel(entities.get(label.entity, label.entity), *label[1:])
            for label in labels.entities
        ),
    )


def _moved(label: str, renames: Mapping[str, str]) -> str:
    base, slash, key = label.partition("/")
    return f"{renames.get(base, base)}{slash}{key}"


def _check(kind: str, renames: Mapping[str, str], known: Iterable[str]) -> None:
    names = set(known)
    for old in sorted(renames.keys() - names):
        raise InputError(
            f"{kind} {old!r} is renamed, but the model does not have it",
            "run dvc repro",
        )
    after = [renames.get(name, name) for name in sorted(names)]
    for name in sorted({name for name in after if after.count(name) > 1}):
        raise InputError(
            f"after renaming, two of the model's labels are {kind} {name!r}"
        )
