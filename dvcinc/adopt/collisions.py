"""What stands in the way of dvcinc's stages, and is somebody else's: never overwritten.

All of it is told at once, each with what to do.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path

from dvcinc.adopt.dvcfile import PATH, Pipeline, entries, runs
from dvcinc.adopt.pipeline import SECTIONS, Stage
from dvcinc.errors import CheckError, DvcincError
from dvcinc.plan.document import PATH as PLAN
from dvcinc.plan.document import read_plan
from dvcinc.snapshot.dvcouts import ancestors, is_below
from dvcinc.stages.paths import METRICS
from dvcinc.yaml import Json

_OURS = "calibration_error"
"""Stands in `metrics.json` as the stage `evaluate` writes it, and hardly elsewhere."""


def check_free(project: Path, there: Pipeline, wanted: Sequence[Stage]) -> None:
    """Refuses to go on where a stage, an out or a file is somebody else's.

    Raises:
        CheckError: One or more are.
    """
    said = [
        *_names(there, wanted),
        *_circles(wanted),
        *_outs(project, there, wanted),
        *_files(project, there, wanted),
    ]
    if said:
        raise CheckError("\n".join(said), "nothing was changed; run init again then")


def _names(there: Pipeline, wanted: Sequence[Stage]) -> Iterator[str]:
    """Stages with names of dvcinc's, and stages of dvcinc's with other names."""
    own = {stage.name for stage in wanted} | {"evaluate", "verify"}
    for name, stage in there.stages.items():
        ran = runs(stage)
        if name in own and ran != name:
            yield (
                f"{PATH}: the stage {name!r} is not dvcinc's, which needs the name: "
                f"rename yours there and in dvc.lock, say to {f'my-{name}'!r}"
            )
        elif ran in own and name != ran:
            yield (
                f"{PATH}: the stage {name!r} runs dvcinc's {ran!r}, and has to be "
                "called so: rename it there and in dvc.lock"
            )


def _circles(wanted: Sequence[Stage]) -> Iterator[str]:
    """Data that hold what is made from them."""
    for stage in wanted:
        made = {out.path for one in wanted for out in one.outs}
        for dep in (entry.path for entry in stage.lists["deps"]):
            if dep not in made and (met := sorted(p for p in made if is_below(p, dep))):
                yield (
                    f"params.yaml: {dep} is read by the stage {stage.name}, and holds "
                    f"{met[0]}, which dvc repro writes: name what is in it one by one"
                )


def _outs(project: Path, there: Pipeline, wanted: Sequence[Stage]) -> Iterator[str]:
    """Outs of others that hold those of dvcinc's, or lie in them."""
    ours = [out.path for stage in wanted for out in stage.outs]
    for name, stage in there.stages.items():
        if runs(stage) is not None:
            continue
        for path in _written(stage):
            if met := [p for p in ours if is_below(p, path) or is_below(path, p)]:
                yield (
                    f"{PATH}: the stage {name!r} writes {path}, and dvcinc {met[0]}: "
                    "DVC allows no out within another; let yours go elsewhere"
                )
    named = {above: path for path in ours for above in (*ancestors(path), path)}
    for above, path in named.items():
        if (project / f"{above}.dvc").is_file():
            yield (
                f"{above}.dvc: DVC tracks {above}, and dvcinc writes {path}: DVC "
                f"allows no out within another; dvc move {above} elsewhere"
            )


def _written(stage: dict[str, Json] | object) -> Iterator[str]:
    if not isinstance(stage, dict):
        return
    folder = str(stage.get("wdir") or ".")
    for section in SECTIONS[2:]:
        for path in entries(stage, section):
            if "${" not in path + folder:
                yield posixpath.normpath(posixpath.join(folder, path))


def _files(project: Path, there: Pipeline, wanted: Sequence[Stage]) -> Iterator[str]:
    """Files and folders that the first run would write over."""
    planned = _is_plan(project / PLAN)
    for stage in wanted:
        if there.own(stage.name) is not None:
            continue
        for out in stage.outs:
            path = project / out.path
            ours = _is_metrics(path) if out.path == METRICS else planned
            if (path.exists() or path.is_symlink()) and not ours:
                yield (
                    f"{out.path} is there already, and dvc repro would write over it: "
                    "move it away"
                )


def _is_plan(path: Path) -> bool:
    """Whether dvcinc was here before, whatever has become of `dvc.yaml`."""
    try:
        read_plan(path.read_bytes())
    except (OSError, DvcincError):
        return False
    return True


def _is_metrics(path: Path) -> bool:
    try:
        said = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(said, dict) and _OURS in said
