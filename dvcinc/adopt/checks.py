"""All looks at a project, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from dvcinc.adopt import check_programs as programs
from dvcinc.adopt import check_project as project
from dvcinc.adopt import check_repository as repository
from dvcinc.adopt import check_workflows as in_ci
from dvcinc.adopt.check import (
    INIT,
    WITH_TESTS,
    Check,
    Look,
    Patient,
    State,
    looked,
)
from dvcinc.adopt.repositories import DVC_INIT
from dvcinc.errors import DvcincError

LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "dvcinc": programs.look_at_python,
        "git": programs.look_at_git,
        "dvc": programs.look_at_dvc,
        "packages": programs.look_at_packages,
        "yaml": programs.look_at_yaml,
        "repository": repository.look_at_repository,
        "dvc init": repository.look_at_dvc_repository,
        "line ends": repository.look_at_line_ends,
        "merge driver": repository.look_at_merge_driver,
        "hooks": repository.look_at_hooks,
        "workflows": in_ci.look_at_workflows,
        "store": repository.look_at_store,
        "params.yaml": project.look_at_params,
        "data": project.look_at_data,
        "names": project.look_at_names,
        "texts": project.look_at_texts,
        "pipeline": project.look_at_pipeline,
        "dvc.yaml": project.look_at_stages,
        "ignored": project.look_at_ignored,
        "plan/plan.json": project.look_at_plan,
        "lineage.json": project.look_at_lineage,
        "base model": project.look_at_base,
    }
)
"""Each by the name under which its failure is told."""

_EVERYWHERE = ("dvcinc", "git", "dvc", "packages", "yaml")

_ELSEWHERE = "give the project with --project DIR"


def look_over(path: Path, *, online: bool) -> list[Check]:
    """Looks at everything.

    Args:
        path: The project directory.
        online: Whether the DVC remote may be asked.
    """
    patient = Patient(path, online=online)
    try:
        _ = patient.here
    except DvcincError as error:
        looks = {name: LOOKS[name] for name in _EVERYWHERE}
        why = [Check("project", State.PROBLEM, error.message, error.hint or _ELSEWHERE)]
    else:
        looks, why = dict(LOOKS), []
    found = [c for name, look in looks.items() for c in looked(name, look, patient)]
    return _in_one([*found, *why])


def _in_one(checks: Sequence[Check]) -> list[Check]:
    """With one command where several would set something up one after the other."""
    several = {check.todo for check in checks} & {INIT, WITH_TESTS, *DVC_INIT}
    if len(several) < 2:  # noqa: PLR2004 - several
        return [*checks]
    command = WITH_TESTS if WITH_TESTS in several else INIT
    with_dvc = not several.isdisjoint(DVC_INIT)
    todo = f"{command} --dvc" if with_dvc else command
    return [replace(c, todo=todo) if c.todo in several else c for c in checks]
