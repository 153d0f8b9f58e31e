"""Decisions as annotations of GitHub Actions: workflow commands, a line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dvcinc.config import Mode
from dvcinc.render.document import Document, ReasonSaid, Spot
from dvcinc.render.escape import shown
from dvcinc.render.links import repository_path
from dvcinc.render.outputs import by_urgency

MAX_PER_LEVEL = 10
"""More of one level in one step are dropped without a word."""
_LEVELS = ("warning", "notice")
_MAX_MESSAGE = 500


class _Said(NamedTuple):
    level: str
    title: str
    text: str
    spot: Spot | None
    project: str


def workflow_commands(*documents: Document) -> list[str]:
    """The commands to print; of each level at most as many as are shown."""
    said = [one for document in by_urgency(documents) for one in _said(document)]
    return [
        _command(one, named=len(documents) > 1)
        for level in _LEVELS
        for one in _of_level(level, [one for one in said if one.level == level])
    ]


def _said(document: Document) -> Iterator[_Said]:
    dear = "warning" if document.left else "notice"
    # What was due before is no line of this change.
    for one in document.change.reasons:
        if one.mode:
            yield _reason(one, dear, document.project)
    for warning in document.warnings:
        yield _Said(
            "warning", warning.kind, warning.text, warning.spot, document.project
        )


def _of_level(level: str, said: Sequence[_Said]) -> Iterator[_Said]:
    kept = len(said) if len(said) <= MAX_PER_LEVEL else MAX_PER_LEVEL - 1
    yield from said[:kept]
    if more := len(said) - kept:
        yield _Said(level, "dvcinc", f"{more:,} more in the summary", None, "")


def _reason(reason: ReasonSaid, dear: str, project: str) -> _Said:
    level = dear if reason.mode is Mode.SCRATCH else "notice"
    spot = reason.spots[0] if reason.spots else None
    advice = f"; {reason.advice}" if reason.advice else ""
    title = f"{reason.code} {reason.mode.word}"
    return _Said(level, title, f"{reason.text}{advice}", spot, project)


def _command(said: _Said, *, named: bool) -> str:
    of = f" ({shown(said.project)})" if named and said.project else ""
    properties = {"title": f"{said.title}{of}"}
    spot = said.spot
    # The old side's files are not there to be annotated.
    path = repository_path(said.project, spot.path) if spot else None
    if spot and path and not spot.old:
        properties = {"file": path, "line": str(spot.line), **properties}
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{said.level} {listed}::{_data(shown(said.text, _MAX_MESSAGE))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
