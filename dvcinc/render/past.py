"""Commits with their training modes: a line each, JSON, or a table in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dvcinc.lineage.past import Past
from dvcinc.lineage.standing import Standing
from dvcinc.plan.document import reason_json, targets_json
from dvcinc.render.escape import prose, row
from dvcinc.render.text import COLOURS, Paint, plain
from dvcinc.render.words import NOT_YET
from dvcinc.text.visible import visible
from dvcinc.yaml import Json

SCHEMA = "dvcinc/log/1"
_SHORT = 10
_NOTHING = "nothing that trains changed"
_STORED = "trained"
_SAID = {
    Standing.TRAINED: "trained in this commit",
    Standing.RESTORED: "restored",
    Standing.FIRST: NOT_YET,
}
UNTOLD = "?"
"""The mode of a commit of which nothing can be told."""


def line(one: Past, paint: Paint = plain) -> str:
    """One commit: id, day, mode, the main reason, and what its author called it."""
    mode = f"{_mode(one):<8}"
    if one.decision is not None:
        mode = paint(mode, COLOURS[one.decision.mode])
    said = f"{visible(one.subject)}  ({visible(_why(one))})"
    return f"{one.commit[:_SHORT]}  {one.date}  {mode}  {said}"


def as_json(found: Iterable[Past]) -> dict[str, Json]:
    """All commits, with all their reasons."""
    return {"schema": SCHEMA, "commits": [_commit(one) for one in found]}


def markdown(found: Iterable[Past]) -> Iterator[str]:
    """A table; whatever people wrote is escaped."""
    yield "| commit | day | mode | main reason | subject |"
    yield "|---|---|---|---|---|"
    for one in found:
        commit = f"`{one.commit[:_SHORT]}`"
        why, subject = prose(_why(one)), prose(one.subject)
        yield row(commit, one.date, _mode(one), why, subject)


def _mode(one: Past) -> str:
    if one.decision is None:
        return UNTOLD
    is_stored = one.standing is Standing.TRAINED and not one.decision.mode
    return _STORED if is_stored else one.decision.mode.word


def _why(one: Past) -> str:
    if one.decision is None:
        return one.problem
    reasons = one.decision.reasons
    more = f", +{len(reasons) - 1} more" if len(reasons) > 1 else ""
    said = f"{reasons[0].code} {reasons[0].text}{more}" if reasons else _NOTHING
    return "; ".join([said, *_beside(one)])


def _beside(one: Past) -> Iterator[str]:
    """What there is to say beside the reasons."""
    if one.due is not None:
        yield f"{one.due.word} due since {_since(one)}"
    if one.is_restored:
        yield "restored in this commit"
    elif one.standing in _SAID and _mode(one) != _STORED:
        yield _SAID[one.standing]
    if one.problem:
        yield one.problem


def _since(one: Past) -> str:
    return one.due_since[:_SHORT] if one.due_since else "before"


def _commit(one: Past) -> dict[str, Json]:
    decision = one.decision
    return {
        "commit": one.commit,
        "parent": one.parent,
        "date": one.date,
        "subject": one.subject,
        "mode": decision.mode.word if decision else None,
        "targets": targets_json(decision.targets) if decision else None,
        "standing": one.standing.value if decision else None,
        "restored": one.is_restored,
        "due": one.due.word if one.due else None,
        "due_since": one.due_since,
        "reasons": [reason_json(r) for r in decision.reasons] if decision else [],
        "problem": one.problem,
    }
