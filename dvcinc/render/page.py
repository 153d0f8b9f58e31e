"""A page of tables to plain text and Markdown; its words may be anybody's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from dvcinc.render.escape import code, row, shown
from dvcinc.render.text import Paint, plain

_GAP = "  "
_WIDTH = 86
"""Of notes in plain text, beside the gap."""


class Quoted(str):
    """Text that anybody may have written: a name, a revision, a test example."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table under a heading.

    Attributes:
        title: The heading.
        head: The names of the columns.
        rows: The cells, as many in each row as there are columns.
        words: Columns from the left that hold words; the others hold numbers.
        note: What one must know to read it.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Values of some groups on one scale; drawn where there is something to draw on.

    Attributes:
        title: What they measure.
        groups: The values by the name of their group.
    """

    title: str
    groups: tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is told, from the most important on.

    Attributes:
        title: One line that says it all.
        colour: What a terminal paints it in.
        lead: What was looked at: pairs of a word and what it was.
        strips: The values behind the first table.
        tables: The details.
    """

    title: str
    colour: str
    lead: tuple[tuple[str, tuple[str, ...]], ...]
    strips: tuple[Strip, ...]
    tables: tuple[Table, ...]


def as_text(page: Page, paint: Paint = plain) -> str:
    """The page as aligned plain text."""
    width = max((len(word) for word, _ in page.lead), default=0) + 1
    lines = [paint(page.title, page.colour)]
    for word, parts in page.lead:
        said = "".join(map(_clear, parts))
        lines.append(f"{_GAP}{word + ':':<{width}} {said}")
    for table in page.tables:
        lines += ["", paint(table.title, "bold"), *_aligned(table)]
        lines += [f"{_GAP}{line}" for line in wrap(table.note, _WIDTH)]
    return "\n".join(lines)


def as_markdown(page: Page) -> str:
    """The page as Markdown of GitHub and GitLab."""
    lines = [f"**{page.title}**", ""]
    for word, parts in page.lead:
        lines.append(f"- {word}: {''.join(map(_coded, parts))}")
    for table in page.tables:
        lines += ["", f"**{table.title}**", "", *_ruled(table)]
        if table.note:
            lines += ["", table.note]
    return "\n".join(lines)


def _clear(cell: str) -> str:
    return shown(cell) if isinstance(cell, Quoted) else cell


def _coded(cell: str) -> str:
    return code(cell) if isinstance(cell, Quoted) else cell


def _aligned(table: Table) -> Iterator[str]:
    rows = [table.head, *(tuple(map(_clear, cells)) for cells in table.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for cells in rows:
        parts = [
            cell.ljust(width) if at < table.words else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        yield f"{_GAP}{_GAP.join(parts)}".rstrip()


def _ruled(table: Table) -> Sequence[str]:
    marks = ["---" if at < table.words else "---:" for at in range(len(table.head))]
    rows = [row(*map(_coded, cells)) for cells in table.rows]
    return [row(*table.head), f"|{'|'.join(marks)}|", *rows]
