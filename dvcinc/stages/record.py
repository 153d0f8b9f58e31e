"""Stage `record`: plan, models, reports and metrics to `lineage.json`.

It refuses a model that is not the plan's, and writes what ran, not what was planned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from dvcinc.config import Mode, Target
from dvcinc.errors import CheckError, InputError
from dvcinc.lineage.reasons import reasons_of
from dvcinc.lineage.record import (
    PATH,
    DataRecord,
    Lineage,
    Record,
    read_lineage,
)
from dvcinc.lineage.unlearned import Unlearned
from dvcinc.model.checkpoint import digest, load
from dvcinc.model.document import Model
from dvcinc.plan.document import PATH as PLAN
from dvcinc.plan.document import PlanDocument, read_plan
from dvcinc.plan.files import put_file
from dvcinc.snapshot.git import open_git
from dvcinc.snapshot.sources import CommitSource
from dvcinc.stages.bench import Bench, Talk, at_work
from dvcinc.stages.hashes import dvc_hash
from dvcinc.stages.metrics import read_metrics
from dvcinc.stages.paths import (
    BASE_MODEL,
    FINETUNE_REPORT,
    METRICS,
    MODEL,
    TRAIN_REPORT,
)
from dvcinc.stages.pipeline import deps
from dvcinc.stages.reports import Report, read_report


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Everything that the record is made from."""

    plan: PlanDocument
    base: Model
    model: Model
    trained: Report
    finetuned: Report
    metrics: Mapping[str, float]
    commit: str | None
    before: Lineage | None


def run_record(project: Path, talk: Talk) -> None:
    """Runs the stage.

    Raises:
        DvcincError: A model is not the one that the plan asks for.
    """
    with at_work(project, "record", talk) as bench:
        found = _gather(bench)
        _check(found)
        lineage = _lineage(bench, found)
        put_file(lineage.to_bytes(), bench.path(PATH))
        model = lineage.model
        talk.say(f"record: {model.mode.word}, model {model.digest[:19]}…")


def _gather(bench: Bench) -> _Found:
    git = open_git(bench.project)
    head = git.head()
    return _Found(
        plan=read_plan(bench.need(PLAN, "plan").read_bytes()),
        base=load(bench.need(BASE_MODEL, "train")),
        model=load(bench.need(MODEL, "package")),
        trained=_report(bench, TRAIN_REPORT, "train"),
        finetuned=_report(bench, FINETUNE_REPORT, "finetune"),
        metrics=_metrics(bench),
        commit=head,
        before=_before(CommitSource(git, "HEAD", head)) if head else None,
    )


def _report(bench: Bench, path: str, stage: str) -> Report:
    return read_report(bench.need(path, stage).read_bytes(), path)


def _before(head: CommitSource) -> Lineage | None:
    """The lineage at HEAD, whose record of an unchanged base is kept."""
    data = head.read(PATH)
    try:
        return read_lineage(data) if data else None
    except InputError:
        return None


def _metrics(bench: Bench) -> dict[str, float]:
    """What the evaluation said; nothing where the stage does not depend on it.

    A `metrics.json` that is no dep is left over, or somebody else's.
    """
    known = deps(bench.project, "record")
    if known is not None and METRICS not in known:
        return {}
    return read_metrics(bench.need(METRICS, "evaluate").read_bytes())


def _check(found: _Found) -> None:
    plan = found.plan
    wanted = (plan.base.digest, plan.delta.digest, plan.tables.digest)
    got = (found.model.base, found.model.delta, found.model.tables_digest)
    for what, want, have in zip(("base", "delta", "tables"), wanted, got, strict=True):
        if want != have:
            raise CheckError(
                f"{MODEL} was made from other {what} ({str(have)[:19]}…) than "
                f"{PLAN} asks for ({want[:19]}…)",
                "run dvc repro; is a stage frozen?",
            )
    if found.base.base != plan.base.digest:
        raise CheckError(
            f"{BASE_MODEL} is the model of another base than {PLAN} asks for",
            "run dvc repro train; is the stage frozen?",
        )


def _lineage(bench: Bench, found: _Found) -> Lineage:
    base = _base_record(bench, found)
    model = _model_record(bench, found, base)
    fresh = Lineage(base=base, model=model)
    before = found.before
    # The same model of the same plan: what it cost here is no news.
    if before is not None and _essence(before) == _essence(fresh):
        return before
    return fresh


def _essence(lineage: Lineage) -> tuple[object, ...]:
    """What identifies a lineage: everything but when, where and how fast it ran.

    What was not learned follows from the model, but not everybody who has it knows.
    """
    return tuple(
        replace(
            record,
            ran="",
            commit=None,
            seconds=0.0,
            steps=0,
            unlearned=Unlearned(),
            environment={},
        )
        for record in (lineage.base, lineage.model)
    )


def _base_record(bench: Bench, found: _Found) -> Record:
    own = digest(found.base)
    if found.before is not None and found.before.base.digest == own:
        return found.before.base
    info, report = found.plan.base, found.trained
    is_new = found.plan.targets[Target.NLU] is Mode.SCRATCH
    return Record(
        digest=own,
        dvc=dvc_hash(bench.path(BASE_MODEL)) or "",
        mode=Mode.SCRATCH,
        ran=report.ran,
        parent=None,
        data=DataRecord(
            digest=info.corpus,
            examples=info.examples,
            intents=info.intents,
            entities=info.entities,
        ),
        reasons=reasons_of(found.plan) if is_new else (),
        preset=found.plan.preset,
        commit=info.commit,
        seconds=report.seconds,
        steps=report.steps,
        # Only where nothing was learned on top is the served model the base itself.
        metrics=found.metrics if found.plan.delta.is_empty else {},
        environment=asdict(report.environment),
    )


def _model_record(bench: Bench, found: _Found, base: Record) -> Record:
    plan, report = found.plan, found.finetuned
    mode = plan.targets[Target.NLU]
    # A refresh trains nothing: what the weights once cost is no cost of this model.
    packaged = mode is Mode.REFRESH
    return Record(
        digest=digest(found.model),
        dvc=dvc_hash(bench.path(MODEL)) or "",
        mode=mode,
        ran="packaged" if packaged else report.ran,
        parent=base.digest,
        data=DataRecord(
            digest=plan.corpus.digest,
            examples=plan.corpus.examples,
            intents=plan.corpus.intents,
            entities=plan.corpus.entities,
            added=plan.delta.added,
            removed=plan.delta.removed,
        ),
        reasons=reasons_of(plan),
        preset=plan.preset,
        commit=found.commit,
        seconds=0.0 if packaged else report.seconds,
        steps=0 if packaged else report.steps,
        unlearned=report.unlearned,
        metrics=found.metrics,
        environment=asdict(report.environment),
    )
