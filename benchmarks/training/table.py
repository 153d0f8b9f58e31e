"""Measured figures beside their targets, as a table, as Markdown and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from rich.console import Console
from rich.table import Table

from training.figures import Interval

SCHEMA = "dvcinc/benchmark-train/1"
HEADS = ("row", "set", "what", "mean", "", "sd", "n", "95 %", "target", "", "note")
RIGHT = ("mean", "sd", "n", "target")
WIDTH = 180
"""Where the output is no terminal."""
DIGITS = {"%": 2, "points": 2, "s": 2, "ms": 2, "×": 3, "GiB": 2, "": 3, "n": 1}
"""Units and the digits that they are shown with; `n` is a count."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure must reach: at least, or at most."""

    bound: float
    is_floor: bool

    def is_met_by(self, value: float) -> bool:
        """Whether a figure reaches it."""
        return value >= self.bound if self.is_floor else value <= self.bound


def at_least(bound: float | None) -> Target | None:
    """A target from below; none if there is no bound."""
    return None if bound is None else Target(bound, is_floor=True)


def at_most(bound: float | None) -> Target | None:
    """A target from above; none if there is no bound."""
    return None if bound is None else Target(bound, is_floor=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure.

    Attributes:
        what: What was measured.
        values: One figure for each run; their mean is judged.
        unit: A key of `DIGITS`.
        target: What the issue asks for, if it asks.
        interval: Where 95 of 100 resamples of the test lie.
        note: What one must know to read it.
        row: The row of the benchmark; put in when it is shown.
        set: The data set, likewise.
    """

    what: str
    values: tuple[float, ...]
    unit: str = "%"
    target: Target | None = None
    interval: Interval | None = None
    note: str = ""
    row: str = ""
    set: str = ""

    @property
    def mean(self) -> float:
        """The mean over the runs."""
        return fmean(self.values)

    @property
    def deviation(self) -> float | None:
        """The sample standard deviation; none of a single run."""
        return stdev(self.values) if len(self.values) > 1 else None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; none without a target."""
        return None if self.target is None else self.target.is_met_by(self.mean)

    def cells(self) -> tuple[str, ...]:
        """The texts of the table, under `HEADS`."""
        spread = "" if self.deviation is None else _number(self.deviation, self.unit)
        sign = "≥" if self.target and self.target.is_floor else "≤"
        interval = self.interval
        return (
            self.row,
            self.set,
            self.what,
            _number(self.mean, self.unit),
            self.unit.removeprefix("n"),
            spread,
            str(len(self.values)),
            f"{interval.low:+.2f} … {interval.high:+.2f}" if interval else "",
            f"{sign} {self.target.bound:g}" if self.target else "",
            {None: "", True: "met", False: "missed"}[self.is_met],
            self.note,
        )

    def to_json(self) -> dict[str, object]:
        """As `--json` writes it."""
        target = self.target
        return {
            "row": self.row,
            "set": self.set,
            "what": self.what,
            "unit": self.unit,
            "mean": self.mean,
            "sd": self.deviation,
            "values": [*self.values],
            "interval": list(self.interval) if self.interval else None,
            "target": target.bound if target else None,
            "at": None if target is None else "least" if target.is_floor else "most",
            "met": self.is_met,
            "note": self.note,
        }


def line(
    what: str,
    values: Iterable[float],
    unit: str = "%",
    target: Target | None = None,
    interval: Interval | None = None,
    note: str = "",
) -> Line:
    """A line that is not yet of any row."""
    return Line(
        what=what,
        values=tuple(float(value) for value in values),
        unit=unit,
        target=target,
        interval=interval,
        note=note,
    )


def show(lines: Sequence[Line], console: Console) -> None:
    """Prints an aligned table; what repeats from the line above is left out."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in HEADS:
        table.add_column(
            head, justify="right" if head in RIGHT else "left", no_wrap=head != "note"
        )
    before: tuple[str, ...] = ("", "")
    for cells in (each.cells() for each in lines):
        same = cells[:2] == before
        table.add_row(*(("", "") if same else cells[:2]), *cells[2:])
        before = cells[:2]
    console.print(table)


def markdown(lines: Sequence[Line]) -> str:
    """A Markdown table."""
    rows = [HEADS, ("---",) * len(HEADS), *(each.cells() for each in lines)]
    said = (
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
        for row in rows
    )
    return "\n".join(said) + "\n"


def _number(value: float, unit: str) -> str:
    return f"{value:.{DIGITS[unit]}f}"
