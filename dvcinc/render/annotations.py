"""A decision as annotations of GitHub Actions: workflow commands, a line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dvcinc.config import Mode
from dvcinc.render.document import Document, ReasonSaid, Spot, WarningSaid
from dvcinc.render.escape import shown
from dvcinc.render.links import repository_path

MAX_PER_LEVEL = 10
"""More of one level in one step are dropped without a word."""
_LEVELS = ("error", "warning", "notice")
_MAX_MESSAGE = 500


class _Said(NamedTuple):
    level: str
    title: str
    text: str
    spot: Spot | None


def workflow_commands(document: Document, *, failing: bool = False) -> list[str]:
    """The commands to print; of each level at most as many as are shown.

    Args:
        document: The decision.
        failing: Whether training from scratch is an error here, and not a warning.
    """
    level = "error" if failing else "warning"
    level = level if document.left else "notice"
    # What was due before is no line of this change.
    said = [
        *(_reason(one, level) for one in document.change.reasons if one.mode),
        *map(_warning, document.warnings),
    ]
    return [
        _command(one, document)
        for level in _LEVELS
        for one in _of_level(level, [one for one in said if one.level == level])
    ]


def _of_level(level: str, said: Sequence[_Said]) -> Iterator[_Said]:
    kept = len(said) if len(said) <= MAX_PER_LEVEL else MAX_PER_LEVEL - 1
    yield from said[:kept]
    if more := len(said) - kept:
        yield _Said(level, "dvcinc", f"{more:,} more in the summary", None)


def _reason(reason: ReasonSaid, dear: str) -> _Said:
    level = dear if reason.mode is Mode.SCRATCH else "notice"
    spot = reason.spots[0] if reason.spots else None
    advice = f"; {reason.advice}" if reason.advice else ""
    return _Said(
        level, f"{reason.code} {reason.mode.word}", f"{reason.text}{advice}", spot
    )


def _warning(warning: WarningSaid) -> _Said:
    return _Said("warning", warning.kind, warning.text, warning.spot)


def _command(said: _Said, document: Document) -> str:
    properties = {"title": said.title}
    spot = said.spot
    # The old side's files are not there to be annotated.
    path = repository_path(document.project, spot.path) if spot else None
    if spot and path and not spot.old:
        properties = {"file": path, "line": str(spot.line), **properties}
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{said.level} {listed}::{_data(shown(said.text, _MAX_MESSAGE))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
