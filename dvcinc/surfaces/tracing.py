"""`lineage show`: the record of a model."""

from __future__ import annotations

from pathlib import Path

from dvcinc.errors import InputError
from dvcinc.lineage.record import PATH, read_lineage
from dvcinc.lineage.verified import mark
from dvcinc.plan.project import open_project
from dvcinc.render import json as render_json
from dvcinc.render.lineage import lineage as as_text
from dvcinc.surfaces.terminal import painter, show


def show_lineage(path: Path, revision: str | None, *, as_json: bool) -> None:
    """Prints `lineage.json` of the work tree or of a revision.

    Raises:
        DvcincError: There is none, or it cannot be read.
    """
    project = open_project(path)
    source = project.commit(revision) if revision else project.worktree()
    data = source.read(PATH)
    if data is None:
        from dvcinc.stages.pipeline import way_to_run  # noqa: PLC0415

        where = revision or "the work tree"
        raise InputError(f"{PATH} is missing in {where}", way_to_run(project.path))
    found = read_lineage(data)
    if as_json:
        show(render_json.text(found.to_json()))
    else:
        show(as_text(found, painter(), mark(source)))
