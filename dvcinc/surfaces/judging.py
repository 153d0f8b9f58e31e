"""`classify`: light, since a hook runs it on every commit."""

from __future__ import annotations

import sys
from pathlib import Path

from dvcinc.config import Mode
from dvcinc.lineage.verdict import classify as judge
from dvcinc.plan.project import Project, open_project
from dvcinc.render import text
from dvcinc.snapshot.sources import CommitSource, IndexSource, Source
from dvcinc.surfaces.sides import Sides
from dvcinc.surfaces.terminal import painter, show
from dvcinc.surfaces.watching import watching

EXIT_CODES = {Mode.NONE: 0, Mode.REFRESH: 10, Mode.FINETUNE: 11, Mode.SCRATCH: 20}


def classify(
    path: Path,
    wanted: Sides,
    form: str,
    *,
    with_code: bool,
    fetch: bool = False,
    by_file: bool = False,
) -> None:
    """Prints the verdict on a change as `text`, `json` or `md`.

    Raises:
        DvcincError: A side cannot be read.
    """
    with watching() as watch:
        project = open_project(path, fetch=fetch, watch=watch)
        old, new = _old(project, wanted), _new(project, wanted)
        if by_file:
            mode = _classify_by_file(project, old, new, form, staged=wanted.staged)
        else:
            mode = _classify(project, old, new, form)
    if with_code:
        sys.exit(EXIT_CODES[mode])


def _classify(project: Project, old: CommitSource, new: Source, form: str) -> Mode:
    found = judge(project, old, new)
    if form == "json":
        from dvcinc.render import json as render_json  # noqa: PLC0415 - if asked for

        show(render_json.text(render_json.verdict(found, _prefix(project))))
    elif form == "md":
        from dvcinc.render import markdown  # noqa: PLC0415 - if asked for

        show(markdown.verdict(found))
    else:
        show(text.verdict(found, painter()))
    return found.decision.mode


def _classify_by_file(
    project: Project, old: CommitSource, new: Source, form: str, *, staged: bool
) -> Mode:
    # Imported only for those who ask: a hook does not.
    from dvcinc.lineage.split import split  # noqa: PLC0415
    from dvcinc.render import json as render_json  # noqa: PLC0415
    from dvcinc.render import markdown  # noqa: PLC0415
    from dvcinc.render import split as render  # noqa: PLC0415
    from dvcinc.snapshot.mixed import Remembered  # noqa: PLC0415
    from dvcinc.surfaces.carving import commands  # noqa: PLC0415

    seen = Remembered(new)
    found = judge(project, old, seen)
    parts = split(project, old, seen, found)
    todo = commands(project, old, new, parts, staged=staged)
    if form == "json":
        said = render_json.verdict(found, _prefix(project), render.as_json(parts))
        show(render_json.text(said))
    elif form == "md":
        show("\n".join([markdown.verdict(found), *render.markdown(parts, todo)]))
    else:
        paint = painter()
        lines = [text.verdict(found, paint), *render.text(parts, todo, paint)]
        show("\n".join(lines))
    return found.decision.mode


def _prefix(project: Project) -> str:
    return project.git.prefix.rstrip("/") or "."


def _old(project: Project, wanted: Sides) -> CommitSource:
    if wanted.from_merge_base and wanted.new is not None:
        git = project.git
        found = git.merge_base(git.commit(wanted.old), git.commit(wanted.new))
        return CommitSource(git, f"merge base of {wanted.old} and {wanted.new}", found)
    return project.commit(wanted.old)


def _new(project: Project, wanted: Sides) -> Source:
    if wanted.staged:
        return IndexSource(project.git)
    return project.worktree() if wanted.new is None else project.commit(wanted.new)
