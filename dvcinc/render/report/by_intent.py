"""Charts of a report in which intents stand: those that moved, and the confused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from dvcinc.lineage.story import Mover
from dvcinc.render.escape import shown
from dvcinc.render.report.axes import Spec, coloured, labels, names_axis
from dvcinc.render.report.picture import WIDTH
from dvcinc.render.report.telling import moved, score
from dvcinc.render.report.theme import colour
from dvcinc.yaml import Json

Confused = Mapping[tuple[str, str], int]
MOST_MOVERS, MOST_CONFUSED = 20, 30
DARKEST = 0.6
"""How opaque a cell is at most: numbers in it must be read."""
_PALE = 0.35
_NAMES = 200
"""What the names of intents take of the width."""


def movers_spec(found: Sequence[Mover]) -> Spec:
    """F1 before (hollow) and after as two ends of a line, the biggest mover on top."""
    shown_ones = found[:MOST_MOVERS]
    named = labels([one.name for one in shown_ones])
    rows: list[Json] = [
        {
            "name": label,
            "before": one.before,
            "after": one.after,
            "part": "up" if one.change > 0 else "down",
            "pale": one.is_noise,
            "said": f"{shown(one.name)}: {score(one.before)} to {score(one.after)}, "
            f"{moved(one)}",
        }
        for label, one in zip(named, shown_ones, strict=True)
    ]
    ends: dict[str, Json] = {"type": "point", "size": 60}
    hollow: dict[str, Json] = {**ends, "fill": colour("page")}
    return {
        "width": WIDTH - _NAMES,
        "height": {"step": 20},
        "data": {"values": rows},
        "encoding": {
            "y": names_axis("name", named),
            "color": coloured({"up": "finetune", "down": "scratch"}),
            "opacity": {
                "condition": {"test": "datum.pale", "value": _PALE},
                "value": 1,
            },
            "description": {"field": "said"},
        },
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 3},
                "encoding": {"x": _f1("before"), "x2": {"field": "after"}},
            },
            {"mark": hollow, "encoding": {"x": _f1("before")}},
            {"mark": {**ends, "filled": True}, "encoding": {"x": _f1("after")}},
        ],
    }


def _f1(field: str) -> Json:
    scale: Json = {"zero": False}
    return {"field": field, "type": "quantitative", "title": "F1", "scale": scale}


def most_confused(confused: Confused) -> tuple[str, ...]:
    """The intents that take part in the most errors, by name."""
    errors: Counter[str] = Counter()
    for (was, guess), count in confused.items():
        for intent in {was, guess}:
            errors[intent] += count if was != guess else 0
    first = sorted(errors, key=lambda intent: (-errors[intent], intent))
    return tuple(sorted(first[:MOST_CONFUSED]))


def confusion_spec(confused: Confused) -> Spec:
    """What each intent was taken for: the darker, the larger its share."""
    names = most_confused(confused)
    named = dict(zip(names, labels(names), strict=True))
    rows: list[Json] = [*_cells(confused, named)]
    columns = names_axis("guess", [*named.values()])
    columns["axis"] = {
        "domain": False,
        "ticks": False,
        "labelAngle": -60,
        "orient": "top",
    }
    share: Json = {
        "field": "share",
        "type": "quantitative",
        "legend": None,
        "scale": {"domain": [0, 1], "range": [0.2, DARKEST]},
    }
    return {
        "width": {"step": 20},
        "height": {"step": 20},
        "data": {"values": rows},
        "encoding": {"x": columns, "y": names_axis("was", [*named.values()])},
        "layer": [
            {
                "mark": {"type": "rect"},
                "encoding": {
                    "color": coloured({"right": "finetune", "wrong": "scratch"}),
                    "opacity": share,
                    "description": {"field": "said"},
                },
            },
            {
                "transform": [{"filter": "datum.part == 'wrong'"}],
                "mark": {"type": "text", "fontSize": 10, "color": colour("text")},
                "encoding": {"text": {"field": "count"}},
            },
        ],
    }


def _cells(confused: Confused, named: Mapping[str, str]) -> Iterator[Json]:
    whole: Counter[str] = Counter()
    for (was, _), count in confused.items():
        whole[was] += count
    for (was, guess), count in sorted(confused.items()):
        if was in named and guess in named:
            yield {
                "was": named[was],
                "guess": named[guess],
                "count": count,
                "share": count / whole[was],
                "part": "right" if was == guess else "wrong",
                "said": f"{shown(was)} taken for {shown(guess)}: "
                f"{count} of {whole[was]}",
            }
