"""Stage `plan`: data in the work tree to `plan/`, in seconds and without NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from dvcinc.config import Data, Target
from dvcinc.errors import InputError
from dvcinc.plan.base import Base
from dvcinc.plan.document import PATH
from dvcinc.plan.files import put_file, put_folder, read_folder, recover, write_folder
from dvcinc.plan.make import Plan, make_plan
from dvcinc.plan.project import BASE, Project, open_project
from dvcinc.snapshot.files import covers, uncovered
from dvcinc.stages.bench import Bench, Talk, at_work
from dvcinc.stages.paths import DELTA, TABLES
from dvcinc.stages.restore import fetched_base
from dvcinc.yaml import compose

DVC_YAML = "dvc.yaml"
_COMMAND = "dvcinc stage plan"


def run_plan(path: Path, talk: Talk) -> None:
    """Runs the stage.

    Raises:
        DvcincError: The data, the pipeline or the parameters cannot be used.
    """
    with at_work(path, "plan", talk) as bench:
        with talk.watching() as watch:
            project = open_project(path, watch=watch)
            project.fetch = partial(fetched_base, bench)
            now = project.snapshot(project.worktree())
            _check_deps(bench, now.params.data, uncovered_by=uncovered(now.corpus, ()))
            plan = make_plan(project.situation(now, project.git.head()))
        _write(bench, project, plan)
        for warning in (*plan.warnings, *plan.notes):
            talk.warn(warning)
        talk.say(_summary(plan))


def _write(bench: Bench, project: Project, plan: Plan) -> None:
    """Writes the outs, `plan.json` last: with it the plan is whole."""
    recover(bench.path(BASE))
    here = project.worktree_base()
    if here is None or not _is_same(here, plan.base, bench.path(BASE)):
        write_folder(plan.base.files(), bench.scratch / "base")
        put_folder(bench.scratch / "base", bench.path(BASE))
    for files, final in ((plan.delta, DELTA), (plan.tables, TABLES)):
        new = bench.scratch / Path(final).name
        write_folder(files, new)
        put_folder(new, bench.path(final))
    put_file(plan.data, bench.path(PATH))


def _is_same(here: Base, base: Base, folder: Path) -> bool:
    if here.info.digest != base.info.digest:
        return False
    return sorted(read_folder(folder)) == sorted(base.files())


def _summary(plan: Plan) -> str:
    document = plan.document
    mode = plan.decision.targets[Target.NLU].word
    base = f"base of {document.base.examples:,} examples"
    gained, lost = document.delta.added, document.delta.removed
    return f"plan: {mode} ({base}, +{gained:,} −{lost:,})"


def _check_deps(bench: Bench, data: Data, *, uncovered_by: list[str]) -> None:
    """Refuses data that no dep of the stage covers: DVC would not see it change.

    Raises:
        InputError: A file is read that is no dep.
    """
    pipeline = bench.path(DVC_YAML)
    deps = plan_deps(pipeline.read_bytes()) if pipeline.is_file() else None
    if deps is None:
        return
    existing = [
        p for p in (*data.nlu, *data.domain, data.config) if bench.path(p).exists()
    ]
    for path in (*existing, *uncovered_by):
        if not covers(deps, path):
            raise InputError(
                f"{path} is read by the plan, but no dep of its stage covers it",
                f"add it to the deps of the stage plan in {DVC_YAML}",
            )


def plan_deps(data: bytes) -> tuple[str, ...] | None:
    """The deps of the plan stage in a `dvc.yaml`; `None` where they cannot be known.

    Raises:
        InputError: It is no YAML.
    """
    document = compose(data, DVC_YAML)
    value = document.value(document.root) if document.root is not None else None
    stages = value.get("stages") if isinstance(value, dict) else None
    for stage in stages.values() if isinstance(stages, dict) else ():
        if isinstance(stage, dict) and _COMMAND in str(stage.get("cmd")):
            deps = tuple(_paths(stage.get("deps")))
            return None if any("${" in dep for dep in deps) else deps
    return None


def _paths(deps: object) -> Iterator[str]:
    for dep in deps if isinstance(deps, list) else ():
        path = next(iter(dep)) if isinstance(dep, dict) else dep
        yield str(path).removeprefix("./").rstrip("/")
