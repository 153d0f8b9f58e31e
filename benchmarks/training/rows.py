"""The rows of the benchmark by name, what each needs, and the runner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from training import processes, quality, responses, tuning
from training.engine import warm_up
from training.runs import Runs, tell
from training.sets import OUTSIDE, SAMPLE, read_set
from training.table import Line

ALL = (*OUTSIDE, SAMPLE)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its name, the sets that it is for, and what measures it."""

    name: str
    sets: tuple[str, ...]
    measure: Callable[[Runs], Iterator[Line]]


ROWS = (
    Row("floor", ALL, quality.floors),
    Row("scratch", ALL, quality.scratch),
    Row("cost", ALL, quality.cost),
    Row("memory", OUTSIDE, processes.memory),
    Row("small", (SAMPLE,), quality.small),
    Row("responses", (SAMPLE,), responses.responses),
    Row("delta-10", ALL, tuning.delta_10),
    Row("delta-100", ALL, tuning.delta_100),
    Row("delta-10pct", ALL, tuning.delta_tenth),
    Row("chain", OUTSIDE, tuning.chain),
    Row("calibration", ALL, tuning.calibration),
    Row("churn", ALL, tuning.churned),
    Row("oos", ("banking77",), quality.out_of_scope),
    Row("concentrated", OUTSIDE, tuning.concentrated),
    Row("new-intents", ("banking77",), tuning.new_intents),
    Row("relabel", ("banking77",), tuning.relabel),
    Row("stage", OUTSIDE, processes.stage),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to measure.

    Attributes:
        rows: Names of rows.
        sets: Names of sets.
        folder: Holds the sets that are no part of the project.
        seeds: Bases, and scratch runs, of each.
        dev: Measure on a split of the training data and leave the test alone.
        python: The interpreter of the stage that is measured as a process.
    """

    rows: Sequence[str]
    sets: Sequence[str]
    folder: Path | None
    seeds: int
    dev: bool
    python: str


def measure(wanted: Wanted, scratch: Path) -> Iterator[Line]:
    """All lines, set by set, so that what is trained on one can be forgotten."""
    is_warm = False
    for name in wanted.sets:
        rows = [row for row in ROWS if row.name in wanted.rows and name in row.sets]
        if not rows:
            continue
        data = read_set(name, wanted.folder, dev=wanted.dev)
        tell(f"{name}: {len(data.train.examples)} examples, {len(data.test)} to test")
        if not is_warm:
            warm_up(data.train)
            is_warm = True
        folder = scratch / name
        folder.mkdir()
        where = [] if wanted.folder is None else [str(wanted.folder.resolve())]
        runs = Runs(
            data,
            wanted.seeds,
            folder,
            arguments=(*where, *(["--dev"] if wanted.dev else [])),
            python=wanted.python,
        )
        for row in rows:
            for line in row.measure(runs):
                yield replace(line, row=row.name, set=name)


def in_order(lines: Sequence[Line]) -> list[Line]:
    """Lines by row; within one, set by set as they were measured."""
    places = {row.name: at for at, row in enumerate(ROWS)}
    return sorted(lines, key=lambda line: places.get(line.row, len(places)))


def skipped(wanted: Wanted) -> list[str]:
    """Rows that are wanted but for which no set is there."""
    return [
        row.name
        for row in ROWS
        if row.name in wanted.rows and not {*row.sets} & {*wanted.sets}
    ]
