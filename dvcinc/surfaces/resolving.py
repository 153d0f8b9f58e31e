"""`resolve`: what a merge leaves in conflict is put right, and told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dvcinc.errors import ExitCode
from dvcinc.plan.project import open_project
from dvcinc.render import json as render_json
from dvcinc.surfaces.status import status_json, status_lines
from dvcinc.surfaces.terminal import show
from dvcinc.text.visible import visible
from dvcinc.yaml import Json

if TYPE_CHECKING:
    from dvcinc.stages.resolve import Resolution

SCHEMA = "dvcinc/resolve/1"
_WHOSE = {
    "ours": "HEAD's files are taken",
    "theirs": "the other side's files are taken",
    "work tree": "the files stand as one dvc repro wrote them",
}


def resolve(path: Path, *, dry_run: bool, as_json: bool) -> None:
    """Puts right what is in conflict, and prints what was done.

    Exits with 1 where a part of `dvc.lock` is left for a person to decide.

    Raises:
        DvcincError: The data are in conflict, too, or cannot be used.
    """
    from dvcinc.stages.resolve import resolve as put_right  # noqa: PLC0415

    found = put_right(open_project(path), dry_run=dry_run)
    if as_json:
        show(render_json.text(_json(found, dry_run=dry_run)))
    else:
        show("\n".join(_lines(found, dry_run=dry_run)))
    if found.stages:
        sys.exit(ExitCode.CHECK_SAID_NO)


def _json(found: Resolution, *, dry_run: bool) -> dict[str, Json]:
    return {
        "schema": SCHEMA,
        "dry_run": dry_run,
        "side": found.side,
        "files": [{"path": f.path, "action": f.action.value} for f in found.files],
        "stages": [*found.stages],
        "others": [*found.others],
        "status": status_json(found.status),
    }


def _lines(found: Resolution, *, dry_run: bool) -> Iterator[str]:
    if found.side is None:
        yield "nothing that dvc repro writes is in conflict"
    else:
        would = "would be: " if dry_run else ""
        yield f"{would}{_WHOSE[found.side]}"
    for file in found.files:
        yield f"  {file.path:<22} {file.action.value}"
    for stage in found.stages:
        yield (
            f"dvc.lock: both sides changed {visible(stage)}, which is not dvcinc's: "
            "decide, and git add dvc.lock"
        )
    if found.others:
        yield f"still in conflict: {visible(', '.join(found.others))}"
    yield from status_lines(found.status)
