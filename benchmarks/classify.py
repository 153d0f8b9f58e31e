"""Measures how long `dvcinc classify` and `dvcinc log` take, as whole processes.

    python benchmarks/classify.py [--keep DIR] [--sizes 1000,10000/100] [--runs N]
        [--json FILE] [--markdown]

Repositories of 1,000 to 1,000,000 examples are made (the same each time), without a
plan, with one, and as a clone of the latter that DVC's cache is not pulled into. In
turn with `python -c pass` and `git diff --cached --stat` run: classify with one
changed staged file, with no cache (cold), with one that knows HEAD (warm), and a
second time (again); classify of two commits; log over 500 commits of a small bot.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from classifying import repository, rows
from classifying.bot import Size
from classifying.figures import Findings, markdown, show
from classifying.processes import FailedError, knows

SIZES = (
    Size(1_000, 10),
    Size(10_000, 10),
    Size(10_000, 100),
    Size(100_000, 100),
    Size(100_000, 1_000),
    Size(1_000_000, 1_000),
)
LOGGED = Size(3_000, 30)
_MAKERS = {
    repository.Kind.BARE: repository.bare,
    repository.Kind.PLANNED: repository.planned,
    repository.Kind.CLONE: repository.cloned,
}
SCHEMA = "dvcinc/benchmark-classify/1"


def main(arguments: Sequence[str]) -> int:
    """Makes repositories, measures, prints; 0 also where a target is missed."""
    given = parsed(arguments)
    findings = Findings()
    with folder(given.keep) as kept:
        for size in given.sizes:
            measure(kept, size, given, findings)
        if given.commits:
            measure_log(kept, given, findings)
    print(markdown(findings)) if given.markdown else show(findings)
    if given.json:
        said = {
            "schema": SCHEMA,
            "rows": [figure.to_json() for figure in findings.figures],
            "notes": findings.notes,
        }
        given.json.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    return 0


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--sizes", type=sizes, default=SIZES, help="examples, or examples/files, …")
    add("--kinds", type=kinds, default=[*repository.Kind], help="bare,planned,clone")
    add("--runs", type=int, default=5, help="the median of so many")
    add("--patience", type=float, default=150, help="seconds for all runs of a row")
    add("--commits", type=int, default=rows.LOG_COMMITS, help="of log; 0 leaves it out")
    add("--keep", type=Path, help="a folder for the repositories, to use them again")
    add("--json", type=Path, metavar="FILE", help="write all runs as JSON")
    add("--markdown", action="store_true", help="print a table for the documentation")
    return parser.parse_args(arguments)


def sizes(said: str) -> list[Size]:
    """`1000` is each size of so many examples, `1000/10` one of so many files."""
    found: list[Size] = []
    for part in said.split(","):
        examples, _, files = part.partition("/")
        known = [size for size in SIZES if size.examples == int(examples)]
        found += [Size(int(examples), int(files))] if files else known
        if not files and not known:
            raise argparse.ArgumentTypeError(f"in how many files: {part}/…")
    return found


def kinds(said: str) -> list[repository.Kind]:
    """Kinds of repositories by name."""
    try:
        return [repository.Kind[part.upper()] for part in said.split(",")]
    except KeyError as error:
        raise argparse.ArgumentTypeError(f"no kind {error}") from error


@contextmanager
def folder(kept: Path | None) -> Iterator[Path]:
    """Where the repositories lie."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield Path(scratch)


def measure(
    kept: Path, size: Size, given: argparse.Namespace, findings: Findings
) -> None:
    """The wanted kinds of repositories of a size."""
    for kind in given.kinds:
        try:
            place = _MAKERS[kind](kept, size)
            tell(f"{size}, {kind.value}")
            figures = rows.classify(place, size, given.runs, given.patience)
            findings.figures += figures
        except repository.TooSlowError as error:
            findings.notes.append(f"{size}, {kind.value}: not measured: {error}")
        except FailedError as error:
            findings.notes.append(f"{size}, {kind.value}: failed: {error}")


def measure_log(kept: Path, given: argparse.Namespace, findings: Findings) -> None:
    """`log` over the commits of a small bot."""
    place = repository.recorded(kept, LOGGED, given.commits)
    if not knows(place.path, "log"):
        findings.notes.append("log: skipped, this dvcinc has no such command")
        return
    tell(f"log over {given.commits} commits")
    try:
        findings.figures += rows.log(place, given.commits, given.runs, given.patience)
    except FailedError as error:
        findings.notes.append(f"log: failed: {error}")


def tell(said: str) -> None:
    """Says on stderr what is being measured."""
    print(said, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
