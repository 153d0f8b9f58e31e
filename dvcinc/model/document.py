"""A model as a value, and its JSON documents: written canonically, read warily.

`model.json` says what the weights mean (architecture, pipeline, labels, vocabulary) and
where they come from; `tables.json` holds what has no weights. Reading checks every type
and every number, since the files may come from anywhere.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TypeVar

from dvcinc.corpus.options import Options
from dvcinc.corpus.patterns import pattern_from_json, pattern_to_json
from dvcinc.corpus.pipeline import Json, Pipeline, Serving, read_pipeline
from dvcinc.corpus.tables import Tables
from dvcinc.corpus.transformer import MOST_LAYERS, TransformerSettings
from dvcinc.corpus.values import (
    Component,
    Config,
    EntityLabel,
    Place,
    Response,
    Synonym,
)
from dvcinc.errors import InputError
from dvcinc.model.labels import Labels
from dvcinc.model.network import Architecture, Shapes, Tensors, shapes
from dvcinc.model.vocabulary import Vocabulary
from dvcinc.text.versions import FEATURE_CODE, MODEL_FORMAT

Item = TypeVar("Item")

# Far beyond any real table, and far below what would hurt.
LARGEST_WIDTH = 4096

# Labels are learned smoothed, from features of which many are dropped: that leaves the
# logits too cautious, by the same factor on every set and size that was measured
# (Guo et al., 2017, fit theirs on examples that a small corpus cannot spare).
TEMPERATURE = 0.67
COLDEST, HOTTEST = 0.05, 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A trained model: weights, what they mean, and where they come from.

    Args:
        components: The pipeline, with the options that touch weights only.
        optimizer: Adam's moments as `m/…` and `v/…`; only a base has them.
        tables: Only a packaged model has them.
        temperature: What the intents' logits are divided by before they are chances.
        base: The digest of the base (corpus, versions and training parameters).
        delta: The digest of the delta that was learned on top, if any was.
        tables_digest: The digest of the tables that it was packaged with, if it was.
    """

    components: tuple[Component, ...]
    architecture: Architecture = field(default_factory=Architecture)
    labels: Labels
    vocabulary: Vocabulary
    tensors: Tensors
    temperature: float = TEMPERATURE
    optimizer: Tensors | None = None
    tables: Tables | None = None
    base: str
    delta: str | None = None
    tables_digest: str | None = None

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline as typed settings; settings without weights are defaults."""
        return _pipeline(self.components, "the model's pipeline")

    @property
    def shapes(self) -> Shapes:
        """What the weights must look like, from everything else."""
        return shapes(
            self.architecture,
            self.labels,
            len(self.vocabulary.features),
            intents=bool(self.labels.intents),
        )


def to_bytes(document: Mapping[str, Json]) -> bytes:
    """Canonical JSON: sorted keys, no blanks, ASCII, one line."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii") + b"\n"


def model_document(model: Model) -> dict[str, Json]:
    """`model.json`."""
    labels, vocabulary = model.labels, model.vocabulary
    return {
        "format": MODEL_FORMAT,
        "feature_code": FEATURE_CODE,
        "unicode": unicodedata.unidata_version,
        "architecture": asdict(model.architecture),
        "temperature": model.temperature,
        "pipeline": [[c.name, c.options] for c in model.components],
        "labels": {
            "intents": [*labels.intents],
            "selectors": [*labels.selectors],
            "parts": [*labels.parts],
            "part_ids": [[*ids] for ids in labels.part_ids],
            "entities": [[*label] for label in labels.entities],
            "bilou": labels.bilou,
        },
        "vocabulary": {
            "features": [*vocabulary.features],
            "patterns": [pattern_to_json(p) for p in vocabulary.patterns],
            "documents": vocabulary.documents,
        },
        "base": model.base,
        "delta": model.delta,
        "tables": model.tables_digest,
    }


def tables_document(tables: Tables) -> dict[str, Json]:
    """`tables.json`; renames have been applied by now."""
    return {
        "synonyms": [[*synonym] for synonym in tables.synonyms],
        "responses": [[*response] for response in tables.responses],
        "patterns": [pattern_to_json(pattern) for pattern in tables.patterns],
        "serving": tables.serving.to_json(),
    }


def read_model_document(values: object, where: str) -> Model:
    """A model without its weights, from `model.json`.

    Raises:
        InputError: It is of another format or feature code, or not what it must be.
    """
    options = Options.of(values, where)
    for key, ours in (("format", MODEL_FORMAT), ("feature_code", FEATURE_CODE)):
        theirs = options.integer(key)
        if theirs != ours:
            raise InputError(
                f"{where}: `{key}` is {theirs}, this version reads {ours}",
                "train the model again with `dvc repro`",
            )
    return Model(
        components=_components(options),
        architecture=_architecture(_table(options, "architecture")),
        labels=_labels(_table(options, "labels")),
        vocabulary=_vocabulary(_table(options, "vocabulary")),
        tensors={},
        temperature=options.number("temperature", low=COLDEST, high=HOTTEST),
        base=options.text("base"),
        delta=options.optional_text("delta"),
        tables_digest=options.optional_text("tables"),
    )


