"""Follows the hashes from the plan to the last stage: a plan to what each will do.

DVC leaves a stage alone whose deps, parameters and outs are all as `dvc.lock` has them,
and checks its outs out where its cache has all of them. A stage that trains looks for
a recorded model before it does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dvcinc.errors import DvcincError
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.lineage.values import Cost
from dvcinc.plan.document import PATH as PLAN
from dvcinc.plan.make import Plan
from dvcinc.plan.project import BASE, Project
from dvcinc.snapshot.dvccache import objects
from dvcinc.snapshot.dvcconfig import cache_folder, dvc_root, has_remote
from dvcinc.snapshot.dvclock import LockedStage, read_run
from dvcinc.snapshot.dvcouts import LOCK
from dvcinc.stages import paths
from dvcinc.stages.foreseen import Action, StageStatus
from dvcinc.stages.hashes import dvc_hash_of
from dvcinc.stages.locked import Locked
from dvcinc.stages.paths import BASE_MODEL, DELTA, MODEL, TABLES, WEIGHTS
from dvcinc.stages.pipeline import deps as deps_of
from dvcinc.stages.pipeline import has_stage
from dvcinc.stages.restore import Wanted, recorded

RECORDED = "recorded"
EVALUATE, VERIFY = "evaluate", "verify"
_OPTIONAL = (EVALUATE, VERIFY)


@dataclass(frozen=True, slots=True)
class _Stage:
    """A stage behind the plan.

    Attributes:
        name: Its name.
        deps: What it reads, where `dvc.yaml` does not tell.
        outs: What it writes; the first is what it is for.
        section: The section of `params.yaml` by which a recorded model is found;
            empty for a stage that trains nothing.
    """

    name: str
    deps: tuple[str, ...]
    outs: tuple[str, ...]
    section: str = ""


_TRAIN = _Stage("train", (BASE,), (BASE_MODEL, paths.TRAIN_REPORT), "train")
_FINETUNE = _Stage(
    "finetune", (BASE_MODEL, DELTA), (WEIGHTS, paths.FINETUNE_REPORT), "finetune"
)
_PACKAGE = _Stage("package", (WEIGHTS, TABLES), (MODEL,))
_RECORDED_HERE = (PLAN, BASE_MODEL, MODEL, paths.TRAIN_REPORT, paths.FINETUNE_REPORT)
_STAGES = (
    _TRAIN,
    _FINETUNE,
    _PACKAGE,
    _Stage(EVALUATE, (MODEL,), (paths.METRICS,)),
    _Stage("record", _RECORDED_HERE, (LINEAGE,)),
    _Stage(VERIFY, (LINEAGE, MODEL), (paths.VERIFY_REPORT,)),
)


class Forecast:
    """What each stage will do in this clone.

    Args:
        project: The project.
        cost: What trainings took.
        locked: What `dvc.lock` says by then.
    """

    def __init__(self, project: Project, cost: Cost, locked: Locked) -> None:
        self._project = project
        self._cost = cost
        self._locked = locked
        self._root = dvc_root(project.path, project.git.found.place.directory)
        self._cache = cache_folder(self._root) if self._root else None
        self._made: dict[str, str | None] = {}
        """The outs of the stages so far; `None` for a hash that a run will make."""

    def stages(self, plan: Plan) -> Iterator[StageStatus]:
        """All stages, in the order in which they run."""
        self._made = {
            BASE: dvc_hash_of(plan.base.files()),
            DELTA: dvc_hash_of(plan.delta),
            TABLES: dvc_hash_of(plan.tables),
        }
        yield self._plan()
        self._made[PLAN] = hashlib.md5(plan.data, usedforsecurity=False).hexdigest()
        for stage in _STAGES:
            if stage.name not in _OPTIONAL or has_stage(self._project.path, stage.name):
                yield self._stage(stage, plan)

    def _plan(self) -> StageStatus:
        differs = [p for p, md5 in self._made.items() if self._locked.here(p) != md5]
        if differs:
            return _running("plan", f"{', '.join(differs)} will be written")
        moved = self._locked.moved_deps("plan") or self._locked.moved_params("plan")
        if moved:
            return _running("plan", f"{moved} changed")
        return StageStatus(name="plan", action=Action.SKIP, why="")

    def _stage(self, stage: _Stage, plan: Plan) -> StageStatus:
        deps = self._deps(stage)
        for origin, outs in self._known(stage, deps):
            action = self._action(stage, origin, outs)
            if action is not None:
                self._made |= outs
                why = "" if action is Action.SKIP else origin
                return StageStatus(name=stage.name, action=action, why=why)
        locked = self._locked.stages.get(stage.name)
        outs = locked.outs if locked else {}
        if locked and not stage.section and self._is_of(locked, deps):
            # What trains nothing makes the same of the same.
            self._made |= outs
        else:
            self._made |= dict.fromkeys([*stage.outs, *outs])
        return self._run(stage, deps, plan)

    def _deps(self, stage: _Stage) -> dict[str, str | None]:
        """The deps of a stage, with their hashes as they will be."""
        locked = self._locked.stages.get(stage.name)
        known = deps_of(self._project.path, stage.name)
        names = known or (tuple(locked.deps) if locked else stage.deps)
        made = self._made
        return {p: made[p] if p in made else self._locked.here(p) for p in names}

    def _known(
        self, stage: _Stage, deps: Mapping[str, str | None]
    ) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Outs that a run with these deps has made: here, in cache, in history."""
        if None in deps.values():
            return
        locked = self._locked.stages.get(stage.name)
        if locked and self._is_of(locked, deps):
            yield LOCK, locked.outs
        for run in _runs(self._cache) if self._cache else ():
            if stage.outs[0] in run.outs and self._is_of(run, deps):
                yield "the run cache", run.outs
        if not stage.section:
            return
        own = {path: deps.get(path) or "" for path in stage.deps}
        wanted = Wanted(stage.name, own, stage.section)
        for found in recorded(self._project.path, wanted):
            if stage.outs[0] in found.outs:
                yield f"{RECORDED} {found.place}", found.outs

    def _is_of(self, run: LockedStage, deps: Mapping[str, str | None]) -> bool:
        return dict(run.deps) == dict(deps) and not self._locked.moved_in(run)

    def _action(
        self, stage: _Stage, origin: str, outs: Mapping[str, str]
    ) -> Action | None:
        """What a stage does with outs that are known; nothing if they are gone."""
        if origin == LOCK and all(self._locked.here(p) == outs[p] for p in outs):
            return Action.SKIP
        is_recorded = origin.startswith(RECORDED)
        # DVC needs all of them, a stage of ours its model.
        needed = [outs[stage.outs[0]]] if is_recorded else outs.values()
        if all(map(self._in_cache, needed)):
            return Action.RESTORE
        if is_recorded and self._root is not None and has_remote(self._root):
            return Action.PULL
        return None

    def _in_cache(self, md5: str) -> bool:
        places = objects(self._cache, md5) if self._cache else ()
        return any(place.exists() for place in places)

    def _run(
        self, stage: _Stage, deps: Mapping[str, str | None], plan: Plan
    ) -> StageStatus:
        locked = self._locked.stages.get(stage.name)
        before = locked.deps if locked else {}
        moved = [p for p, md5 in deps.items() if md5 is None or md5 != before.get(p)]
        if stage is _TRAIN:
            why = "a new base" if moved else "its model is missing"
            return _running(stage.name, why, self._cost.scratch_s)
        if stage is _FINETUNE:
            if plan.lesson.is_empty:
                why = "nothing to learn"
                return StageStatus(name=stage.name, action=Action.PASS_ON, why=why)
            added, removed = len(plan.lesson.added), len(plan.lesson.removed)
            why = f"+{added:,} −{removed:,} examples"
            return _running(stage.name, why, self._cost.finetune_s)
        return _running(stage.name, self._why(stage, moved, locked))

    def _why(self, stage: _Stage, moved: list[str], locked: LockedStage | None) -> str:
        """Why a stage runs that trains nothing."""
        if locked is None:
            return "it has not passed" if stage.name == VERIFY else "it has not run"
        if stage is _PACKAGE and moved:
            return "the tables differ" if TABLES in moved else "the weights differ"
        changed = moved or list(filter(None, [self._locked.moved_in(locked)]))
        if changed:
            return f"{', '.join(changed)} changed"
        gone = [p for p, md5 in locked.outs.items() if self._locked.here(p) != md5]
        return f"{', '.join(gone)} differ{'s' if len(gone) == 1 else ''}"


def _running(stage: str, why: str, seconds: float | None = None) -> StageStatus:
    return StageStatus(name=stage, action=Action.RUN, why=why, seconds=seconds)


def _runs(cache: Path) -> Iterator[LockedStage]:
    for path in sorted(cache.glob("runs/*/*/*")):
        try:
            yield read_run(path.read_bytes(), path.name)
        except DvcincError:
            continue
