"""Records of models that nobody trained, as `lineage.json` holds them."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from dvcinc.config import Mode
from dvcinc.lineage.record import DataRecord, Lineage, ReasonRecord, Record


def digest(name: str) -> str:
    """The digest of a model that the test calls by a name."""
    return f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"


def record(name: str, **said: object) -> Record:
    """A record of the model of a name; `said` replaces what it says."""
    made = Record(
        digest=digest(name),
        dvc=f"{digest(name)[7:39]}.dir",
        mode=Mode.SCRATCH,
        ran="trained",
        parent=None,
        data=DataRecord(
            digest=digest(f"data of {name}"), examples=100, intents=5, entities=2
        ),
        reasons=(
            ReasonRecord(
                code="DI201",
                text="intent order has no examples in the base",
                place="data/nlu.yml:3",
            ),
        ),
        preset="strict",
        commit=None,
        seconds=60.0,
        steps=500,
        metrics={"intent.accuracy": 0.9, "intent.macro_f1": 0.875},
        environment={"dvcinc": "0.1.0", "python": "3.11.7"},
    )
    return replace(made, **said)


def lineage(model: str, base: str = "base", **said: object) -> Lineage:
    """A fine-tuned model and its base, each by a name; `said` is of the model."""
    usual = {
        "mode": Mode.FINETUNE,
        "ran": "finetuned",
        "parent": digest(base),
        "seconds": 5.0,
        "reasons": (
            ReasonRecord(code="DI101", text="3 examples added", place="data/nlu.yml:7"),
        ),
    }
    return Lineage(base=record(base), model=record(model, **{**usual, **said}))


def written(model: str, base: str = "base", **said: object) -> bytes:
    """The bytes of a `lineage.json`."""
    return lineage(model, base, **said).to_bytes()