def read_tables_document(values: object, where: str) -> Tables:
    """The tables of a packaged model, from `tables.json`."""
    options = Options.of(values, where)
    return Tables(
        synonyms=tuple(Synonym(*pair) for pair in _pairs(options, "synonyms")),
        responses=tuple(Response(*pair) for pair in _pairs(options, "responses")),
        patterns=_list(options, "patterns", pattern_from_json),
        serving=Serving.from_json(options.values.get("serving"), where),
    )


def _pipeline(components: tuple[Component, ...], where: str) -> Pipeline:
    place = Place(where, 1)
    return read_pipeline(
        Config(pipeline=tuple((component, place) for component in components))
    )


def _components(options: Options) -> tuple[Component, ...]:
    found = tuple(Component(*pair) for pair in _pairs(options, "pipeline"))
    for component in found:
        try:
            json.loads(component.options)
        except (ValueError, RecursionError) as error:
            raise options.wrong("pipeline", "components with JSON options") from error
    _pipeline(found, options.where)
    return found


def _architecture(options: Options) -> Architecture:
    transformer = options.table("transformer")
    return Architecture(
        deep=options.integer("deep", low=1, high=LARGEST_WIDTH),
        wide=options.integer("wide", low=1, high=LARGEST_WIDTH),
        phrase=options.integer("phrase", low=1, high=LARGEST_WIDTH),
        convolutions=options.integer("convolutions", high=MOST_LAYERS),
        transformer=TransformerSettings.from_json(transformer) if transformer else None,
    )


def _labels(options: Options) -> Labels:
    labels = Labels(
        intents=options.texts("intents"),
        selectors=_list(options, "selectors", _selector),
        parts=options.texts("parts"),
        part_ids=_list(options, "part_ids", _numbers),
        entities=_list(options, "entities", _entity),
        bilou=options.flag("bilou"),
    )
    _distinct(options, "intents", labels.intents)
    _distinct(options, "selectors", labels.selectors)
    _distinct(options, "entities", labels.entities)
    if labels.owners is not None and not labels.selectors:
        raise options.wrong("selectors", "what covers the response keys")
    fits = all(ids and max(ids) < len(labels.parts) for ids in labels.part_ids)
    if len(labels.part_ids) != len(labels.intents) or not fits:
        raise options.wrong("part_ids", "rows of `parts`, one list for each intent")
    return labels


def _vocabulary(options: Options) -> Vocabulary:
    vocabulary = Vocabulary(
        features=options.texts("features"),
        patterns=_list(options, "patterns", pattern_from_json),
        documents=options.integer("documents"),
    )
    _distinct(options, "features", vocabulary.features)
    return vocabulary


def _table(options: Options, key: str) -> Options:
    return Options.of(options.values.get(key), f"{options.where}: {key}")


def _list(
    options: Options, key: str, read: Callable[[object], Item]
) -> tuple[Item, ...]:
    items = options.values.get(key)
    if not isinstance(items, list):
        raise options.wrong(key, "a list")
    try:
        return tuple(read(item) for item in items)
    except (TypeError, ValueError) as error:
        raise InputError(f"{options.where}: `{key}` holds {error}") from error


def _pairs(options: Options, key: str) -> tuple[tuple[str, str], ...]:
    return _list(options, key, _pair)


def _pair(item: object) -> tuple[str, str]:
    match item:
        case [str() as first, str() as second]:
            return first, second
    raise ValueError(f"{item!r}, which is no pair of texts")


def _numbers(item: object) -> tuple[int, ...]:
    if isinstance(item, list) and all(type(n) is int and n >= 0 for n in item):
        return tuple(item)
    raise ValueError(f"{item!r}, which is no list of row numbers")


def _selector(item: object) -> str | None:
    if item is None or (isinstance(item, str) and item):
        return item
    raise ValueError(f"{item!r}, which is no retrieval intent")


def _entity(item: object) -> EntityLabel:
    match item:
        case [str() as entity, str() | None as role, str() | None as group]:
            return EntityLabel(entity, role, group)
    raise ValueError(f"{item!r}, which is no entity, role and group")


def _distinct(options: Options, key: str, items: tuple[object, ...]) -> None:
    if len(set(items)) != len(items):
        raise InputError(f"{options.where}: `{key}` names something twice")
