"""What is told of each model and base: commit, reasons, data, cost, metrics."""

from __future__ import annotations

from collections.abc import Iterator

from dvcinc.lineage.models import Made
from dvcinc.lineage.record import Record
from dvcinc.lineage.story import Mover, Story, Told, movers
from dvcinc.render.escape import shown
from dvcinc.render.models import MAIN, gain, short
from dvcinc.render.report.elements import SPACE, Html, element, joined, terms
from dvcinc.render.report.graph import Ids
from dvcinc.render.report.telling import (
    change,
    commit,
    day,
    moved,
    score,
    time_said,
    took,
)
from dvcinc.render.report.theme import of_mode
from dvcinc.render.words import plural

_REASONS, _MOVERS, _METRICS = 5, 3, 4
_NAME = 40


def details(story: Story, known: Ids) -> Html:
    """All of them, newest first; each opens on a click."""
    models = (_model(one, story, known) for one in reversed(story.told))
    bases = (_base(base, story, known) for base in story.bases.values())
    return joined(
        (
            element("div", *models, class_="models"),
            element("h3", "Bases"),
            element("div", *bases, class_="models"),
        )
    )


def _model(one: Told, story: Story, known: Ids) -> Html:
    record, at = one.record, one.made.version.commit
    before = story.before(one)
    pairs = (
        ("commit", _commit(one.made)),
        ("mode", f"{record.mode.word}, {record.ran}"),
        ("base", link(one.base.digest, known)),
        ("before it", _joined(link(digest, known) for digest in one.before)),
        ("examples", f"{record.data.examples:,}, {gain(record)} since the base"),
        ("labels", _labels(record)),
        ("took", took(one)),
        ("saved", "" if one.saved is None else time_said(one.saved)),
        ("metrics", _metrics(record, before)),
        ("biggest movers", _movers(movers(before, one) if before else ())),
        ("also in", plural(len(one.made.also), "commit") if one.made.also else ""),
        ("not learned", _unlearned(record)),
        ("made with", _environment(record)),
    )
    mark = element("span", record.mode.word, class_=f"mode {of_mode(record.mode)}")
    summary = (
        day(one.made),
        SPACE,
        _digest(one.digest),
        SPACE,
        mark,
        SPACE,
        shown(at.subject),
    )
    return element(
        "details",
        element("summary", *summary),
        element("div", terms(pairs), _reasons(record)),
        id=known.models[one.digest],
    )


def _base(base: Made, story: Story, known: Ids) -> Html:
    record = base.record
    made = [one for one in story.told if one.base.digest == base.digest]
    pairs = (
        ("commit", _commit(base)),
        ("examples", f"{record.data.examples:,}"),
        ("labels", _labels(record)),
        ("took", f"{time_said(record.seconds)}, {plural(record.steps, 'step')}"),
        ("models", _joined(link(one.digest, known) for one in made)),
        ("saved by them", time_said(sum(one.saved or 0.0 for one in made))),
        ("made with", _environment(record)),
    )
    summary = (day(base), SPACE, "base", SPACE, _digest(base.digest))
    return element(
        "details",
        element("summary", *summary),
        element("div", terms(pairs), _reasons(record)),
        id=known.bases[base.digest],
    )


def _joined(parts: Iterator[Html]) -> Html:
    return Html(", ".join(parts))


def _digest(digest: str) -> Html:
    return element("code", short(digest))


def link(digest: str, known: Ids) -> Html:
    """A link to what is told of a model or base; plain where it is not told of."""
    name = known.models.get(digest) or known.bases.get(digest)
    said = _digest(digest)
    return element("a", said, href=f"#{name}") if name else said


def _commit(made: Made) -> Html:
    at = made.version.commit
    said: tuple[str, ...] = (element("code", commit(made)),)
    if at.name:
        said += (Html(" by "), shown(at.author))
    return joined(said)


def _labels(record: Record) -> str:
    data = record.data
    return f"{plural(data.intents, 'intent')}, {plural(data.entities, 'entity type')}"


def _metrics(record: Record, before: Told | None) -> str:
    known = record.metrics
    was = before.record.metrics if before else {}
    names = [name for name in MAIN if name in known] or sorted(known)
    return ", ".join(
        f"{name} {score(known[name])}"
        + (f" ({change(was[name], known[name])})" if name in was else "")
        for name in names[:_METRICS]
    )


def _movers(found: tuple[Mover, ...]) -> str:
    told = [one for one in found[:_MOVERS] if one.change]
    return ", ".join(f"{shown(one.name, _NAME)} {moved(one)}" for one in told)


def _unlearned(record: Record) -> str:
    count = record.unlearned.count
    return plural(count, "example") if count else ""


def _environment(record: Record) -> str:
    return ", ".join(f"{k} {v}" for k, v in sorted(record.environment.items()) if v)


def _reasons(record: Record) -> Html:
    """Why it was made: what the commit changed, as the rules judge it."""
    items = [
        element(
            "li",
            element("code", reason.code),
            SPACE,
            shown(reason.text),
            *(
                (Html(" <small>"), shown(reason.place), Html("</small>"))
                if reason.place
                else ()
            ),
        )
        for reason in record.reasons[:_REASONS]
    ]
    left = len(record.reasons) - len(items)
    more = [element("li", f"and {left:,} more")] if left else []
    return element("ul", *items, *more, class_="reasons") if items else Html("")
