"""Measures the trainer against its targets and against a linear floor.

    python benchmarks/train.py [FOLDER] [--only ROW,ROW] [--sets SET,SET] [--seeds N]

FOLDER holds `banking77` and `hwu64`, each as `train.yml`, `test.yml` and `config.yml`;
without it only the project's own sample is measured. All costs are CPU seconds of one
thread. `--dev` measures on a split of the training data and never looks at the test.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from training import rows, table
from training.sets import OUTSIDE, SAMPLE, is_there
from training.table import Line

SERVE = "serve"
NAMES = (*(row.name for row in rows.ROWS), SERVE)
PACKAGES = ("numpy", "scikit-learn", "python-crfsuite")


def main(arguments: list[str]) -> int:
    """Measures, prints and writes; the exit code is 0 also where a target is missed."""
    given = _parse(arguments)
    sets = [name for name in given.sets if is_there(name, given.folder)]
    wanted = rows.Wanted(
        rows=given.only,
        sets=sets,
        folder=given.folder,
        seeds=given.seeds,
        dev=given.dev,
        python=given.python,
    )
    lines: list[Line] = []
    try:
        with tempfile.TemporaryDirectory() as scratch:
            lines.extend(rows.measure(wanted, Path(scratch)))
    finally:
        # What a broken run has measured by then took minutes.
        _report(rows.in_order(lines), wanted, given)
    if SERVE in given.only:
        _serve(given.folder)
    return 0


def _report(
    lines: Sequence[Line], wanted: rows.Wanted, given: argparse.Namespace
) -> None:
    if given.markdown:
        print(table.markdown(lines))
    else:
        wide = None if sys.stdout.isatty() else table.WIDTH
        table.show(lines, Console(width=wide, highlight=False))
    gone = [name for name in given.sets if name not in wanted.sets]
    left = rows.skipped(wanted)
    if gone:
        print(f"skipped, not in FOLDER: the sets {', '.join(gone)}")
    if left:
        print(f"skipped, for none of these sets: the rows {', '.join(left)}")
    judged = [line.is_met for line in lines if line.is_met is not None]
    spent = f"{cpu_seconds():.0f} CPU seconds in all"
    print(f"{sum(judged)} of {len(judged)} targets met; {spent}")
    if given.json:
        document = _document(lines, left, given)
        given.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"rows: {', '.join(NAMES)}",
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--only", type=_names(NAMES), default=NAMES, metavar="ROWS")
    sets = (*OUTSIDE, SAMPLE)
    parser.add_argument("--sets", type=_names(sets), default=sets, metavar="SETS")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--dev", action="store_true", help="leave the test alone")
    parser.add_argument("--markdown", action="store_true", help="a Markdown table")
    parser.add_argument(
        "--python",
        default=sys.executable,
        help="of an environment with [train] alone, for the row `stage`",
    )
    parser.add_argument("--json", type=Path, metavar="PATH")
    return parser.parse_args(arguments)


def _names(known: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        names = tuple(text.split(","))
        unknown = [name for name in names if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(
                f"{', '.join(unknown)} is none of {', '.join(known)}"
            )
        return names

    return read


def cpu_seconds() -> float:
    """Of this process and of those that it started."""
    return sum(os.times()[:4])


def _document(
    lines: Sequence[Line], left: Sequence[str], given: argparse.Namespace
) -> dict[str, object]:
    return {
        "schema": table.SCHEMA,
        "split": "dev" if given.dev else "test",
        "seeds": given.seeds,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "cpu_seconds": round(cpu_seconds(), 1),
        "skipped": [*left],
        "lines": [line.to_json() for line in lines],
    }


def _serve(folder: Path | None) -> None:
    """The serving benchmark is a program of its own; it prints its own table."""
    script = Path(__file__).with_name("serve.py")
    if not script.is_file():
        print("skipped: serve, there is no benchmarks/serve.py")
        return
    sys.stdout.flush()
    where = [] if folder is None else [str(folder)]
    subprocess.run([sys.executable, str(script), *where], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
