"""`classify` and `explain`: light, since a hook runs the first on every commit."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

from dvcinc.config import Mode
from dvcinc.decision.rules import BY_CODE, RULES
from dvcinc.errors import InputError
from dvcinc.lineage.verdict import judged
from dvcinc.plan.project import Project, open_project
from dvcinc.render import json as render_json
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
    """Prints the verdict on a change as `text`, `json`, `md` or `sarif`.

    Raises:
        DvcincError: A side cannot be read.
    """
    with watching() as watch:
        project = open_project(path, fetch=fetch, watch=watch)
        old, new = _old(project, wanted), _new(project, wanted)
        if form == "text" and not by_file:
            found = judged(project, old, new).verdict
            show(text.verdict(found, painter()))
        else:
            # Imported only for those who ask: a hook does not.
            from dvcinc.surfaces.telling import tell  # noqa: PLC0415

            found = tell(project, old, new, form, by_file=by_file, staged=wanted.staged)
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


def explain(code: str | None, *, as_json: bool) -> None:
    """Prints a rule, or a line for each.

    Raises:
        InputError: There is no such rule.
    """
    if code is None:
        _list_rules(as_json=as_json)
        return
    rule = BY_CODE.get(code.upper())
    if rule is None:
        near = difflib.get_close_matches(code.upper(), BY_CODE, 1)
        hint = f"did you mean {near[0]}?" if near else "dvcinc explain lists all rules"
        raise InputError(f"there is no rule {code!r}", hint)
    if as_json:
        show(render_json.text(render_json.rule(rule)))
    else:
        show(text.rule(rule, painter()))


def _list_rules(*, as_json: bool) -> None:
    if as_json:
        rules = [render_json.rule(rule) for rule in RULES]
        show(render_json.text({"schema": "dvcinc/rules/1", "rules": [*rules]}))
        return
    paint = painter()
    show(f"{'rule':<6} {'strict':<8} {'pragmatic':<9}  what happened")
    for rule in RULES:
        strict = rule.strict.word if rule.strict else "–"
        modes = f"{strict:<8} {rule.pragmatic.word:<9}"
        show(f"{paint(rule.code, 'bold')}  {modes}  {rule.title}")
