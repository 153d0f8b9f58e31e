"""What the next `dvc repro` will run, restore or pull, and why; it runs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from dvcinc.config import Data
from dvcinc.decision.decide import Decision
from dvcinc.errors import DvcincError
from dvcinc.lineage.circumstances import recorded_cost
from dvcinc.lineage.values import Cost
from dvcinc.params import PATH as PARAMS
from dvcinc.plan.document import PATH as PLAN
from dvcinc.plan.make import Plan, make_plan
from dvcinc.plan.project import BASE, Project
from dvcinc.snapshot.dvccache import objects
from dvcinc.snapshot.dvcconfig import cache_folder, dvc_root, has_remote
from dvcinc.snapshot.dvclock import LockedStage, read_lock, read_run
from dvcinc.snapshot.dvcouts import LOCK
from dvcinc.snapshot.sources import FolderSource
from dvcinc.snapshot.undone import edited, missing
from dvcinc.stages.hashes import dvc_hash, dvc_hash_of
from dvcinc.stages.paths import BASE_MODEL, DELTA, MODEL, TABLES, WEIGHTS
from dvcinc.stages.pipeline import has_stage
from dvcinc.stages.restore import Wanted, recorded, section

RECORDED = "recorded"
EVALUATE = "evaluate"


class Action(Enum):
    """What a stage will do."""

    SKIP = "up to date"
    RUN = "run"
    PASS_ON = "pass on"  # noqa: S105 - no password
    RESTORE = "restore"
    PULL = "pull"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStatus:
    """One stage: what it will do, why, and the seconds that it took when recorded."""

    name: str
    action: Action
    why: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The decision for the work tree, and what each stage will do.

    Attributes:
        decision: What the data need against the plan at HEAD.
        stages: What each stage will do in this clone.
        warnings: What people should know.
        settled: Whether the lock, the plan and the record here are those of the data,
            whatever models this clone holds: a repro would write no other.
    """

    decision: Decision
    stages: tuple[StageStatus, ...]
    warnings: tuple[str, ...]
    settled: bool


@dataclass(frozen=True, slots=True)
class _Inputs:
    """A stage's inputs as they will be; `None` for a hash that a run will make."""

    stage: str
    section: str
    deps: dict[str, str | None]
    out: str


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
    forecast = _Forecast(project, cost, lock)
    return Status(
        decision=plan.decision,
        stages=tuple(forecast.stages(plan)),
        warnings=(*_undone(here, now.params.data), *plan.warnings),
        settled=forecast.settled(plan),
    )


def _undone(here: FolderSource, data: Data) -> list[str]:
    """What DVC and the work tree disagree about."""
    return [str(todo) for todo in (*missing(here, data), *edited(here, data))]


