"""A report's twin for pull requests: tables and a small graph, within a budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dvcinc.lineage.graph import newest
from dvcinc.lineage.story import Mover, Story, movers
from dvcinc.render import drawing
from dvcinc.render.escape import code, prose, row
from dvcinc.render.models import MAIN, short, why
from dvcinc.render.report.page import Report, heading
from dvcinc.render.report.telling import (
    commit,
    day,
    headline,
    moved,
    score,
    time_said,
    took,
    without,
)
from dvcinc.render.sections import Budget, Section, fit, folded

_NODES, _OPEN = 12, 20
_COLUMNS = ("model", "mode", "commit", "day", "base", "took", "saved")


def markdown(report: Report, budget: Budget = Budget.GITHUB) -> str:
    """The report; whatever people wrote is escaped, and the oldest is cut first."""
    story = report.story
    lines = [f"### {prose(heading(report))}", ""]
    if story.told:
        lines += [f"- {word}: **{said}**" for word, said in headline(story)]
    else:
        lines.append(prose(without(story)))
    lines += [f"\n> {prose(said)}" for said in story.missing]
    return fit("\n".join(lines), [*_sections(story)] if story.told else [], budget)


def _sections(story: Story) -> Iterator[Section]:
    yield _graph(story)
    yield from _models(story)
    yield from _intents(story)
    yield from _confusion(story)


def _graph(story: Story) -> Section:
    drawn = drawing.mermaid(newest(story.nodes, _NODES), story.known)
    lead = "\n".join(("```mermaid", *drawn, "```"))
    return folded(Section(title="graph", rank=3, lead=lead), "Lineage")


def _models(story: Story) -> Iterator[Section]:
    names = [n for n in MAIN if any(n in one.record.metrics for one in story.told)]
    head = (row(*_COLUMNS, *names, "main reason"), _rule(5, 2 + len(names), 1))
    rows = [
        row(
            code(short(one.digest)),
            one.record.mode.word,
            code(commit(one.made)),
            day(one.made),
            code(short(one.base.digest)),
            prose(took(one)),
            time_said(one.saved),
            *(score(one.record.metrics.get(name)) for name in names),
            prose(why(one.made)),
        )
        for one in reversed(story.told[-_OPEN:])
    ]
    yield Section(
        title="models",
        rank=0,
        lead="\n".join(head),
        items=(*rows,),
        already=story.more + len(story.told) - len(rows),
    )


def _rule(words: int, numbers: int, more: int = 0) -> str:
    return f"|{'---|' * words}{'---:|' * numbers}{'---|' * more}"


def _intents(story: Story) -> Iterator[Section]:
    pair = story.last_pair
    found = [one for one in movers(*pair) if one.change] if pair else []
    if found:
        head = ("intent", "before", "after", "change", "test examples")
        table = _table("intents", head, 1, [*map(_mover, found)])
        yield folded(replace(table, rank=1), "F1 by intent, biggest movers first")


def _mover(one: Mover) -> str:
    said = f"{moved(one)}{' (noise)' if one.is_noise else ''}"
    cells = (score(one.before), score(one.after), said, f"{one.support:,}")
    return row(code(one.name), *cells)


def _confusion(story: Story) -> Iterator[Section]:
    rows = [
        row(code(was), code(guess), f"{count:,}")
        for (was, guess), count in story.errors
    ]
    if rows:
        table = _table("confusion", ("actual", "predicted", "examples"), 2, rows)
        yield folded(replace(table, rank=2), "Intents taken for others")


def _table(title: str, head: Sequence[str], words: int, rows: Sequence[str]) -> Section:
    """The first rows of a table, cut last; the rest is counted."""
    return Section(
        title=title,
        rank=0,
        lead="\n".join((row(*head), _rule(words, len(head) - words))),
        items=tuple(rows[:_OPEN]),
        already=len(rows[_OPEN:]),
    )
