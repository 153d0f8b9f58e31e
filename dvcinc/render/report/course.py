"""Charts of a report in which the models stand in their order: time, metrics, data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dvcinc.lineage.seeds import Seeds
from dvcinc.lineage.story import Story, Told
from dvcinc.render.escape import shown
from dvcinc.render.report.axes import (
    Spec,
    bars_axis,
    coloured,
    line_axis,
    modes_of,
    score_axis,
)
from dvcinc.render.report.picture import WIDTH
from dvcinc.render.report.telling import name, score, time_said, unit
from dvcinc.render.report.theme import colour
from dvcinc.yaml import Json

_MOST_METRICS = 4
_POINTS = 60
"""More points on a line hide each other."""
_GAP = 14
_EXAMPLES = {"examples": "finetune", "examples of the base": "saved"}
_LABELS = {"intents": "scratch", "entity types": "refresh"}


def time_spec(story: Story) -> Spec:
    """A bar for each model, what it took and on top what it saved; its mode below."""
    times = [one.took + max(one.saved or 0.0, 0.0) for one in story.told]
    seconds, named = unit(max(times, default=0.0))
    rows: list[Json] = [
        {"n": n, **row}
        for n, one in enumerate(story.told)
        for row in _times(one, seconds)
    ]
    parts = {**modes_of(story), "saved": "saved"}
    bars: dict[str, Json] = {
        "width": WIDTH,
        "height": 180,
        "data": {"values": rows},
        "mark": {"type": "bar", "strokeWidth": 1},
        "encoding": {
            "x": {**bars_axis(story), "axis": None},
            "y": {
                "field": "time",
                "type": "quantitative",
                "title": named,
                "axis": {"tickCount": 5},
            },
            "fill": coloured(parts),
            "stroke": coloured(parts, told=False),
            "fillOpacity": {
                "condition": {"test": "datum.part == 'saved'", "value": 0.2},
                "value": 1,
            },
            "order": {"field": "order"},
            "description": {"field": "said"},
        },
    }
    return {"vconcat": [bars, _modes(story)], "spacing": 2}


def _modes(story: Story) -> dict[str, Json]:
    """The mode of each model: also of those that took no time."""
    rows: list[Json] = [
        {"n": n, "part": one.record.mode.word, "said": name(one)}
        for n, one in enumerate(story.told)
    ]
    return {
        "width": WIDTH,
        "height": 12,
        "data": {"values": rows},
        "mark": {"type": "rect"},
        "encoding": {
            "x": bars_axis(story),
            "fill": coloured(modes_of(story), told=False),
            "description": {"field": "said"},
        },
    }


def _times(one: Told, seconds: float) -> Iterator[dict[str, Json]]:
    """The parts of a model's bar, in a unit of so many seconds."""
    said = f"{name(one)}: took {time_said(one.took)}"
    if one.took:
        yield {
            "part": one.record.mode.word,
            "time": one.took / seconds,
            "said": said,
            "order": 0,
        }
    if one.saved is not None and one.saved > 0:
        yield {
            "part": "saved",
            "time": one.saved / seconds,
            "said": f"{said}, saved {time_said(one.saved)}",
            "order": 1,
        }


def metrics_spec(story: Story, names: Sequence[str], seeds: Seeds | None) -> Spec:
    """A panel for each main metric; a band where the spread over seeds is known."""
    spread = seeds.spread if seeds else {}
    panels: list[Json] = [
        _metric(story, metric, spread.get(metric, 0.0))
        for metric in names[:_MOST_METRICS]
    ]
    return {"vconcat": panels, "spacing": _GAP}


def _metric(story: Story, metric: str, spread: float) -> dict[str, Json]:
    rows: list[Json] = [
        {
            "n": n,
            "value": value,
            "low": value - 2 * spread,
            "high": value + 2 * spread,
            "part": one.record.mode.word,
            "said": f"{name(one)}: {score(value)}",
        }
        for n, one in enumerate(story.told)
        if (value := one.record.metrics.get(metric)) is not None
    ]
    band: dict[str, Json] = {
        "mark": {"type": "area", "color": colour("saved"), "opacity": 0.3},
        "encoding": {"y": score_axis("low"), "y2": {"field": "high"}},
    }
    line: dict[str, Json] = {
        "mark": {"type": "line", "color": colour("muted"), "strokeWidth": 1},
        "encoding": {"y": score_axis("value")},
    }
    points: dict[str, Json] = {
        "mark": _points(50 if len(rows) <= _POINTS else 18),
        "encoding": {
            "y": score_axis("value"),
            "color": coloured(modes_of(story), told=False),
            "description": {"field": "said"},
        },
    }
    return {
        "width": WIDTH,
        "height": 90,
        "title": shown(metric),
        "data": {"values": rows},
        "encoding": {"x": line_axis(story)},
        "layer": [*([band] if spread else []), line, points],
    }


def _points(size: int) -> Json:
    return {"type": "point", "filled": True, "size": size, "opacity": 1}


def growth_spec(story: Story) -> Spec:
    """How many examples, intents and entity types the models were trained on."""
    panels: list[Json] = [
        _counted(story, _EXAMPLES, 150),
        _counted(story, _LABELS, 80),
    ]
    resolved: Json = {"scale": {"color": "independent"}}
    return {"vconcat": panels, "spacing": _GAP, "resolve": resolved}


def _counted(story: Story, parts: Mapping[str, str], height: int) -> dict[str, Json]:
    rows: list[Json] = [
        {"n": n, "part": part, "count": count, "said": f"{name(one)}: {count:,} {part}"}
        for n, one in enumerate(story.told)
        for part, count in _counts(one).items()
        if part in parts
    ]
    line: Json = {
        "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2}
    }
    points: Json = {
        "mark": _points(25),
        "encoding": {"description": {"field": "said"}},
    }
    return {
        "width": WIDTH,
        "height": height,
        "data": {"values": rows},
        "encoding": {
            "x": line_axis(story),
            "y": {**score_axis("count"), "axis": {"tickCount": 4}},
            "color": coloured(parts),
        },
        "layer": [line, *([points] if len(story.told) <= _POINTS else [])],
    }


def _counts(one: Told) -> Mapping[str, int]:
    data, base = one.record.data, one.base.record.data
    return {
        "examples": data.examples,
        "examples of the base": base.examples,
        "intents": data.intents,
        "entity types": data.entities,
    }
