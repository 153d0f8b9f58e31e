"""`status`: what the next `dvc repro` will do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dvcinc.config import Mode, Target
from dvcinc.errors import InputError
from dvcinc.lineage.standing import Standing
from dvcinc.plan.document import reason_json, targets_json
from dvcinc.plan.project import Project, open_project
from dvcinc.render import json as render_json
from dvcinc.render.text import COLOURS, Paint, reasons
from dvcinc.render.words import MEANING, duration
from dvcinc.snapshot.dvcconfig import dvc_root
from dvcinc.surfaces.judging import EXIT_CODES
from dvcinc.surfaces.terminal import painter, show
from dvcinc.surfaces.watching import watching
from dvcinc.text.visible import visible
from dvcinc.yaml import Json

if TYPE_CHECKING:
    from dvcinc.stages.foreseen import Status

SCHEMA = "dvcinc/status/1"


def show_status(path: Path, *, as_json: bool, with_code: bool = False) -> None:
    """Prints the status of the work tree.

    With a code, exits as `classify` does, by what a repro takes: 0 if it would write
    nothing new for Git, 10 also where only tests are to be run again.

    Raises:
        DvcincError: Nothing is set up, or the data or the parameters cannot be used.
    """
    from dvcinc.stages.status import status  # noqa: PLC0415 - reads locks and history

    with watching() as watch:
        project = open_project(path, watch=watch)
        _check_set_up(project)
        found = status(project)
    if as_json:
        show(render_json.text({"schema": SCHEMA, **status_json(found)}))
    else:
        show("\n".join(status_lines(found)))
    if with_code:
        sys.exit(EXIT_CODES[found.left])


def _check_set_up(project: Project) -> None:
    """Refuses where no `dvc repro` would run anything of ours: there is no next one."""
    from dvcinc.stages.pipeline import (  # noqa: PLC0415 - as above
        DVC_YAML,
        is_set_up,
        way_to_run,
    )

    if not is_set_up(project.path):
        raise InputError(
            f"nothing is set up here: no {DVC_YAML} runs dvcinc's stages",
            f"{way_to_run(project.path)}; dvcinc classify judges changes without",
        )
    if dvc_root(project.path, project.git.found.place.directory) is None:
        raise InputError(
            "this is no DVC repository, so that dvc repro runs nothing",
            "run dvc init, then dvc repro",
        )


def status_json(found: Status) -> dict[str, Json]:
    """The status as JSON says it."""
    stages: list[Json] = [
        {
            "name": stage.name,
            "action": stage.action.value,
            "why": stage.why,
            "seconds": stage.seconds,
        }
        for stage in found.stages
    ]
    return {
        "standing": _standing(found).value,
        "mode": found.decision.mode.word,
        "settled": found.settled,
        "left": found.left.word,
        "targets": targets_json(found.decision.targets),
        "stages": stages,
        "reasons": [reason_json(reason) for reason in found.decision.reasons],
        "warnings": [*found.warnings],
    }


def status_lines(found: Status) -> Iterator[str]:
    """The status as people read it."""
    paint = painter()
    yield _headline(found)
    mode = found.decision.targets[Target.NLU]
    said = MEANING[mode]
    if _standing(found) is Standing.TRAINED:
        said = "trained; commit it (git add plan/plan.json dvc.lock lineage.json …)"
    yield f"  against HEAD: {paint(mode.word, COLOURS[mode])}, {said}"
    for stage in found.stages:
        yield _line(stage.name, stage.action.value, stage.why, stage.seconds, paint)
    yield from reasons(found.decision.reasons, paint)
    for warning in found.warnings:
        yield f"{paint('warning', 'yellow')}: {visible(warning)}"


def _standing(found: Status) -> Standing:
    """Whether the work tree has run what it needs against HEAD."""
    if found.decision.targets[Target.NLU] is Mode.NONE:
        return Standing.NONE
    return Standing.NEW if any(_todo(found)) else Standing.TRAINED


def _todo(found: Status) -> Iterator[str]:
    """What the stages will do, of those that do anything."""
    for stage in found.stages:
        said = stage.action.value
        if said != "up to date":
            yield stage.name if said == "run" else f"{said} {stage.name}"


def _headline(found: Status) -> str:
    """What the stages say; the mode is against HEAD, and may have run already."""
    return f"next dvc repro: {', '.join(_todo(found)) or 'nothing to run'}"


def _line(name: str, action: str, why: str, seconds: float | None, paint: Paint) -> str:
    cost = f", took {duration(seconds)} before" if seconds else ""
    reason = f"  ({why}{cost})" if why else ""
    return f"  {name:<9} {paint(action, 'bold')}{reason}"
