"""`classify`: light, since a hook runs it on every commit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dvcinc.config import Mode
from dvcinc.lineage.standing import Standing
from dvcinc.lineage.values import Verdict
from dvcinc.lineage.verdict import glanced
from dvcinc.plan.project import Project, open_project
from dvcinc.render import text
from dvcinc.snapshot.sources import CommitSource, IndexSource, Source
from dvcinc.surfaces.sides import Sides
from dvcinc.surfaces.terminal import painter, show
from dvcinc.surfaces.watching import watching

if TYPE_CHECKING:
    from dvcinc.lineage.comparing import Judged

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
    """Prints the verdict on a change as `text`, `json`, `md` or `sarif`.

    Raises:
        DvcincError: A side cannot be read.
    """
    with watching() as watch:
        project = open_project(path, fetch=fetch, watch=watch)
        old, new = _old(project, wanted), _new(project, wanted)
        if form == "text" and not by_file:
            found, closer = glanced(project, old, new)
            told = found if closer is None else _closer(project, closer)
            show(text.verdict(told, painter(), _due_since(project, found, old)))
        else:
            # Imported only for those who ask: a hook does not.
            from dvcinc.surfaces.telling import tell  # noqa: PLC0415

            found = tell(project, old, new, form, by_file=by_file, staged=wanted.staged)
    if with_code:
        sys.exit(EXIT_CODES[found.left])


def _closer(project: Project, judged: Judged) -> Verdict:
    """A verdict with the warnings that take a closer look."""
    from dvcinc.lineage.closer import with_closer_look  # noqa: PLC0415 - few need it

    return with_closer_look(project, judged)


def _due_since(project: Project, found: Verdict, old: CommitSource) -> str | None:
    if found.standing is not Standing.DUE:
        return None
    from dvcinc.lineage.since import due_since  # noqa: PLC0415 - few ask

    return due_since(project, found, old.commit)


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