class _Forecast:
    """Follows the hashes from the plan to the packaged model."""

    def __init__(self, project: Project, cost: Cost, lock: bytes | None) -> None:
        self._project = project
        self._cost = cost
        self._lock = _lock(project.path, lock)
        self._root = dvc_root(project.path, project.git.found.place.directory)
        self._cache = cache_folder(self._root) if self._root else None

    def stages(self, plan: Plan) -> Iterator[StageStatus]:
        """All stages, in the order in which they run."""
        found = list(self._until_package(plan))
        yield from found
        moved = any(stage.action is not Action.SKIP for stage in found[1:])
        test = ""
        if has_stage(self._project.path, EVALUATE):
            test = self._moved_deps(EVALUATE, but=MODEL)
            yield _following(EVALUATE, MODEL if moved else test)
        # A comment runs the plan, which then writes the same bytes as before.
        replanned = self._project.worktree().read(PLAN) != plan.data
        yield _following(
            "record", "what it records" if moved or replanned or test else ""
        )

    def settled(self, plan: Plan) -> bool:
        """Whether what is committed of a run was made from these data."""
        stages = self._lock
        if "record" not in stages or "plan" not in stages:
            return False
        outs = {
            BASE: dvc_hash_of(plan.base.files()),
            DELTA: dvc_hash_of(plan.delta),
            TABLES: dvc_hash_of(plan.tables),
        }
        planned = {path: stages["plan"].outs.get(path) for path in outs}
        tested = has_stage(self._project.path, EVALUATE)
        return (
            planned == outs
            and self._project.worktree().read(PLAN) == plan.data
            and self._here(PLAN) == self._dep("record", PLAN)
            and not (tested and self._moved_deps(EVALUATE, but=MODEL))
            and (EVALUATE in stages or not tested)
        )

    def _until_package(self, plan: Plan) -> Iterator[StageStatus]:
        base = dvc_hash_of(plan.base.files())
        delta = dvc_hash_of(plan.delta)
        yield self._plan(base, delta, dvc_hash_of(plan.tables))
        train, model = self._cached(
            _Inputs("train", "train", {BASE: base}, BASE_MODEL),
            "a new base"
            if self._dep("train", BASE) != base
            else "its model is missing",
            self._cost.scratch_s,
        )
        yield train
        finetune, weights = self._cached(
            _Inputs("finetune", "finetune", {BASE_MODEL: model, DELTA: delta}, WEIGHTS),
            f"+{len(plan.lesson.added):,} −{len(plan.lesson.removed):,} examples",
            self._cost.finetune_s,
        )
        if finetune.action is Action.RUN and plan.lesson.is_empty:
            finetune = StageStatus(
                name="finetune", action=Action.PASS_ON, why="nothing to learn"
            )
        yield finetune
        yield self._package(weights, dvc_hash_of(plan.tables))

    def _plan(self, base: str, delta: str, tables: str) -> StageStatus:
        wanted = {BASE: base, DELTA: delta, TABLES: tables}
        differs = [path for path, value in wanted.items() if self._here(path) != value]
        if differs:
            why = f"{', '.join(differs)} will be written"
            return StageStatus(name="plan", action=Action.RUN, why=why)
        return _following("plan", self._moved_deps("plan") or self._moved_params())

    def _moved_deps(self, stage: str, but: str = "") -> str:
        """The deps of a stage that differ from what `dvc.lock` says of them."""
        locked = self._lock.get(stage)
        deps = dict(locked.deps) if locked else {}
        moved = [p for p, md5 in deps.items() if p != but and self._here(p) != md5]
        return ", ".join(moved)

    def _moved_params(self) -> str:
        """The sections of `params.yaml` that differ from what `dvc.lock` says."""
        locked = self._lock.get("plan")
        said = locked.params.get(PARAMS) if locked else None
        if not isinstance(said, dict):
            return ""
        path = self._project.path / PARAMS
        data = path.read_bytes() if path.is_file() else b""
        return ", ".join(key for key in said if section(data, key) != said[key])

    def _package(self, weights: str | None, tables: str) -> StageStatus:
        inputs = _Inputs("package", "", {WEIGHTS: weights, TABLES: tables}, MODEL)
        why = (
            "the tables differ"
            if self._dep("package", TABLES) != tables
            else ("the weights differ")
        )
        found, _ = self._cached(inputs, why, None)
        return found

    def _cached(
        self, inputs: _Inputs, why: str, seconds: float | None
    ) -> tuple[StageStatus, str | None]:
        """What a stage with a cached out will do, and the out's hash if it is known."""
        if None in inputs.deps.values():
            return _running(inputs.stage, why, seconds), None
        deps = {path: value or "" for path, value in inputs.deps.items()}
        for origin, out in self._known(inputs, deps):
            if origin == LOCK and self._here(inputs.out) == out:
                return StageStatus(name=inputs.stage, action=Action.SKIP, why=""), out
            if self._in_cache(out):
                return _other(inputs.stage, Action.RESTORE, origin), out
            if origin.startswith(RECORDED) and self._has_remote():
                return _other(inputs.stage, Action.PULL, origin), out
        return _running(inputs.stage, why, seconds), None

    def _known(
        self, inputs: _Inputs, deps: dict[str, str]
    ) -> Iterator[tuple[str, str]]:
        """Outs that a run with these inputs has made: here, in cache, in history."""
        locked = self._lock.get(inputs.stage)
        if locked and dict(locked.deps) == deps and inputs.out in locked.outs:
            yield LOCK, locked.outs[inputs.out]
        for run in _runs(self._cache) if self._cache else ():
            if dict(run.deps) == deps and inputs.out in run.outs:
                yield "the run cache", run.outs[inputs.out]
        if not inputs.section:
            return
        wanted = Wanted(inputs.stage, deps, inputs.section)
        for found in recorded(self._project.path, wanted):
            if inputs.out in found.outs:
                yield f"{RECORDED} {found.place}", found.outs[inputs.out]

    def _here(self, path: str) -> str | None:
        return dvc_hash(self._project.path / path)

    def _dep(self, stage: str, path: str) -> str | None:
        locked = self._lock.get(stage)
        return locked.deps.get(path) if locked else None

    def _in_cache(self, md5: str) -> bool:
        places = objects(self._cache, md5) if self._cache else ()
        return any(place.exists() for place in places)

    def _has_remote(self) -> bool:
        return self._root is not None and has_remote(self._root)


def _following(stage: str, moved: str) -> StageStatus:
    """A stage that runs if something before it, or a dep of its own, has moved."""
    action = Action.RUN if moved else Action.SKIP
    return StageStatus(
        name=stage, action=action, why=f"{moved} changed" if moved else ""
    )


def _running(stage: str, why: str, seconds: float | None) -> StageStatus:
    return StageStatus(name=stage, action=Action.RUN, why=why, seconds=seconds)


def _other(stage: str, action: Action, origin: str) -> StageStatus:
    return StageStatus(name=stage, action=action, why=origin)


def _lock(project: Path, given: bytes | None) -> dict[str, LockedStage]:
    path = project / LOCK
    if given is None and not path.is_file():
        return {}
    try:
        return dict(read_lock(path.read_bytes() if given is None else given))
    except DvcincError:
        return {}


def _runs(cache: Path) -> Iterator[LockedStage]:
    for path in sorted(cache.glob("runs/*/*/*")):
        try:
            yield read_run(path.read_bytes(), path.name)
        except DvcincError:
            continue
