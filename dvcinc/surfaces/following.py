"""`lineage log`: the models of a branch, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dvcinc.lineage.history import History, projects_at, read_history
from dvcinc.lineage.models import models
from dvcinc.render import json as render_json
from dvcinc.render import models as render
from dvcinc.snapshot.commits import readable
from dvcinc.snapshot.git import Git, open_git
from dvcinc.snapshot.sources import FolderSource
from dvcinc.surfaces.terminal import painter, show, warn
from dvcinc.text.visible import visible
from dvcinc.yaml import Json


def show_log(
    path: Path, revision: str | None, limit: int, form: str, *, everywhere: bool
) -> None:
    """Prints the models of a branch, of one project or of all.

    Raises:
        DvcincError: There is no such revision.
    """
    git = open_git(path)
    commit = git.commit(revision) if revision else git.head()
    if not everywhere or commit is None:
        _show_log(git, commit, limit, form, here=revision is None)
        return
    for project in projects_at(git, commit):
        if form != "json":
            show(f"{_name(project)}:")
        _show_log(project, commit, limit, form, here=revision is None)


def _show_log(
    git: Git, commit: str | None, limit: int, form: str, *, here: bool
) -> None:
    history = history_of(git, commit, limit, here=here)
    found = [*models(history.versions).served.values()]
    if form == "json":
        said = render.log_json(about(git, history), found, more=history.more)
        show(render_json.text(said))
        return
    warn_of(history)
    current = history.current.model.digest if history.current else None
    lines = (
        render.markdown(found)
        if form == "md"
        else render.lines(found, current, painter())
    )
    show_rows([*lines] if found else [], more=history.more)


def history_of(
    git: Git, commit: str | None, most: int | None = None, *, here: bool
) -> History:
    """The history of a project, with the work tree where that is looked at."""
    tree = FolderSource(git.project, git=git) if here and not git.bare else None
    return read_history(git, commit, tree, most)


def about(git: Git, history: History) -> dict[str, Json]:
    """What a document says first: of which project, and of what history."""
    return {"project": _name(git), **render.history_json(history)}


def _name(git: Git) -> str:
    return visible(readable(git.prefix.rstrip("/"))) or "."


def show_rows(rows: Sequence[str], *, more: bool) -> None:
    """Prints rows about models; without any, what is to be done."""
    for row in rows:
        show(row)
    if more:
        show("… and older ones (-n)")
    if not rows:
        show("no model is recorded yet: dvc repro writes lineage.json; commit it")


def warn_of(history: History) -> None:
    """Says on standard error what cannot be read, and where history is cut off."""
    for said in history.untold():
        warn(said)
