"""The tables of a corpus, as `plan/tables/tables.json` has them."""

from __future__ import annotations

from collections.abc import Iterable

from dvcinc.changes import Labels
from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.corpus.patterns import (
    entity_patterns,
    pattern_from_json,
    pattern_to_json,
)
from dvcinc.corpus.settings import Serving
from dvcinc.corpus.tables import Tables
from dvcinc.corpus.values import Corpus, Response, Synonym
from dvcinc.errors import InputError
from dvcinc.plan.json import REMEDY, Reader, dump, load
from dvcinc.text.patterns import Pattern
from dvcinc.yaml import Json

SCHEMA = "dvcinc/tables/2"
TABLES_JSON = "tables.json"


def tables_files(tables: Tables) -> tuple[CanonicalFile, ...]:
    """The files of `plan/tables`."""
    said: dict[str, Json] = {
        "schema": SCHEMA,
        "synonyms": [[*pair] for pair in tables.synonyms],
        "responses": [[*pair] for pair in tables.responses],
        "intent_renames": [[*pair] for pair in tables.intent_renames],
        "entity_renames": [[*pair] for pair in tables.entity_renames],
        "patterns": [pattern_to_json(pattern) for pattern in tables.patterns],
        "serving": tables.serving.to_json(),
    }
    return (CanonicalFile(TABLES_JSON, dump(said)),)


def read_tables_files(files: Iterable[CanonicalFile], folder: str) -> Tables:
    """Reads the files of `plan/tables`.

    Raises:
        InputError: They are others, or cannot be understood.
    """
    names = {file.name: file.content for file in files}
    if names.keys() != {TABLES_JSON}:
        raise InputError(f"{folder} must hold {TABLES_JSON} alone", REMEDY)
    return read_tables(names[TABLES_JSON], f"{folder}/{TABLES_JSON}")


def tables_of(corpus: Corpus, became: Labels, serving: Serving) -> Tables:
    """The tables of a corpus.

    Args:
        corpus: The whole corpus now.
        became: What became of the base's labels.
        serving: The pipeline's settings without weights.
    """
    return Tables(
        synonyms=tuple(sorted(corpus.synonyms)),
        responses=tuple(sorted(corpus.responses)),
        intent_renames=tuple(sorted(became.intents.renamed.items())),
        entity_renames=tuple(sorted(became.entities.renamed.items())),
        patterns=entity_patterns(corpus, serving.extractor),
        serving=serving,
    )


def read_tables(data: bytes, path: str) -> Tables:
    """Reads `tables.json`.

    Raises:
        InputError: It cannot be understood.
    """
    reader = Reader(load(data, path, SCHEMA), path)
    return Tables(
        synonyms=tuple(Synonym(*pair) for pair in reader.pairs("synonyms")),
        responses=tuple(Response(*pair) for pair in reader.pairs("responses")),
        intent_renames=reader.pairs("intent_renames"),
        entity_renames=reader.pairs("entity_renames"),
        patterns=_patterns(reader.raw("patterns"), path),
        serving=Serving.from_json(reader.raw("serving"), path),
    )


def _patterns(items: object, path: str) -> tuple[Pattern, ...]:
    if not isinstance(items, list):
        raise InputError(f"{path}: `patterns` must be a list", REMEDY)
    try:
        return tuple(map(pattern_from_json, items))
    except ValueError as error:
        raise InputError(f"{path}: `patterns` holds {error}", REMEDY) from error
