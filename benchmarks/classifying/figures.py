"""Runs to figures beside their targets, and figures to a table."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from enum import Enum
from statistics import median

from rich.console import Console
from rich.table import Table

from classifying.processes import Run

GIB = 1 << 30


class Command(Enum):
    """What is measured."""

    BARE = "python -c pass"
    GIT = "git diff --cached --stat"
    COLD = "classify --staged, cold"
    WARM = "classify --staged, warm"
    AGAIN = "classify --staged, again"
    PAIR = "classify HEAD~1 HEAD"
    LOG_COLD = "log, cold"
    LOG_WARM = "log, warm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The most that a command may take, in seconds, over Python's own or in all."""

    seconds: float
    over_bare: bool = False
    peak: int | None = None

    def __str__(self) -> str:
        said = f"≤ {self.seconds:,.3g} s"
        if self.over_bare:
            said = f"≤ {1000 * self.seconds:,.0f} ms over"
        return said if self.peak is None else f"{said}, {self.peak / GIB:g} GiB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One command in one repository, measured a number of times.

    Attributes:
        repository: Its title.
        kind: How it knows its base.
        command: What ran: a `Command`, or another program's own.
        runs: How it went each time.
        bare: The median of `python -c pass`, measured in turn, in seconds.
        git: Likewise that of `git diff --cached --stat`.
        target: What is wanted.
    """

    repository: str
    kind: str
    command: Enum
    runs: Sequence[Run]
    bare: float
    git: float
    target: Target | None = None

    @property
    def seconds(self) -> float:
        """The median."""
        return median(one.seconds for one in self.runs)

    @property
    def over(self) -> float:
        """What the command takes more than Python alone, in seconds."""
        return self.seconds - self.bare

    @property
    def peak(self) -> int:
        """The most memory of all runs, in bytes."""
        return max(one.peak for one in self.runs)

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; `None` without one."""
        if self.target is None:
            return None
        took = self.over if self.target.over_bare else self.seconds
        small = self.target.peak is None or self.peak <= self.target.peak
        return took <= self.target.seconds and small

    def to_json(self) -> dict[str, object]:
        """As `--json` writes it."""
        return {
            "repository": self.repository,
            "kind": self.kind,
            "command": self.command.value,
            "runs": [asdict(one) for one in self.runs],
            "seconds": self.seconds,
            "over_bare": self.over,
            "times_bare": self.seconds / self.bare,
            "times_git": self.seconds / self.git,
            "peak": self.peak,
            "target": None if self.target is None else str(self.target),
            "is_met": self.is_met,
        }


@dataclass(slots=True)
class Findings:
    """All that is found, growing while it is measured.

    Attributes:
        figures: What was measured.
        notes: What was not, and why.
    """

    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


HEADS = (
    "examples in files",
    "base",
    "command",
    "n",
    "ms",
    "least–most",
    "over pass",
    "× pass",
    "× git",
    "MiB",
    "target",
    "",
)


def cells(figure: Figure) -> Iterator[str]:
    """A figure as a row of the table."""
    took = [one.seconds for one in figure.runs]
    yield from (figure.repository, figure.kind, figure.command.value, str(len(took)))
    yield f"{1000 * figure.seconds:,.0f}"
    yield f"{1000 * min(took):,.0f}–{1000 * max(took):,.0f}"
    yield f"{1000 * figure.over:,.0f}"
    yield f"{figure.seconds / figure.bare:,.1f}"
    yield f"{figure.seconds / figure.git:,.1f}"
    yield f"{figure.peak / (1 << 20):,.0f}"
    yield "" if figure.target is None else str(figure.target)
    yield {None: "", True: "yes", False: "no"}[figure.is_met]


def show(findings: Findings) -> None:
    """Prints the table, and below it what was not measured."""
    table = Table()
    for head in HEADS:
        left = head in {*HEADS[:3], "target", ""}
        table.add_column(head, justify="left" if left else "right", no_wrap=True)
    for figure in findings.figures:
        table.add_row(*cells(figure))
    Console(width=None if sys.stdout.isatty() else 170).print(table)
    for note in findings.notes:
        print(note)


def markdown(findings: Findings) -> str:
    """The same as a table for the documentation."""
    rows = [HEADS, tuple("---" for _ in HEADS), *map(cells, findings.figures)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
