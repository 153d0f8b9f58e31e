"""What is known of a base without its corpus, as `plan.json` and `base.json` say it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass, fields

from dvcinc.config import Train
from dvcinc.errors import InputError
from dvcinc.plan.json import REMEDY, Reader
from dvcinc.text.versions import FEATURE_CODE, MODEL_FORMAT
from dvcinc.yaml import Json, canonical_json

FOLDER = "plan/base"
PLAN = "plan/plan.json"
"""Where the base and the plan lie, from the project."""
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
        return {**said_of(self), "digest": self.digest, "commit": self.commit}


def current_versions() -> Versions:
    """The versions of the code that runs here; imports nothing heavy."""
    return Versions(model_format=MODEL_FORMAT, feature_code=FEATURE_CODE)


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


def said_of(info: BaseInfo) -> dict[str, Json]:
    """All that a base's weights depend on beside its corpus, and its counts."""
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
    content = canonical_json(said_of(info)).encode()
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
