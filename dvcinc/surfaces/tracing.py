"""`lineage show` and `lineage diff`: one model, and what lies between two."""

from __future__ import annotations

from pathlib import Path

from dvcinc.lineage.find import Search
from dvcinc.plan.project import open_project
from dvcinc.render import json as render_json
from dvcinc.snapshot.git import open_git
from dvcinc.surfaces.following import about
from dvcinc.surfaces.terminal import painter, show, warn
from dvcinc.surfaces.watching import watching


def show_model(path: Path, name: str | None, *, as_json: bool) -> None:
    """Prints all that is known of a model.

    Raises:
        DvcincError: There is none of that name, or several are.
    """
    from dvcinc.render import lineage as render  # noqa: PLC0415

    search = Search(open_git(path))
    found = search.model(name)
    if as_json:
        head = about(search.git, search.history)
        show(render_json.text(render.lineage_json(head, found)))
    else:
        # What else in history cannot be read is no matter of this model.
        if search.history.missing:
            warn(search.history.missing)
        show(render.lineage(found, painter()))


def show_difference(path: Path, old: str, new: str | None, form: str) -> None:
    """Prints what lies between two models as `text`, `md` or `json`.

    Raises:
        DvcincError: There is no such model, or several are named so.
    """
    from dvcinc.lineage.between import between  # noqa: PLC0415 - it judges changes
    from dvcinc.render import between as render  # noqa: PLC0415

    with watching() as watch:
        project = open_project(path, watch=watch)
        search = Search(project.git)
        found = between(project, search.model(old).model, search.model(new).model)
    if form == "json":
        head = about(search.git, search.history)
        show(render_json.text(render.diff_json(head, found)))
        return
    for problem in found.problems:
        warn(problem)
    lines = render.markdown(found) if form == "md" else render.text(found, painter())
    show("\n".join(lines))
