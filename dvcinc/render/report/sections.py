"""The sections of a report that measure: a picture each, and the same as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvcinc.lineage.seeds import Seeds
from dvcinc.lineage.story import Story, Told, movers
from dvcinc.render.escape import shown
from dvcinc.render.models import gain
from dvcinc.render.report import by_intent, course
from dvcinc.render.report.axes import Spec
from dvcinc.render.report.details import link
from dvcinc.render.report.elements import Html, element, folded, table
from dvcinc.render.report.graph import Ids
from dvcinc.render.report.picture import picture
from dvcinc.render.report.telling import (
    day,
    metric_names,
    moved,
    score,
    time_said,
    took,
)
from dvcinc.render.words import plural

Titled = tuple[str, Sequence[Html]]
_MOST_METRICS = 12
_MOST_PAIRS = 200
_NO_PLOTS = (
    "is not here: neither Git nor DVC's cache has the plots of these commits "
    "(dvc fetch --all-commits)"
)


def all_of(story: Story, seeds: Seeds | None, known: Ids) -> Iterator[Titled]:
    """The sections in their order."""
    yield "Time, and what was saved", [*_time(story, known)]
    yield "Metrics", [*_metrics(story, seeds, known)]
    yield "Intents that moved", [*_intents(story, known)]
    yield "Confusion", [*_confusion(story)]
    yield "Training data", [*_growth(story, known)]


def _figure(spec: Spec, name: str, said: str) -> Html:
    # It scrolls where a page is narrow, and the keyboard must reach it for that.
    drawn = picture(spec, name, said)
    return element("figure", drawn, tabindex=0, aria_label=said)


def _named(one: Told, known: Ids) -> tuple[Html, str, str]:
    """The first cells of a model's row."""
    return link(one.digest, known), day(one.made), one.record.mode.word


def _time(story: Story, known: Ids) -> Iterator[Html]:
    yield element(
        "p",
        f"Training took {time_said(story.took)} in all. From scratch each time, it "
        f"would have taken {time_said(story.saved)} more, by what the training of each "
        "base is recorded to have taken.",
    )
    said = f"Training time of {plural(len(story.told), 'model')}, with what was saved"
    yield _figure(course.time_spec(story), "time", said)
    rows = [
        (*_named(one, known), took(one), time_said(one.saved))
        for one in reversed(story.told)
    ]
    head = ("model", "day", "mode", "took", "saved")
    yield folded("As a table", table(said, head, rows, words=3))


def _metrics(story: Story, seeds: Seeds | None, known: Ids) -> Iterator[Html]:
    names = metric_names(story)
    if not names:
        yield element("p", "No metrics are recorded.", class_="quiet")
        return
    yield element("p", _noise(seeds), class_="quiet")
    said = f"Metrics of {plural(len(story.told), 'model')}"
    yield _figure(course.metrics_spec(story, names, seeds), "metrics", said)
    told = names[:_MOST_METRICS]
    rows = [
        (*_named(one, known), *(score(one.record.metrics.get(n)) for n in told))
        for one in reversed(story.told)
    ]
    head = ("model", "day", "mode", *map(shown, told))
    yield folded("As a table", table(said, head, rows, words=3))


def _noise(seeds: Seeds | None) -> str:
    """What a difference must exceed to mean anything."""
    if seeds is None or not seeds.spread:
        return (
            "How far a metric moves from seed to seed is not measured: dvcinc compare "
            "--json does that, and --compare FILE shows it here."
        )
    at = seeds.commit[:10] if seeds.commit else "the work tree"
    return (
        f"The band is twice the standard deviation of {seeds.count} trainings from "
        f"scratch that differ in their seed, to either side, as measured at {at}: "
        "what lies within it may be chance."
    )


def _intents(story: Story, known: Ids) -> Iterator[Html]:
    pair = story.last_pair
    found = movers(*pair) if pair else ()
    if pair is None or not found:
        yield element("p", f"F1 by intent {_NO_PLOTS}.", class_="quiet")
        return
    before, after = pair
    yield element(
        "p",
        Html("F1 of each intent in the model before (hollow), "),
        link(before.digest, known),
        Html(", and in the current one (filled), "),
        link(after.digest, known),
        Html(". What other test examples or another seed could do as well is pale."),
    )
    drawn = [one for one in found if one.change]
    if drawn:
        said = f"F1 before and after of the {len(drawn[: by_intent.MOST_MOVERS])} "
        yield _figure(by_intent.movers_spec(drawn), "intents", f"{said}biggest movers")
    rows = [
        (
            shown(one.name),
            score(one.before),
            score(one.after),
            moved(one),
            f"{one.support:,}",
            "noise" if one.is_noise and one.change else "",
        )
        for one in found
    ]
    head = ("intent", "before", "after", "change", "test examples", "remark")
    caption = (
        "F1 by intent; what two test examples or another seed could do is called noise"
    )
    yield folded("All intents as a table", table(caption, head, rows))


def _confusion(story: Story) -> Iterator[Html]:
    confused = story.confused
    if not confused:
        yield element("p", f"The confusion matrix {_NO_PLOTS}.", class_="quiet")
        return
    wrong = story.errors
    errors, whole = sum(count for _, count in wrong), sum(confused.values())
    names = {name for pair in confused for name in pair}
    left = len(names) - by_intent.MOST_CONFUSED
    cut = f" The {by_intent.MOST_CONFUSED} intents with the most errors are shown."
    yield element(
        "p",
        f"The current model takes {errors:,} of {plural(whole, 'test example')} for "
        f"another intent.{cut if left > 0 else ''} Rows are the actual intents, "
        "columns the predicted ones; numbers are errors.",
    )
    said = "Confusion matrix: actual intents in rows, predicted ones in columns"
    yield _figure(by_intent.confusion_spec(confused), "confusion", said)
    rows = [
        (shown(was), shown(guess), f"{count:,}")
        for (was, guess), count in wrong[:_MOST_PAIRS]
    ]
    head = ("actual", "predicted", "examples")
    if rows:
        yield folded("As a table", table("Errors, most first", head, rows, words=2))


def _growth(story: Story, known: Ids) -> Iterator[Html]:
    said = "Training examples, intents and entity types of each model"
    yield _figure(course.growth_spec(story), "growth", said)
    rows = [
        (
            *_named(one, known),
            f"{one.record.data.examples:,}",
            gain(one.record),
            f"{one.base.record.data.examples:,}",
            f"{one.record.data.intents:,}",
            f"{one.record.data.entities:,}",
        )
        for one in reversed(story.told)
    ]
    head = (
        "model",
        "day",
        "mode",
        "examples",
        "since the base",
        "base",
        "intents",
        "entity types",
    )
    yield folded("As a table", table(said, head, rows, words=3))
