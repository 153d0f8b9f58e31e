"""Measures the NumPy runtime against its targets, tokenising included, one thread.

    python benchmarks/serve.py [FOLDER] [--json] [--epochs N] [--runs N]

Without FOLDER only the project's own sample is measured; FOLDER holds `banking77` and
`hwu64`, each as `train.yml`, `test.yml` and `config.yml`. The models are trained here,
briefly, since how long an answer takes hangs little on how good it is.
"""

from __future__ import annotations

import os

# Before NumPy is loaded: the targets are those of one thread.
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table
from training.sets import OUTSIDE, SAMPLE, DataSet, is_there, read_set, texts

from dvcinc.config import Train
from dvcinc.model.checkpoint import load, save
from dvcinc.model.document import Model
from dvcinc.model.features import Featurizer
from dvcinc.model.runtime import Runtime
from dvcinc.model.vocabulary import Vocabulary

# What is encoded from cold, and what a training step holds.
CORPUS, STEP = 10_000, 128
# Texts that are asked one by one.
ASKED = 500
# At least so many texts a second; at most so many milliseconds for one.
PER_SECOND = {"banking77": 15_000, "hwu64": 4_000}
FOR_ONE = {"banking77": 0.3, "hwu64": 1.0}
START, ENCODE, BATCH = 0.3, 0.5, 0.5
FIRST_ANSWER = "import sys, dvcinc; dvcinc.load(sys.argv[1]).parse('hello there')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure beside its target; `at_least` says from which side it is met."""

    set: str
    what: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; `None` if there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target


def main(arguments: list[str]) -> int:
    """Trains, measures and prints; the exit code is 0 also where a target is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--epochs", type=int, default=3, help="of the training")
    parser.add_argument("--runs", type=int, default=5, help="the median of so many")
    # What the program calls itself with, so that it measures without TensorFlow.
    parser.add_argument("--train", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.train:
        name, target = given.train
        save(
            trained(read_set(name, given.folder, dev=False), given.epochs), Path(target)
        )
        return 0
    figures: list[Figure] = []
    gone = [name for name in OUTSIDE if not is_there(name, given.folder)]
    for name in (SAMPLE, *OUTSIDE):
        if name not in gone:
            figures += measured(name, given)
    show(figures, as_json=given.json)
    if gone:
        print(
            f"skipped, not in {given.folder or 'a FOLDER'}: {', '.join(gone)}",
            file=sys.stderr,
        )
    return 0


def trained(data: DataSet, epochs: int) -> Model:
    """A model of a set, without the optimiser's moments."""
    from dataclasses import replace  # noqa: PLC0415 - only for the child

    from dvcinc.model.fit import train  # noqa: PLC0415 - likewise

    def silent(*, step: int, steps: int, loss: float) -> None:
        del step, steps, loss

    fitted = train(
        data.train,
        Train(epochs=epochs, threads=1),
        base_digest="sha256:" + "0" * 64,
        progress=silent,
    )
    return replace(fitted.model, optimizer=None)


def measured(name: str, given: argparse.Namespace) -> Iterator[Figure]:
    """All figures of one set."""
    print(f"{name}: training a model for {given.epochs} epochs", file=sys.stderr)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "model"
        where = [] if given.folder is None else [str(given.folder)]
        subprocess.run(
            [
                *(sys.executable, __file__, *where, "--epochs", str(given.epochs)),
                *("--train", name, str(folder)),
            ],
            check=True,
        )
        data = read_set(name, given.folder, dev=False)
        model = load(folder)
        yield from encoding(data, model, given.runs)
        yield from answering(data, model, given.runs)
        yield starting(name, folder, given.runs)


def encoding(data: DataSet, model: Model, runs: int) -> Iterator[Figure]:
    """From texts to numbers, as a training does it."""
    known = sorted(texts(data.train.examples))[:CORPUS]
    pipeline, vocabulary = model.pipeline, model.vocabulary

    def encode() -> None:
        featurizer = Featurizer(pipeline, vocabulary)
        for text in known:
            featurizer.encode(text)

    def grow() -> None:
        Vocabulary().grown(known, pipeline)

    of = f"{len(known):,} texts, cold"
    for what, run in (("encode", encode), ("vocabulary", grow)):
        seconds = median(cpu(run) for _ in range(runs))
        yield Figure(
            set=data.name, what=f"{what} {of}", value=seconds, unit="s", target=ENCODE
        )
    featurizer = Featurizer(pipeline, vocabulary)
    encoded = sorted(map(featurizer.encode, known), key=len)
    batches = [encoded[at : at + STEP] for at in range(0, len(encoded), STEP)]
    featurizer.batch(batches[0])
    seconds = median(cpu(lambda b=b: featurizer.batch(b)) for b in batches)
    what = f"a batch of {STEP}"
    yield Figure(
        set=data.name, what=what, value=1000 * seconds, unit="ms", target=BATCH
    )


def answering(data: DataSet, model: Model, runs: int) -> Iterator[Figure]:
    """From texts to answers, many and one by one."""
    asked = texts(data.test)
    seconds = median(cpu(lambda: Runtime(model).parse_many(asked)) for _ in range(runs))
    yield Figure(
        set=data.name,
        what=f"parse_many, {len(asked):,} texts, cold",
        value=len(asked) / seconds,
        unit="texts/s",
        target=PER_SECOND.get(data.name),
        at_least=True,
    )
    # Every other text has been met, so that of the rest some words are known.
    runtime = Runtime(model)
    runtime.parse_many(asked[::2])
    took = [cpu(lambda text=text: runtime.parse(text)) for text in asked[1::2][:ASKED]]
    for what, place in (("median", 0.5), ("95 of 100", 0.95)):
        yield Figure(
            set=data.name,
            what=f"parse, one unseen text, {what}",
            value=1000 * sorted(took)[int(place * len(took))],
            unit="ms",
            target=FOR_ONE.get(data.name) if place == 0.5 else None,  # noqa: PLR2004
        )


def starting(name: str, folder: Path, runs: int) -> Figure:
    """A process from its start to the first answer, less one that imports NumPy."""
    first = min(wall(FIRST_ANSWER, str(folder)) for _ in range(runs))
    bare = min(wall("import numpy") for _ in range(runs))
    return Figure(
        set=name,
        what="process to first answer, over Python and NumPy",
        value=first - bare,
        unit="s",
        target=START,
    )


def cpu(run: Callable[[], object]) -> float:
    """CPU seconds of a call."""
    started = time.process_time()
    run()
    return time.process_time() - started


def wall(code: str, *arguments: str) -> float:
    """Seconds of a Python process by the clock."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], check=True)
    return time.perf_counter() - started


def show(figures: Sequence[Figure], *, as_json: bool) -> None:
    """Prints the figures."""
    if as_json:
        rows = [{**asdict(figure), "is_met": figure.is_met} for figure in figures]
        print(
            json.dumps({"schema": "dvcinc/benchmark-serve/1", "rows": rows}, indent=1)
        )
        return
    table = Table()
    for head in ("set", "what", "measured", "", "target", ""):
        right = head in ("measured", "target")
        table.add_column(head, justify="right" if right else "left", no_wrap=True)
    for f in figures:
        sign = "≥" if f.at_least else "≤"
        table.add_row(
            f.set,
            f.what,
            f"{f.value:,.0f}" if f.at_least else f"{f.value:.3f}",
            f.unit,
            f"{sign} {f.target:,g}" if f.target is not None else "",
            {None: "", True: "met", False: "missed"}[f.is_met],
        )
    Console(width=None if sys.stdout.isatty() else 120).print(table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
