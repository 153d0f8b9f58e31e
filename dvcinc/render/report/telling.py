"""The words of a report that page, charts and Markdown share."""

from __future__ import annotations

from collections.abc import Sequence

from dvcinc.lineage.models import Made
from dvcinc.lineage.story import Mover, Story, Told
from dvcinc.render.escape import shown
from dvcinc.render.models import MAIN, short
from dvcinc.render.words import duration, plural

_HOUR_S, _MINUTE_S = 3600.0, 60.0
_UNITS = ((_HOUR_S, "hours"), (_MINUTE_S, "minutes"))
NOT_KNOWN = "–"


def time_said(seconds: float | None) -> str:
    """Seconds, or that nobody knows."""
    if seconds is None:
        return NOT_KNOWN
    if seconds < 0:
        return f"−{time_said(-seconds)}"
    if seconds < _HOUR_S:
        return duration(seconds)
    hours, minutes = divmod(round(seconds / _MINUTE_S), 60)
    return f"{hours:,} h {minutes:02d} min"


def unit(longest: float) -> tuple[float, str]:
    """Seconds in the unit in which such a time is told best, and its name."""
    return next(((n, s) for n, s in _UNITS if longest >= 2 * n), (1.0, "seconds"))


def day(made: Made) -> str:
    """When a model was committed."""
    return made.version.commit.date or "not committed"


def commit(made: Made) -> str:
    """The commit that brought a model."""
    return made.version.commit.name[:10] or "work tree"


def name(one: Told) -> str:
    """A model in a few words, for a chart's tooltip or a screen reader."""
    return f"{one.record.mode.word} {short(one.digest)}, {day(one.made)}"


def took(one: Told) -> str:
    """What a model took, or what was done instead."""
    return time_said(one.took) if one.took else shown(one.record.ran)


def score(value: float | None) -> str:
    """A metric."""
    return NOT_KNOWN if value is None else f"{value:.3f}"


def change(before: float | None, after: float | None) -> str:
    """What a metric gained or lost."""
    if before is None or after is None:
        return NOT_KNOWN
    return f"{after - before:+.3f}".replace("-", "−")


def moved(one: Mover) -> str:
    """How an intent's F1 has changed."""
    if one.before is None:
        return "new"
    return "gone" if one.after is None else change(one.before, one.after)


def metric_names(story: Story) -> tuple[str, ...]:
    """The metrics that any model has, the main ones first."""
    found = {name for one in story.told for name in one.record.metrics}
    main = [name for name in MAIN if name in found]
    return (*main, *sorted(found.difference(main)))


def without(story: Story) -> str:
    """What is said of a history that tells of no model."""
    if story.missing:
        return "No model of this history can be told of."
    return "No model is recorded yet: dvc repro writes lineage.json; commit it."


def headline(story: Story) -> Sequence[tuple[str, str]]:
    """What people want to know first: pairs of a word and what is said of it."""
    tuned = sum(one.saved is not None for one in story.told)
    said = [
        ("models", f"{len(story.told):,}"),
        ("bases", f"{len(story.bases):,}"),
        ("training took", time_said(story.took)),
        ("saved against training from scratch", time_said(story.saved)),
        ("without training from scratch", plural(tuned, "model")),
    ]
    if story.current:
        record = story.current.record
        said.append(("examples", f"{record.data.examples:,}"))
        said += [(n, score(record.metrics[n])) for n in MAIN if n in record.metrics][:2]
    return said
