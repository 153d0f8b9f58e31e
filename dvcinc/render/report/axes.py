"""What the charts of a report share: axes of models and of names, colours of parts.

Fields have names of our own; what people wrote is data, never an expression.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from dvcinc.config import Mode
from dvcinc.lineage.story import Story
from dvcinc.render.escape import shown
from dvcinc.render.report.theme import colour, of_mode
from dvcinc.yaml import Json

Spec = Mapping[str, Json]
"""A chart of Vega-Lite's, or a part of one."""
_TICKS = 8
_LABEL = 40
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def bars_axis(story: Story) -> dict[str, Json]:
    """The models in their order, a band for each."""
    domain: list[Json] = [*range(len(story.told))]
    axis = _days(story)
    return {"field": "n", "type": "ordinal", "axis": axis, "scale": {"domain": domain}}


def line_axis(story: Story) -> dict[str, Json]:
    """The models in their order, on the same places as bars."""
    domain: list[Json] = [-0.5, max(len(story.told) - 0.5, 0.5)]
    scale: dict[str, Json] = {"domain": domain, "nice": False}
    return {"field": "n", "type": "quantitative", "axis": _days(story), "scale": scale}


def _days(story: Story) -> dict[str, Json]:
    """Some of the models' days, below them."""
    days = [one.made.version.commit.date for one in story.told]
    every = max(1, -(-len(days) // _TICKS))
    values: list[Json] = [*range(0, len(days), every)]
    # The days alone are data in an expression: they hold digits and dashes.
    named = {str(n): d if _DAY.fullmatch(d) else "now" for n, d in enumerate(days)}
    return {
        "values": values,
        "labelExpr": f"{json.dumps(named)}[datum.value]",
        "labelAngle": 0,
        "labelOverlap": True,
        "grid": False,
        "title": None,
    }


def score_axis(field: str) -> dict[str, Json]:
    """A metric, on as little of its range as is needed."""
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "scale": {"zero": False},
        "axis": {"tickCount": 4, "format": ".3f"},
    }


def names_axis(field: str, domain: Sequence[str]) -> dict[str, Json]:
    """Names in their order."""
    values: list[Json] = [*domain]
    return {
        "field": field,
        "type": "ordinal",
        "title": None,
        "scale": {"domain": values, "paddingInner": 0.06},
        "axis": {"domain": False, "ticks": False},
    }


def labels(names: Sequence[str]) -> list[str]:
    """Names as short as an axis has room for, no two of them alike."""
    found: list[str] = []
    for intent in names:
        label = shown(intent, _LABEL) or "(blank)"
        while label in found:
            label += "\N{PRIME}"
        found.append(label)
    return found


def coloured(parts: Mapping[str, str], *, told: bool = True) -> dict[str, Json]:
    """The field `part` in colours of the theme, by name; with a legend if `told`."""
    domain: list[Json] = [*parts]
    drawn: list[Json] = [colour(name) for name in parts.values()]
    return {
        "field": "part",
        "type": "nominal",
        "scale": {"domain": domain, "range": drawn},
        "legend": {"direction": "horizontal"} if told else None,
    }


def modes_of(story: Story) -> dict[str, str]:
    """The modes of a story's models, and the colours' names."""
    there = {one.record.mode for one in story.told}
    return {mode.word: of_mode(mode) for mode in reversed(Mode) if mode in there}
