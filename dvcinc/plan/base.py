"""The base: the frozen corpus that a model was trained on from scratch.

`base.json` says everything beside the corpus that the base's weights depend on, and
is a function of it: a base that is written again, wherever, has the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace

from dvcinc.config import Train
from dvcinc.corpus.canonical import (
    CONFIG,
    NLU,
    RESPONSES,
    CanonicalFile,
    read_corpus,
    write_corpus,
)
from dvcinc.corpus.digest import corpus_digest
from dvcinc.corpus.values import Corpus
from dvcinc.errors import InputError
from dvcinc.plan.json import REMEDY, Reader, dump, load
from dvcinc.text.versions import FEATURE_CODE, MODEL_FORMAT
from dvcinc.yaml import Json, canonical_json

SCHEMA = "dvcinc/base/1"
BASE_JSON = "base.json"
FOLDER = "plan/base"
"""Where the base lies, from the project."""
FILES = frozenset({CONFIG, NLU, RESPONSES})
"""The files that the trained part of a corpus can have."""
_COMMIT = re.compile("[0-9a-f]{40,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """The code that a base's weights depend on.

    What multiplies the matrices is no part of it: NumPy and TensorFlow do the same
    arithmetic, and a fine-tune goes on from either's weights.
    """

    model_format: int
    feature_code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseInfo:
    """What is known of a base without its corpus.

    Attributes:
        digest: Over everything else here but the commit.
        corpus: The digest of the frozen corpus.
        examples: How many examples it has.
        intents: How many intents.
        entities: How many entity types.
        versions: The code that it depends on.
        train: The parameters that it is trained with.
        commit: The commit at HEAD when it was cut; provenance, part of no digest.
    """

    digest: str
    corpus: str
    examples: int
    intents: int
    entities: int
    versions: Versions
    train: Train
    commit: str | None = None

    def to_json(self) -> dict[str, Json]:
        """As `plan.json` holds it."""
        return {**_json(self), "digest": self.digest, "commit": self.commit}


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A base with its corpus; the corpus holds only what has trained weights."""

    info: BaseInfo
    corpus: Corpus

    def files(self) -> tuple[CanonicalFile, ...]:
        """The files of `plan/base`, `base.json` last."""
        said = {"schema": SCHEMA, "digest": self.info.digest, **_json(self.info)}
        return (*write_corpus(self.corpus), CanonicalFile(BASE_JSON, dump(said)))


def current_versions() -> Versions:
    """The versions of the code that runs here; imports nothing heavy."""
    return Versions(model_format=MODEL_FORMAT, feature_code=FEATURE_CODE)


def cut(corpus: Corpus, train: Train, versions: Versions, commit: str | None) -> Base:
    """Freezes a corpus as a new base.

    Args:
        corpus: The trained part of the corpus now.
        train: The training parameters now.
        versions: The code that will train it.
        commit: The commit at HEAD.
    """
    entities = {span.entity for example in corpus.examples for span in example.spans}
    info = BaseInfo(
        digest="",
        corpus=corpus_digest(corpus),
        examples=len(corpus.examples),
        intents=len({example.intent.partition("/")[0] for example in corpus.examples}),
        entities=len(entities),
        versions=versions,
        train=train,
        commit=commit,
    )
    return Base(info=replace(info, digest=digest_of(info)), corpus=corpus)


def read_base(files: Iterable[CanonicalFile], folder: str) -> Base:
    """Reads `plan/base` and proves it against its own `base.json`.

    Raises:
        InputError: A file is missing, cannot be understood or was changed.
    """
    by_name = {file.name: file for file in files}
    said = by_name.pop(BASE_JSON, None)
    path = f"{folder}/{BASE_JSON}"
    if said is None:
        raise InputError(f"{path} is missing", "run dvc repro")
    info = read_info(load(said.content, path, SCHEMA), path)
    corpus = read_corpus(by_name.values(), folder)
    whole = by_name.keys() <= FILES and corpus_digest(corpus) == info.corpus
    if not whole or digest_of(info) != info.digest:
        raise InputError(
            f"{folder} is not what its {BASE_JSON} says", "run dvc checkout plan/base"
        )
    return Base(info=info, corpus=corpus)


def read_info(said: Json, path: str) -> BaseInfo:
    """A base's description, from `base.json` or from `plan.json`.

    Raises:
        InputError: It lacks a key or has a wrong value.
    """
    reader = Reader(said, path)
    versions = reader.inner("versions")
    return BaseInfo(
        digest=reader.text("digest"),
        corpus=reader.text("corpus"),
        examples=reader.integer("examples"),
        intents=reader.integer("intents"),
        entities=reader.integer("entities"),
        versions=Versions(
            model_format=versions.integer("model_format"),
            feature_code=versions.integer("feature_code"),
        ),
        train=_train(reader.inner("train")),
        commit=_commit(reader, path),
    )


def _commit(reader: Reader, path: str) -> str | None:
    """A commit's id; nothing else may reach git's command line from a file."""
    commit = reader.optional_text("commit")
    if commit is not None and not _COMMIT.fullmatch(commit):
        raise InputError(
            f"{path}: commit must be the id of a commit, not {commit!r}", REMEDY
        )
    return commit


def _train(reader: Reader) -> Train:
    return Train(
        epochs=reader.optional_integer("epochs"),
        epochs_from_config=reader.flag("epochs_from_config"),
        seed=reader.integer("seed"),
        batch_size=reader.optional_integer("batch_size"),
        learning_rate=reader.optional_number("learning_rate"),
        threads=reader.integer("threads"),
    )


def _json(info: BaseInfo) -> dict[str, Json]:
    return {
        "corpus": info.corpus,
        "examples": info.examples,
        "intents": info.intents,
        "entities": info.entities,
        "versions": asdict(info.versions),
        "train": {f.name: getattr(info.train, f.name) for f in fields(info.train)},
    }


def digest_of(info: BaseInfo) -> str:
    """The digest that a base of this description has, whatever it says of itself."""
    content = canonical_json(_json(info)).encode()
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
