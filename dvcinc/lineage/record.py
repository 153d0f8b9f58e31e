"""`lineage.json`: two full records, of the model that is served and of its base.

Git history is the store: branches, merges and reverts carry the file along. What
history itself says (which model was before, on which branch) is not stored. What DVC's
tables shall show of the records stands before them: a list is no metric to DVC.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from dvcinc.config import Mode
from dvcinc.errors import InputError
from dvcinc.lineage.unlearned import Unlearned, read_unlearned
from dvcinc.plan.json import REMEDY, Reader, dump, load
from dvcinc.text.visible import visible
from dvcinc.yaml import Json

SCHEMA = "dvcinc/lineage/2"
PATH = "lineage.json"
_SHOWN = 12
"""Characters of a digest that a column has room for."""
_WIDE = 80
"""Likewise of a reason."""
BASE_OUT, MODEL_OUT = "models/base", "models/nlu"
"""Where the models lie that the records are of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRecord:
    """The corpus that a model was made from; gains and losses are against its base."""

    digest: str
    examples: int
    intents: int
    entities: int
    added: int = 0
    removed: int = 0

    def to_json(self) -> dict[str, Json]:
        """As the record says it."""
        return {
            "digest": self.digest,
            "examples": self.examples,
            "intents": self.intents,
            "entities": self.entities,
            "added": self.added,
            "removed": self.removed,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRecord:
    """Why a model was made: rule, what happened, and where."""

    code: str
    text: str
    place: str

    def to_json(self) -> dict[str, Json]:
        """As the record says it."""
        return {"code": self.code, "text": self.text, "place": self.place}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Where one model comes from.

    Attributes:
        digest: The model's own digest.
        dvc: The hash of its out in `dvc.lock`.
        mode: What the plan said had to run.
        ran: What ran: `trained`, `finetuned`, `passed on`, `packaged`; `restored` where
            the model was found again and the report of its training was not.
        parent: The digest of the base model; none for a base.
        data: The corpus.
        reasons: Why it was made.
        preset: The policy's preset.
        commit: The commit at HEAD while it was made, not the one that holds it.
        seconds: Wall time of the training.
        steps: Its steps.
        unlearned: What was to be learned and could not be.
        metrics: What the evaluation said, by dotted name; empty where it said nothing.
        environment: What it was made with.
    """

    digest: str
    dvc: str
    mode: Mode
    ran: str
    parent: str | None
    data: DataRecord
    reasons: tuple[ReasonRecord, ...]
    preset: str
    commit: str | None
    seconds: float
    steps: int
    unlearned: Unlearned = field(default_factory=Unlearned)
    metrics: Mapping[str, float] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        """As `lineage.json` says it."""
        return {
            "digest": self.digest,
            "dvc": self.dvc,
            "mode": self.mode.word,
            "ran": self.ran,
            "parent": self.parent,
            "data": self.data.to_json(),
            "reasons": [reason.to_json() for reason in self.reasons],
            "policy": {"preset": self.preset},
            "commit": self.commit,
            "cost": {"seconds": self.seconds, "steps": self.steps},
            **self.unlearned.to_json(),
            "metrics": dict(sorted(self.metrics.items())),
            "environment": dict(sorted(self.environment.items())),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """The document: the base and the model made from it."""

    base: Record
    model: Record

    def columns(self) -> dict[str, Json]:
        """What DVC shows as metrics: `dvc exp show`, `dvc metrics diff`, and others."""
        model = self.model
        return {
            "mode": model.mode.word,
            "reason": _main(model.reasons),
            "model": _short(model.digest),
            "base": _short(self.base.digest),
            "parent": _short(model.parent or ""),
            "added": model.data.added,
            "removed": model.data.removed,
        }

    def to_json(self) -> dict[str, Json]:
        """The document."""
        records: list[Json] = [self.model.to_json(), self.base.to_json()]
        return {"schema": SCHEMA, **self.columns(), "records": records}

    def to_bytes(self) -> bytes:
        """The file's bytes."""
        return dump(self.to_json())


def read_lineage(data: bytes, path: str = PATH) -> Lineage:
    """Reads `lineage.json`.

    Raises:
        InputError: It cannot be understood, or its columns say other than its records.
    """
    reader = Reader(load(data, path, SCHEMA), path)
    records = reader.inners("records")
    if len(records) != len(fields(Lineage)):
        raise InputError(
            f"{path}: records must be the model and its base, not {len(records)}",
            REMEDY,
        )
    model, base = (_record(record, path) for record in records)
    found = Lineage(base=base, model=model)
    for key, value in found.columns().items():
        if reader.raw(key) != value:
            raise InputError(
                f"{path}: {key} is {str(reader.raw(key))[:40]!r}, but "
                f"{str(value)[:40]!r} by its records",
                REMEDY,
            )
    return found


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:_SHOWN]


def _main(reasons: Sequence[ReasonRecord]) -> str:
    """The first reason, which is the gravest, and how many others there are."""
    if not reasons:
        return ""
    others = f" (+{len(reasons) - 1})" if len(reasons) > 1 else ""
    said = visible(f"{reasons[0].code} {reasons[0].text}")
    return (said if len(said) <= _WIDE else f"{said[: _WIDE - 1]}…") + others


def _record(reader: Reader, path: str) -> Record:
    data, cost = reader.inner("data"), reader.inner("cost")
    try:
        mode = Mode[reader.text("mode").upper()]
    except KeyError as error:
        raise InputError(f"{path}: unknown mode {error}", REMEDY) from error
    return Record(
        digest=reader.text("digest"),
        dvc=reader.text("dvc"),
        mode=mode,
        ran=reader.text("ran"),
        parent=reader.optional_text("parent"),
        data=DataRecord(
            digest=data.text("digest"),
            examples=data.integer("examples"),
            intents=data.integer("intents"),
            entities=data.integer("entities"),
            added=data.integer("added"),
            removed=data.integer("removed"),
        ),
        reasons=tuple(
            ReasonRecord(
                code=inner.text("code"),
                text=inner.text("text"),
                place=inner.text("place"),
            )
            for inner in reader.inners("reasons")
        ),
        preset=reader.inner("policy").text("preset"),
        commit=reader.optional_text("commit"),
        seconds=cost.number("seconds"),
        steps=cost.integer("steps"),
        unlearned=read_unlearned(reader, path),
        metrics=reader.inner("metrics").numbers(),
        environment=reader.inner("environment").all_texts(),
    )
