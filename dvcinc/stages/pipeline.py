"""What `dvc.yaml` says of the stages that run here, as far as it can be known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from dvcinc.yaml import Json, compose

DVC_YAML = "dvc.yaml"
_COMMAND = "dvcinc stage"
_REPRO = "run dvc repro"
_INIT = "run dvcinc init, then dvc repro"


def has_stage(project: Path, name: str) -> bool:
    """Whether a stage is there; without a `dvc.yaml`, all of them are.

    Raises:
        InputError: `dvc.yaml` is no YAML.
    """
    data = _read(project)
    return data is None or _find(_stages(data), name) is not None


def is_set_up(project: Path) -> bool:
    """Whether a project has a `dvc.yaml` that runs stages of dvcinc's.

    Raises:
        InputError: `dvc.yaml` is no YAML.
    """
    return (project / DVC_YAML).is_file() and has_stage(project, "plan")


def way_to_run(project: Path) -> str:
    """What to do where something is missing that a run writes."""
    return _REPRO if is_set_up(project) else _INIT


def deps(project: Path, name: str) -> tuple[str, ...] | None:
    """The deps of a stage of a project; `None` where they cannot be known.

    Raises:
        InputError: `dvc.yaml` is no YAML.
    """
    data = _read(project)
    return None if data is None else deps_in(data, name)


def deps_in(data: bytes, name: str) -> tuple[str, ...] | None:
    """The deps of a stage in a `dvc.yaml`; `None` where they cannot be known.

    Raises:
        InputError: It is no YAML.
    """
    stage = _find(_stages(data), name)
    if stage is None:
        return None
    found = tuple(_paths(stage.get("deps")))
    return None if any("${" in dep for dep in found) else found


def _find(stages: Mapping[str, Json], name: str) -> dict[str, Json] | None:
    for stage in stages.values():
        if isinstance(stage, dict) and f"{_COMMAND} {name}" in str(stage.get("cmd")):
            return stage
    return None


def _read(project: Path) -> bytes | None:
    path = project / DVC_YAML
    return path.read_bytes() if path.is_file() else None


def _stages(data: bytes) -> Mapping[str, Json]:
    document = compose(data, DVC_YAML)
    value = document.value(document.root) if document.root is not None else None
    stages = value.get("stages") if isinstance(value, dict) else None
    return stages if isinstance(stages, dict) else {}


def _paths(deps: object) -> Iterator[str]:
    for dep in deps if isinstance(deps, list) else ():
        path = next(iter(dep)) if isinstance(dep, dict) else dep
        yield str(path).removeprefix("./").rstrip("/")
