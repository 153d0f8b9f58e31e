"""What history says of a base and of the last models: few questions to Git, bounded."""

from __future__ import annotations

from dataclasses import dataclass

from dvcinc.errors import DvcincError, InputError
from dvcinc.lineage.history import read_history
from dvcinc.lineage.models import Made, models
from dvcinc.lineage.record import Record
from dvcinc.plan.base import BaseInfo
from dvcinc.plan.candidates import MAX_VERSIONS, versions
from dvcinc.plan.document import read_plan
from dvcinc.plan.info import PLAN
from dvcinc.plan.project import Project
from dvcinc.snapshot.sources import CommitSource, Source

MAX_MODELS = 5
"""So many models fit in a graph that people read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model of the past, as its `lineage.json` tells of it.

    Attributes:
        digest: The model's digest.
        base: The digest of the base model that it comes from.
        base_examples: How many examples that base was trained on.
        base_seconds: What its training took, if it was not restored.
        mode: What had to run.
        ran: What ran.
        examples: How many examples its corpus has.
        added: How many came since the base.
        removed: How many went.
        seconds: What it took.
        commit: The commit that brought the record; `None` where none has it yet.
    """

    digest: str
    base: str
    base_examples: int
    base_seconds: float | None
    mode: str
    ran: str
    examples: int
    added: int
    removed: int
    seconds: float
    commit: str | None = None


def finetunes_since(project: Project, base: BaseInfo, old: str) -> int | None:
    """How many different deltas were learned on a base up to a commit.

    Returns:
        `None` where history does not tell: it is cut off, or too long to look at.
    """
    if base.commit is None:
        return None
    try:
        found = versions(project.git, [old, f"^{base.commit}"], PLAN)
    except DvcincError:
        return None
    if len(found) >= MAX_VERSIONS:
        return None
    return len({delta for _, data in found if (delta := _learned(data, base))})


def _learned(data: bytes, base: BaseInfo) -> str:
    """The delta of a plan, if there was anything to learn on top of the base."""
    try:
        plan = read_plan(data)
    except InputError:
        return ""
    same = plan.base.digest == base.digest and not plan.delta.is_empty
    return plan.delta.digest if same else ""


def last_models(project: Project, old: CommitSource, new: Source) -> tuple[Model, ...]:
    """The last few different models up to a side, the newest first."""
    head, here = new.commit or old.commit, None if new.commit else new
    try:
        history = read_history(project.git, head, here, most=MAX_MODELS)
    except DvcincError:
        return ()
    served = models(history.versions).served.values()
    found = (_model(made.base_record, made) for made in served if made.base_record)
    return tuple(found)[:MAX_MODELS]


def _model(base: Record, made: Made) -> Model:
    model = made.record
    return Model(
        digest=model.digest,
        base=base.digest,
        base_examples=base.data.examples,
        base_seconds=base.seconds if base.ran == "trained" else None,
        mode=model.mode.word,
        ran=model.ran,
        examples=model.data.examples,
        added=model.data.added,
        removed=model.data.removed,
        seconds=base.seconds if model.ran == "passed on" else model.seconds,
        commit=made.version.commit.name or None,
    )
