"""What lies between two models: text for a terminal, Markdown, JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dvcinc.lineage.between import Between, Data, Tracked
from dvcinc.lineage.measured import Pair
from dvcinc.lineage.models import Made
from dvcinc.plan.document import reason_json
from dvcinc.render.escape import code, prose, row
from dvcinc.render.models import cost, gain, model_json, short
from dvcinc.render.text import COLOURS, Paint, plain
from dvcinc.render.words import places
from dvcinc.snapshot.dvcouts import Out
from dvcinc.text.visible import visible
from dvcinc.yaml import Json

DIFF = "dvcinc/lineage-diff/1"


def text(found: Between, paint: Paint = plain) -> Iterator[str]:
    """Lines, under a title for each part that has any."""
    for title, made in (("old", found.old), ("new", found.new)):
        mode = paint(made.record.mode.word, COLOURS[made.record.mode])
        said = f"{short(made.digest)} {mode}, {visible(_about(made))}"
        yield f"{paint(title, 'bold')}  {said}"
    for title, lines in (
        ("data", [_counts(found), *_intents(found.data), *_tracked(found.tracked)]),
        ("changes", [visible(line) for line in _changes(found.data)]),
        ("metrics", [*_metrics(found.metrics)]),
        ("made with", [_words(*cells) for cells in _circumstances(found)]),
    ):
        if lines:
            yield ""
            yield paint(title, "bold")
            yield from (f"  {line}" for line in lines)


def _about(made: Made) -> str:
    commit = made.version.commit
    where = f"{commit.name[:10]} {commit.date}" if commit.name else "not committed yet"
    return f"{gain(made.record)}, {cost(made)}, {where}"


def _counts(found: Between) -> str:
    was, now = found.old.record.data, found.new.record.data
    pairs = (
        ("examples", was.examples, now.examples),
        ("intents", was.intents, now.intents),
        ("entity types", was.entities, now.entities),
    )
    return ", ".join(f"{old:,} → {new:,} {name}" for name, old, new in pairs)


def _intents(data: Data | None) -> Iterator[str]:
    for one in data.intents if data else ():
        yield f"{visible(one.name)}: +{one.added:,} −{one.removed:,}"


def _tracked(found: Sequence[Tracked]) -> Iterator[str]:
    for one in found:
        yield f"{visible(one.path)}, by DVC: {_out(one.before)} → {_out(one.after)}"


def _out(out: Out | None) -> str:
    if out is None:
        return "not there"
    files = "" if out.nfiles is None else f", {out.nfiles:,} files"
    size = "" if out.size is None else f" ({out.size:,} bytes{files})"
    return f"{out.md5[:8]}{size}"


def _changes(data: Data | None) -> Iterator[str]:
    if data is None:
        return
    for reason in data.changes:
        where = f" ({places(reason.places)})" if reason.places else ""
        yield f"{reason.code} {reason.text}{where}"
    yield from data.policy


def _metrics(found: Sequence[Pair]) -> Iterator[str]:
    moved = [pair for pair in found if pair.before != pair.after]
    yield from map(_metric, moved)
    if same := len(found) - len(moved):
        yield f"{same} of {len(found)} are equal"


def _metric(pair: Pair) -> str:
    said = _words(pair.name, _number(pair.before), _number(pair.after))
    return f"{said}{_moved(pair)}"


def _words(name: str, before: str | None, after: str | None) -> str:
    return visible(f"{name + ':':<24} {before or '–'} → {after or '–'}")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _moved(pair: Pair) -> str:
    if pair.before is None or pair.after is None or pair.before == pair.after:
        return ""
    return f" ({pair.after - pair.before:+.4g})".replace("-", "−")


def _circumstances(found: Between) -> list[tuple[str, str | None, str | None]]:
    return [(one.name, one.before, one.after) for one in found.circumstances]


def markdown(found: Between) -> Iterator[str]:
    """Tables; whatever people wrote is escaped."""
    yield row("", "old", "new")
    yield "|---|---|---|"
    both = (found.old, found.new)
    yield row("model", *(code(short(made.digest)) for made in both))
    yield row("mode", *(made.record.mode.word for made in both))
    yield row("made", *(prose(_about(made)) for made in both))
    for name, before, after in _circumstances(found):
        yield row(code(name), code(before or "–"), code(after or "–"))
    for pair in found.metrics:
        after = f"{_number(pair.after)}{_moved(pair)}"
        yield row(code(pair.name), _number(pair.before), after)
    yield ""
    yield f"Data: {_counts(found)}."
    lines = [*_tracked(found.tracked), *_changes(found.data)]
    if lines:
        yield ""
        yield from (f"- {prose(line)}" for line in lines)
    if found.data and found.data.intents:
        yield ""
        yield row("intent", "added", "removed")
        yield "|---|---:|---:|"
        for one in found.data.intents:
            yield row(code(one.name), f"+{one.added:,}", f"−{one.removed:,}")


def diff_json(about: Mapping[str, Json], found: Between) -> dict[str, Json]:
    """The whole of it."""
    data = found.data
    return {
        "schema": DIFF,
        **about,
        "old": model_json(found.old),
        "new": model_json(found.new),
        "data": None if data is None else _data_json(data),
        "tracked": [_tracked_json(one) for one in found.tracked],
        "metrics": [
            {"name": pair.name, "before": pair.before, "after": pair.after}
            for pair in found.metrics
        ],
        "circumstances": [
            {"name": name, "before": before, "after": after}
            for name, before, after in _circumstances(found)
        ],
        "unknown": [*found.problems],
    }


def _data_json(data: Data) -> dict[str, Json]:
    return {
        "intents": [
            {"name": one.name, "added": one.added, "removed": one.removed}
            for one in data.intents
        ],
        "changes": [reason_json(reason) for reason in data.changes],
        "policy": [*data.policy],
    }


def _tracked_json(one: Tracked) -> dict[str, Json]:
    return {
        "path": one.path,
        "before": _out_json(one.before),
        "after": _out_json(one.after),
    }


def _out_json(out: Out | None) -> dict[str, Json] | None:
    if out is None:
        return None
    said: dict[str, Json] = {"md5": out.md5, "size": out.size, "nfiles": out.nfiles}
    return {**said, "pointer": out.pointer}
