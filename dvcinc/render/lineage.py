"""All that is known of one model, as plain text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dvcinc.lineage.find import Found
from dvcinc.lineage.history import Version
from dvcinc.lineage.models import Made
from dvcinc.lineage.record import Record
from dvcinc.render.models import commit_text, model_json
from dvcinc.render.text import COLOURS, Paint, plain
from dvcinc.render.words import duration, plural
from dvcinc.text.visible import visible
from dvcinc.yaml import Json

SHOW = "dvcinc/lineage-show/1"
_ALSO = 5


def lineage(found: Found, paint: Paint = plain) -> str:
    """A model, and the base that it comes from."""
    base = ["", *_made("base", found.base, paint)] if found.base else []
    title = "base" if found.model.is_base else "model"
    model = list(_made(title, found.model, paint))
    if found.breached is not None:
        said = visible(found.breached.breach())
        model.insert(1, f"  {paint('breach', 'red')}:      {said}")
    return "\n".join([*model, *base])


def lineage_json(about: Mapping[str, Json], found: Found) -> dict[str, Json]:
    """A model, and the base that it comes from."""
    return {
        "schema": SHOW,
        **about,
        "model": model_json(found.model),
        "base": model_json(found.base) if found.base else None,
        "breach": found.breached.breach() if found.breached else None,
    }


def _made(title: str, model: Made, paint: Paint) -> Iterator[str]:
    record = model.record
    mode = paint(record.mode.word, COLOURS[record.mode])
    yield f"{paint(title, 'bold')} {visible(record.digest)}"
    yield f"  mode:        {mode}, {visible(record.ran)}"
    if record.parent:
        yield f"  made from:   {visible(record.parent)}"
    yield f"  brought by:  {_commit(model.version)}"
    if model.also:
        more = f", and {len(model.also) - _ALSO:,} more" if model.also[_ALSO:] else ""
        names = [_name(version) for version in model.also[:_ALSO]]
        yield f"  also in:     {', '.join(names)}{more}"
    yield f"  made at:     {visible(record.commit or '–')} (HEAD at that time)"
    yield from _about(record)


def _commit(version: Version) -> str:
    if not version.is_committed:
        return "no commit yet; it lies in the work tree"
    return commit_text(version.commit)


def _name(version: Version) -> str:
    return version.commit.name[:10] or "the work tree"


def _about(record: Record) -> Iterator[str]:
    data = record.data
    yield (
        f"  data:        {plural(data.examples, 'example')}, "
        f"{plural(data.intents, 'intent')}, {plural(data.entities, 'entity type')}"
    )
    if data.added or data.removed:
        yield f"  since base:  +{data.added:,} −{data.removed:,} examples"
    yield f"  cost:        {duration(record.seconds)}, {plural(record.steps, 'step')}"
    yield f"  policy:      preset {visible(record.preset)}"
    yield f"  DVC's hash:  {visible(record.dvc or '–')}"
    for name, value in sorted(record.metrics.items()):
        yield f"  {visible(name) + ':':<20} {value:g}"
    around = ", ".join(f"{k} {v}" for k, v in sorted(record.environment.items()) if v)
    yield f"  made with:   {visible(around)}"
    for reason in record.reasons:
        where = f" ({reason.place})" if reason.place else ""
        yield f"  {visible(f'{reason.code} {reason.text}{where}')}"
    if record.unlearned.count:
        yield f"  not learned: {plural(record.unlearned.count, 'example')}"
    for one in record.unlearned.named:
        yield f"    {visible(f'{one.intent}: {one.text}')}"
