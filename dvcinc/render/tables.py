"""The tables of a comment: examples by intent, metrics before and after."""

from __future__ import annotations

from collections.abc import Iterator

from dvcinc.lineage.measured import MIN_DROP
from dvcinc.render.document import Document, IntentSaid, MetricSaid, MetricsSaid
from dvcinc.render.escape import code, row
from dvcinc.render.sections import Section, folded
from dvcinc.render.words import plural

_OPEN_ROWS = 12
"""A longer table is folded."""


def intents(document: Document) -> Iterator[Section]:
    """How many examples of each intent come and go."""
    found = document.intents
    if not found:
        return
    head = (row("intent", "added", "removed", "now"), "|---|---:|---:|---:|")
    section = Section(
        title="intents",
        rank=4,
        lead="\n".join(head),
        items=tuple(map(_intent, found)),
        more=lambda count: row(f"… and {count:,} more", "", "", ""),
        already=document.left_off.intents,
    )
    added, removed = (
        sum(getattr(one, side) for one in found) for side in ("added", "removed")
    )
    count = plural(len(found) + document.left_off.intents, "intent")
    title = f"Examples by intent: +{added:,} −{removed:,} in {count}"
    yield _titled(section, title)


def _intent(intent: IntentSaid) -> str:
    gone = " (gone)" if not intent.now else ""
    return row(
        f"{code(intent.name)}{gone}",
        f"+{intent.added:,}" if intent.added else "",
        f"−{intent.removed:,}" if intent.removed else "",
        f"{intent.now:,}",
    )


def metrics(found: MetricsSaid) -> Iterator[Section]:
    """Metrics before and after: overall, then by intent, touched ones first."""
    head = (row("metric", "before", "after", "change"), "|---|---:|---:|---:|")
    said = f"\n\n{_worse(found)}" if found.intents else ""
    yield Section(
        title="metrics",
        rank=3,
        lead="\n".join(("**Metrics before and after**\n", *head)),
        items=tuple(row(code(one.name), *_change(one)) for one in found.overall),
        tail=said,
        more=lambda count: row(f"… and {count:,} more", "", "", ""),
    )
    if found.intents:
        yield _by_intent(found)


def _by_intent(found: MetricsSaid) -> Section:
    names = ("intent", "F1 before", "after", "change", "test examples", "")
    section = Section(
        title="metrics by intent",
        rank=5,
        lead="\n".join((row(*names), "|---|---:|---:|---:|---:|---|")),
        items=tuple(map(_measured, found.intents)),
        more=lambda count: row(f"… and {count:,} more", "", "", "", "", ""),
    )
    return _titled(section, f"F1 of {plural(len(found.intents), 'intent')}")


def _worse(found: MetricsSaid) -> str:
    """The verdict on what was not to change, with its threshold."""
    if not found.paired:
        return (
            "Whether untouched intents got worse cannot be told: both sides' answers "
            "to the same tests are not at hand."
        )
    count = sum(metric.worse for metric in found.intents)
    threshold = f"F1 down by more than {MIN_DROP}, and by more than chance"
    if not count:
        return f"No untouched intent got worse ({threshold})."
    verb = "intent got" if count == 1 else "intents got"
    return f"⚠️ {count:,} untouched {verb} worse ({threshold})."


def _measured(metric: MetricSaid) -> str:
    note = "touched" if metric.touched else "⚠️ worse" if metric.worse else ""
    return row(code(metric.name), *_change(metric), f"{metric.support:,}", note)


def _change(metric: MetricSaid) -> tuple[str, str, str]:
    before, after = metric.before, metric.after
    if before is None or after is None:
        return _number(before), _number(after), ""
    digits = 0 if _is_whole(before) and _is_whole(after) else 3
    said = f"{after - before:+,.{digits}f}".replace("-", "−")
    # What rounds to nothing has no sign.
    is_seen = any(digit in said for digit in "123456789")
    return _number(before), _number(after), said if is_seen else "="


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    said = f"{value:,.0f}" if _is_whole(value) else f"{value:,.3f}"
    return said.replace("-", "−")


def _is_whole(value: float) -> bool:
    """Whether a metric counts something; 0 and 1 may be shares."""
    return float(value).is_integer() and abs(value) > 1


def _titled(section: Section, title: str) -> Section:
    if len(section.items) > _OPEN_ROWS:
        return folded(section, title)
    lead = f"**{title}**\n\n{section.lead}"
    return Section(
        title=section.title,
        rank=section.rank,
        lead=lead,
        items=section.items,
        tail=section.tail,
        more=section.more,
        already=section.already,
    )
