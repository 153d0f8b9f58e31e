"""The tables: what a model has without weights, as `plan/tables/tables.json`."""

from __future__ import annotations

from dataclasses import dataclass

from dvcinc.changes import Labels
from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.corpus.patterns import (
    entity_patterns,
    pattern_from_json,
    pattern_to_json,
)
from dvcinc.corpus.settings import Serving
from dvcinc.corpus.values import Corpus, Response, Synonym
from dvcinc.errors import InputError
from dvcinc.plan.json import REMEDY, Reader, dump, load
from dvcinc.text.patterns import Pattern
from dvcinc.yaml import Json

SCHEMA = "dvcinc/tables/2"
TABLES_JSON = "tables.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Synonyms, answers of retrieval intents, renames, and settings without weights.

    The renames lead from the base's names to the names now, one simultaneous map each.
    The patterns are those that find entities by themselves.
    """

    synonyms: tuple[Synonym, ...] = ()
    responses: tuple[Response, ...] = ()
    intent_renames: tuple[tuple[str, str], ...] = ()
    entity_renames: tuple[tuple[str, str], ...] = ()
    patterns: tuple[Pattern, ...] = ()
    serving: Serving

    def files(self) -> tuple[CanonicalFile, ...]:
        """The files of `plan/tables`."""
        said: dict[str, Json] = {
            "schema": SCHEMA,
            "synonyms": [[*pair] for pair in self.synonyms],
            "responses": [[*pair] for pair in self.responses],
            "intent_renames": [[*pair] for pair in self.intent_renames],
            "entity_renames": [[*pair] for pair in self.entity_renames],
            "patterns": [pattern_to_json(pattern) for pattern in self.patterns],
            "serving": self.serving.to_json(),
        }
        return (CanonicalFile(TABLES_JSON, dump(said)),)


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
