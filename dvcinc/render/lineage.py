"""A lineage as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from dvcinc.lineage.record import Lineage, Record
from dvcinc.lineage.verified import Verified
from dvcinc.render.text import COLOURS, Paint, plain
from dvcinc.render.words import duration, plural
from dvcinc.text.visible import visible


def lineage(
    found: Lineage, paint: Paint = plain, breached: Verified | None = None
) -> str:
    """A lineage: the model that is served, and the base that it comes from.

    Args:
        found: The lineage.
        paint: Paints a text in a style.
        breached: The report of the stage `verify`, if the model lost too much.
    """
    model = list(_record("model", found.model, paint))
    if breached is not None:
        mark = f"  {paint('breach', 'red')}:      {visible(breached.breach())}"
        model.insert(1, mark)
    return "\n".join([*model, "", *_record("base", found.base, paint)])


def _record(title: str, record: Record, paint: Paint) -> Iterator[str]:
    mode = paint(record.mode.word, COLOURS[record.mode])
    yield f"{paint(title, 'bold')} {visible(record.digest)}"
    yield f"  mode:        {mode}, {visible(record.ran)}"
    if record.parent:
        yield f"  parent:      {visible(record.parent)}"
    yield f"  commit:      {visible(record.commit or '–')} (at HEAD while it was made)"
    data = record.data
    yield (
        f"  data:        {plural(data.examples, 'example')}, "
        f"{plural(data.intents, 'intent')}, {plural(data.entities, 'entity type')}"
    )
    if data.added or data.removed:
        yield f"  since base:  +{data.added:,} −{data.removed:,} examples"
    yield f"  cost:        {duration(record.seconds)}, {plural(record.steps, 'step')}"
    for name, value in sorted(record.metrics.items()):
        yield f"  {visible(name) + ':':<20} {value:g}"
    around = ", ".join(f"{k} {v}" for k, v in sorted(record.environment.items()) if v)
    yield f"  made with:   {visible(around)}"
    for reason in record.reasons:
        where = f" ({reason.place})" if reason.place else ""
        yield f"  {paint(visible(reason.code), 'bold')} {visible(reason.text + where)}"
