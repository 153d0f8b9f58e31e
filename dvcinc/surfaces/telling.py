"""A verdict in full, for machines and for pull requests: JSON, Markdown, SARIF.

With `--split`, the change is taken apart by file as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from dvcinc.lineage.closer import with_closer_look
from dvcinc.lineage.report import Report, report
from dvcinc.lineage.since import due_since
from dvcinc.lineage.split import split
from dvcinc.lineage.values import Verdict
from dvcinc.lineage.verdict import judged
from dvcinc.plan.project import Project
from dvcinc.render import json as render_json
from dvcinc.render import split as render_split
from dvcinc.render import text
from dvcinc.render.comment import markdown
from dvcinc.render.links import Links
from dvcinc.render.reading import document
from dvcinc.render.sarif import sarif
from dvcinc.render.sections import Budget
from dvcinc.render.written import decision
from dvcinc.snapshot.mixed import Remembered
from dvcinc.snapshot.sources import CommitSource, Source
from dvcinc.surfaces.carving import commands
from dvcinc.surfaces.terminal import painter, show


def tell(
    project: Project,
    old: CommitSource,
    new: Source,
    form: str,
    *,
    by_file: bool,
    staged: bool,
) -> Verdict:
    """Prints the verdict as `text`, `json`, `md` or `sarif`.

    Raises:
        DvcincError: A side cannot be read.
    """
    seen = Remembered(new)
    found = judged(project, old, seen)
    parts = split(project, old, seen, found.verdict) if by_file else None
    todo = commands(project, old, new, parts, staged=staged) if parts else []
    if form == "text":
        paint = painter()
        more = render_split.text(parts, todo, paint) if parts else ()
        since = due_since(project, found.verdict, old.commit)
        told = with_closer_look(project, found)
        show("\n".join([text.verdict(told, paint, since), *more]))
    else:
        show(_told(report(project, found, old, seen, parts), form, todo))
    return found.verdict


def _told(found: Report, form: str, commands: Sequence[str]) -> str:
    """One document stands behind all forms, so that all say the same."""
    said = decision(found)
    if form == "json":
        return render_json.text(said)
    if form == "sarif":
        return render_json.text(sarif(document(said)))
    body = markdown(document(said), Links(), Budget.GITHUB)
    if not commands:
        return body.rstrip("\n")
    return "\n".join([body, "What may go first:", "", "```sh", *commands, "```"])
