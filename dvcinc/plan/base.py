"""The base: the frozen corpus that a model was trained on from scratch.

`base.json` says everything beside the corpus that the base's weights depend on, and
is a function of it: a base that is written again, wherever, has the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

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
from dvcinc.plan.info import (
    FOLDER,
    BaseInfo,
    Versions,
    current_versions,
    digest_of,
    read_info,
    said_of,
)
from dvcinc.plan.json import dump, load

__all__ = [
    "FOLDER",
    "Base",
    "BaseInfo",
    "Versions",
    "current_versions",
    "cut",
    "digest_of",
    "read_base",
    "read_info",
]

SCHEMA = "dvcinc/base/1"
BASE_JSON = "base.json"
FILES = frozenset({CONFIG, NLU, RESPONSES})
"""The files that the trained part of a corpus can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A base with its corpus; the corpus holds only what has trained weights."""

    info: BaseInfo
    corpus: Corpus

    def files(self) -> tuple[CanonicalFile, ...]:
        """The files of `plan/base`, `base.json` last."""
        said = {"schema": SCHEMA, "digest": self.info.digest, **said_of(self.info)}
        return (*write_corpus(self.corpus), CanonicalFile(BASE_JSON, dump(said)))


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
