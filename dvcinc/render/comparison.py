"""A comparison of both ways of training to a page: verdict, numbers, examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import fmean, stdev

from dvcinc.comparison.churn import Churn, Churns, Split
from dvcinc.comparison.noise import APART, Judged, Verdict
from dvcinc.comparison.result import (
    FEW_TESTS,
    MIN_SUPPORT,
    Bill,
    Comparison,
    IntentJudged,
)
from dvcinc.comparison.trial import Answer, wanted
from dvcinc.render.headline import colour, headline, name_of, percent, signed
from dvcinc.render.page import Page, Quoted, Strip, Table
from dvcinc.render.words import duration, plural, source

_MOST_INTENTS, _MOST_SPLITS = 10, 20
_BOTH = ("fine-tuned", "from scratch")


def page_of(found: Comparison) -> Page:
    """All that is told of a comparison."""
    return Page(
        title=headline(found),
        colour=colour(found),
        lead=tuple(_lead(found)),
        strips=tuple(map(_strip, found.judged)),
        tables=tuple(_tables(found)),
    )


def _lead(found: Comparison) -> Iterator[tuple[str, tuple[str, ...]]]:
    about = found.about
    yield "data", (Quoted(source(about.source, about.commit)),)
    yield (
        "base",
        (Quoted(about.base_name), f", {plural(about.base_examples, 'example')}"),
    )
    yield "delta", (f"+{about.added:,} −{about.removed:,} examples",)
    yield "test", (_tests(found),)
    ways, seeds = found.churns.ways, found.churns.seeds
    if found.is_restless and ways and seeds:
        between = f"{percent(ways.answers)} of the answers"
        other = f"with another seed {percent(seeds.answers)}"
        yield "churn", (f"from scratch {between} are other ones, {other}",)
    yield "seeds", (", ".join(map(str, about.seeds)),)
    left = sum(found.unlearned)
    if left:
        yield "unlearned", (f"{left:,} of the delta, over all seeds",)


def _tests(found: Comparison) -> str:
    said = f"{plural(found.tests, 'example')}, the same for all models"
    if not (found.has_few_tests and found.verdict is Verdict.WITHIN):
        return said
    one = percent(1 / max(found.tests, 1))
    return f"{said}; under {FEW_TESTS} tell little: one more that fails is {one}"


def _tables(found: Comparison) -> Iterator[Table]:
    yield _quality(found)
    if found.finetune.spent and found.scratch.spent:
        yield _cost(found.finetune, found.scratch)
    yield _churn(found.churns)
    if any(one.measure.difference for one in found.intents):
        yield _intents(found.intents)
    if found.splits:
        yield _splits(found.splits, len(found.about.seeds))


# --- quality ------------------------------------------------------------------------


def _quality(found: Comparison) -> Table:
    return Table(
        title="Quality",
        head=("", "base", *_BOTH, "difference", "90 % interval", "noise", "verdict"),
        rows=tuple(map(_judged, found.judged)),
        note=(
            "Mean ± standard deviation over the seeds. Noise: two trainings from "
            f"scratch may lie so far apart ({APART:.2f} standard deviations). Within "
            "noise: the whole interval loses less. Worse: the mean loses more, and not "
            "by chance."
        ),
    )


def _judged(one: Judged) -> tuple[str, ...]:
    measure = one.measure
    interval = noise = "–"
    if one.low is not None and one.high is not None and one.margin is not None:
        interval = f"{signed(one.low)} … {signed(one.high)}"
        noise = f"{one.margin:.3f}"
    return (
        name_of(one),
        _spread(measure.base),
        _spread(measure.tuned),
        _spread(measure.scratch),
        signed(measure.difference),
        interval,
        noise,
        one.verdict.value,
    )


def _strip(one: Judged) -> Strip:
    measure = one.measure
    values = (measure.base, measure.tuned, measure.scratch)
    groups = zip(("base", *_BOTH), values, strict=True)
    return Strip(title=name_of(one), groups=tuple(groups))


def _spread(values: Sequence[float]) -> str:
    if not values:
        return "–"
    mean = f"{fmean(values):.3f}"
    return f"{mean} ± {stdev(values):.3f}" if len(values) > 1 else mean


# --- cost ---------------------------------------------------------------------------


def _cost(finetune: Bill, scratch: Bill) -> Table:
    return Table(
        title="Cost of one training",
        head=("", *_BOTH, "share"),
        rows=(
            _bill("time", finetune.seconds, scratch.seconds, duration),
            _bill("CPU time", finetune.cpu_seconds, scratch.cpu_seconds, duration),
            _bill("steps", finetune.steps, scratch.steps, lambda n: f"{n:,.0f}"),
            _bill("peak memory", finetune.peak_bytes, scratch.peak_bytes, _mebibytes),
        ),
        note="Each in a process of its own; CPU time and memory with its imports.",
    )


def _bill(
    name: str, tuned: float, scratch: float, say: Callable[[float], str]
) -> tuple[str, ...]:
    share = f"{100 * tuned / scratch:.0f} %" if scratch else "–"
    return (name, say(tuned), say(scratch), share)


def _mebibytes(count: float) -> str:
    return f"{count / (1 << 20):,.0f} MiB"


# --- churn --------------------------------------------------------------------------


def _churn(found: Churns) -> Table:
    rows = (
        ("fine-tuned / from scratch", found.ways),
        ("from scratch / another seed", found.seeds),
        ("base / fine-tuned", found.tuning),
        ("base / from scratch", found.anew),
    )
    return Table(
        title="Churn: test examples that two models answer otherwise",
        head=("", "intent", "intent, key or entities"),
        rows=tuple(
            (name, percent(churn.intents), percent(churn.answers))
            for name, churn in rows
            if isinstance(churn, Churn)
        ),
    )


# --- intents ------------------------------------------------------------------------


def _intents(found: Sequence[IntentJudged]) -> Table:
    moved = [one for one in found if one.measure.difference]
    moved.sort(key=lambda one: (not one.is_worse, -abs(one.measure.difference)))
    worse = sum(one.is_worse for one in found)
    head = "No intent is worse" if not worse else f"{plural(worse, 'intent')} worse"
    left = len(found) - len(moved[:_MOST_INTENTS])
    return Table(
        title=f"Intents by F1: {head.lower()} beyond doubt",
        head=("intent", "", "tests", *_BOTH, "difference"),
        rows=tuple(map(_intent, moved[:_MOST_INTENTS])),
        words=2,
        note=(
            f"The largest differences; {left:,} more differ less or not. Under "
            f"{MIN_SUPPORT} tests nothing is said of an intent."
        ),
    )


def _intent(one: IntentJudged) -> tuple[str, ...]:
    notes = [
        *(["worse"] if one.is_worse else []),
        *(["touched"] if one.is_touched else []),
        *(["few tests"] if one.chance is None else []),
    ]
    measure = one.measure
    return (
        Quoted(measure.name),
        ", ".join(notes),
        f"{one.measure.items:,}",
        _spread(measure.tuned),
        _spread(measure.scratch),
        signed(measure.difference),
    )


# --- examples -----------------------------------------------------------------------


def _splits(found: Sequence[Split], seeds: int) -> Table:
    lost = sum(split.tuned_right < split.scratch_right for split in found)
    title = (
        "Test examples that one way alone gets right for most seeds: from scratch "
        f"{lost:,}, fine-tuned {len(found) - lost:,}"
    )
    more = len(found) - _MOST_SPLITS
    return Table(
        title=title,
        head=("text", "where", "expected", *_BOTH),
        rows=tuple(_split(split, seeds) for split in found[:_MOST_SPLITS]),
        words=5,
        note=f"… and {more:,} more, which --json has." if more > 0 else "",
    )


def _split(split: Split, seeds: int) -> tuple[str, ...]:
    text = split.example.text
    expected = said(wanted(split.example), text)

    def told(answers: Sequence[tuple[Answer, int]], right: int) -> Quoted:
        """What most models of one way say, and how many of them are right."""
        answer = "right"
        if 2 * right <= seeds:
            wrong = (said(answer, text) for answer, _ in answers)
            answer = next((name for name in wrong if name != expected), expected)
        return Quoted(f"{answer} ({right} of {seeds})")

    return (
        Quoted(text),
        Quoted(str(split.place)),
        Quoted(expected),
        told(split.tuned, split.tuned_right),
        told(split.scratch, split.scratch_right),
    )


def said(answer: Answer, text: str) -> str:
    """An answer in short: its intent or key, and the entities of the text."""
    found = [
        f"{text[e.start : e.end]}: {e.entity}{f'#{e.role}' if e.role else ''}"
        for e in sorted(answer.entities, key=lambda e: (e.start, e.end, e.entity))
    ]
    # The key is that of the intent that was to be found.
    own = answer.key or ""
    name = own if own.partition("/")[0] == answer.intent else answer.intent
    return f"{name or '–'} [{', '.join(found)}]" if found else name or "–"
