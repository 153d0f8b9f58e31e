"""`explain`: the rules, for people and programs."""

from __future__ import annotations

import difflib

from dvcinc.decision.rules import BY_CODE, RULES
from dvcinc.errors import InputError
from dvcinc.render import json as render_json
from dvcinc.render.rule import rule as rule_text
from dvcinc.surfaces.terminal import painter, show


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
        show(rule_text(rule, painter()))


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
