"""`log`: the training mode of each commit of a range."""

from __future__ import annotations

from pathlib import Path

from dvcinc.lineage.past import past
from dvcinc.plan.project import open_project
from dvcinc.render import json as render_json
from dvcinc.render import past as render
from dvcinc.surfaces.terminal import painter, show
from dvcinc.surfaces.watching import watching


def show_log(path: Path, revision: str, limit: int | None, form: str) -> None:
    """Prints the commits of a range, each as soon as it is judged, save as JSON.

    Raises:
        DvcincError: There is no such range.
    """
    with watching() as watch:
        found = past(open_project(path, watch=watch), revision, limit)
        if form == "json":
            show(render_json.text(render.as_json(found)))
            return
        paint = painter()
        lines = (
            render.markdown(found)
            if form == "md"
            else (render.line(one, paint) for one in found)
        )
        for line in lines:
            watch.end()
            show(line)
