"""`lineage graph`: the models of a branch with their bases, branches and merges."""

from __future__ import annotations

from pathlib import Path

from dvcinc.lineage.graph import newest, nodes
from dvcinc.lineage.models import models
from dvcinc.render import drawing
from dvcinc.render import json as render_json
from dvcinc.snapshot.git import open_git
from dvcinc.surfaces.following import about, history_of, show_rows, warn_of
from dvcinc.surfaces.terminal import painter, show


def show_graph(path: Path, revision: str | None, limit: int, form: str) -> None:
    """Draws the models of a branch as `text`, `mermaid`, `dot` or `json`.

    Raises:
        DvcincError: There is no such revision.
    """
    git = open_git(path)
    commit = git.commit(revision) if revision else git.head()
    history = history_of(git, commit, here=revision is None)
    known = models(history.versions)
    everything = nodes(git, history)
    found, more = newest(everything, limit), len(everything) > limit
    if form == "json":
        said = drawing.graph_json(about(git, history), found, known, more=more)
        show(render_json.text(said))
        return
    warn_of(history)
    if form == "text":
        show_rows([*drawing.text(found, known, painter())], more=more)
    else:
        draw = drawing.mermaid if form == "mermaid" else drawing.dot
        show("\n".join(draw(found, known)))
