"""What the next `dvc repro` will run, restore or pull, and why; it runs nothing."""

from __future__ import annotations

from dvcinc.config import Data
from dvcinc.lineage.circumstances import recorded_cost
from dvcinc.lineage.values import Cost
from dvcinc.lineage.verified import PATH as VERIFY_REPORT
from dvcinc.lineage.verified import mark
from dvcinc.plan.document import PATH as PLAN
from dvcinc.plan.make import Plan, make_plan
from dvcinc.plan.project import BASE, Project
from dvcinc.snapshot.sources import FolderSource
from dvcinc.snapshot.undone import edited, missing
from dvcinc.stages.forecast import EVALUATE, VERIFY, Forecast
from dvcinc.stages.foreseen import Status
from dvcinc.stages.hashes import dvc_hash_of
from dvcinc.stages.locked import Locked
from dvcinc.stages.paths import DELTA, MODEL, TABLES
from dvcinc.stages.pipeline import has_stage


def status(project: Project, lock: bytes | None = None) -> Status:
    """Looks at the work tree.

    Args:
        project: The project.
        lock: What `dvc.lock` will say by then, if not what the work tree's says.

    Raises:
        DvcincError: The data or the parameters cannot be used.
    """
    here = project.worktree()
    now = project.snapshot(here)
    head = project.git.head()
    plan = make_plan(project.situation(now, head))
    cost = recorded_cost(project.commit("HEAD")) if head else Cost()
    locked = Locked.of(project.path, lock)
    return Status(
        decision=plan.decision,
        stages=tuple(Forecast(project, cost, locked).stages(plan)),
        warnings=(*_undone(here, now.params.data), *plan.warnings),
        settled=_settled(project, locked, plan),
    )


def _undone(here: FolderSource, data: Data) -> list[str]:
    """What DVC and the work tree disagree about, and a model that lost too much."""
    found = mark(here)
    said = [f"{found.breach()} ({VERIFY_REPORT})"] if found else []
    return [str(todo) for todo in (*missing(here, data), *edited(here, data))] + said


def _settled(project: Project, locked: Locked, plan: Plan) -> bool:
    """Whether what is committed of a run was made from these data."""
    stages = locked.stages
    if "record" not in stages or "plan" not in stages:
        return False
    outs = {
        BASE: dvc_hash_of(plan.base.files()),
        DELTA: dvc_hash_of(plan.delta),
        TABLES: dvc_hash_of(plan.tables),
    }
    planned = {path: stages["plan"].outs.get(path) for path in outs}
    tested = has_stage(project.path, EVALUATE)
    return (
        planned == outs
        and project.worktree().read(PLAN) == plan.data
        and locked.here(PLAN) == locked.dep("record", PLAN)
        and not (tested and locked.moved_deps(EVALUATE, but=MODEL))
        and (EVALUATE in stages or not tested)
        and not (has_stage(project.path, VERIFY) and locked.is_stale(VERIFY))
    )
