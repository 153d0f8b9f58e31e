"""`lineage blame`: which training first knew a label or an example."""

from __future__ import annotations

from pathlib import Path

from dvcinc.errors import InputError
from dvcinc.lineage.blame import blame
from dvcinc.plan.project import open_project
from dvcinc.render import blame as render
from dvcinc.render import json as render_json
from dvcinc.surfaces.following import about, history_of
from dvcinc.surfaces.terminal import painter, show, warn
from dvcinc.surfaces.watching import watching


def show_blame(path: Path, name: str, revision: str | None, *, as_json: bool) -> None:
    """Prints which training first knew a name, and who brought it.

    Raises:
        DvcincError: Nothing is or was named so, or there is no such revision.
    """
    with watching() as watch:
        project = open_project(path, watch=watch)
        git = project.git
        commit = git.commit(revision) if revision else git.head()
        is_here = revision is None and not git.bare
        history = history_of(git, commit, here=is_here)
        here = project.worktree() if is_here else None
        found = blame(project, history, name, here)
    if as_json:
        said = render.blame_json(about(git, history), name, found)
        show(render_json.text(said))
        return
    if history.missing:
        warn(history.missing)
    for at, why in found.unknown:
        warn(f"{at[:10]} cannot be looked at: {why}")
    if not found.found:
        raise InputError(
            f"no intent, entity type or example is or was named {name!r}",
            "give the whole name, or the whole text of an example",
        )
    show("\n".join(render.text(name, found, painter())))
