"""`doctor`: looks a project over, and says what to do."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dvcinc.errors import ExitCode
from dvcinc.render import json as render_json
from dvcinc.render.words import plural
from dvcinc.surfaces.terminal import painter, show
from dvcinc.text.visible import visible
from dvcinc.yaml import Json

if TYPE_CHECKING:
    from dvcinc.adopt.check import Check

SCHEMA = "dvcinc/doctor/1"
_COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}


def examine(path: Path, *, online: bool, as_json: bool) -> None:
    """Prints what was seen; exits with 1 if there is a problem."""
    from dvcinc.adopt.checks import look_over  # noqa: PLC0415 - inside the command

    checks = look_over(path, online=online)
    if as_json:
        show(render_json.text(_json(checks)))
    else:
        show("\n".join(_lines(checks)))
    if _counted(checks)["problem"]:
        sys.exit(ExitCode.CHECK_SAID_NO)


def _counted(checks: Sequence[Check]) -> Counter[str]:
    return Counter(check.state.value for check in checks)


def _json(checks: Sequence[Check]) -> dict[str, Json]:
    counted = _counted(checks)
    return {
        "schema": SCHEMA,
        "problems": counted["problem"],
        "warnings": counted["warning"],
        "checks": [
            {
                "name": check.name,
                "state": check.state.value,
                "said": check.said,
                "todo": check.todo,
            }
            for check in checks
        ],
    }


def _lines(checks: Sequence[Check]) -> Iterator[str]:
    paint = painter()
    for check in checks:
        state = check.state.value
        shown = paint(f"{state:<8}", _COLOURS[state])
        first, *more = check.said.split("\n")
        yield f"{shown} {check.name:<14} {visible(first)}"
        indent = " " * 24
        yield from (f"{indent}{visible(line)}" for line in more)
        if check.todo:
            yield f"{indent}→ {visible(check.todo)}"
    counted = _counted(checks)
    problems, warnings = counted["problem"], counted["warning"]
    yield f"{plural(problems, 'problem')}, {plural(warnings, 'warning')}"
