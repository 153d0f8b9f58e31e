"""A verdict in full, for machines and for pull requests: JSON, Markdown, SARIF."""

from __future__ import annotations

from dvcinc.lineage.report import report
from dvcinc.lineage.verdict import Judged
from dvcinc.plan.project import Project
from dvcinc.render import json as render_json
from dvcinc.render.comment import markdown
from dvcinc.render.decision import document
from dvcinc.render.links import Links
from dvcinc.render.sarif import sarif
from dvcinc.render.sections import Budget
from dvcinc.render.written import decision
from dvcinc.snapshot.sources import CommitSource, Source


def told(
    project: Project, found: Judged, old: CommitSource, new: Source, form: str
) -> str:
    """The verdict as `json`, `md` or `sarif`: all say what the document says."""
    said = decision(report(project, found, old, new))
    if form == "json":
        return render_json.text(said)
    read = document(said)
    if form == "sarif":
        return render_json.text(sarif(read))
    return markdown(read, Links(), Budget.GITHUB).rstrip("\n")
