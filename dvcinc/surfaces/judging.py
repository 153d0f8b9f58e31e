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

EXIT_CODES = {Mode.NONE: 0, Mode.REFRESH: 10, Mode.FINETUNE: 11, Mode.SCRATCH: 20}


def classify(
    path: Path, wanted: Sides, form: str, *, with_code: bool, fetch: bool = False
) -> None:
    """Prints the verdict on a change as `text`, `json` or `md`.

    Raises:
        DvcincError: A side cannot be read.
    """
    project = open_project(path, fetch=fetch)
    found = judge(project, _old(project, wanted), _new(project, wanted))
    if form == "json":
        from dvcinc.render import json as render_json  # noqa: PLC0415 - if asked for

        prefix = project.git.prefix.rstrip("/") or "."
        show(render_json.text(render_json.verdict(found, prefix)))
    elif form == "md":
        from dvcinc.render import markdown  # noqa: PLC0415 - if asked for

        show(markdown.verdict(found))
    else:
        show(text.verdict(found, painter()))
    if with_code:
        sys.exit(EXIT_CODES[found.decision.mode])


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
