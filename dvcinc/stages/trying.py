"""One trial in a process of its own: trains or loads a model, and tests it.

A process of its own, since only so its memory can be told from that of the others.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from dvcinc.comparison.stored import to_bytes
from dvcinc.comparison.trial import (
    Answer,
    Entity,
    IntentScore,
    Scores,
    Spent,
    Trial,
    Way,
)
from dvcinc.config import Finetune, Train
from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.corpus.values import Example
from dvcinc.errors import DvcincError
from dvcinc.model.checkpoint import load, save
from dvcinc.model.document import Model
from dvcinc.model.evaluate import Metrics, compare
from dvcinc.model.fitted import Fitted, Progress
from dvcinc.model.result import ParseResult
from dvcinc.model.runtime import Runtime
from dvcinc.model.tables import package
from dvcinc.plan.base import FOLDER as BASE
from dvcinc.plan.base import read_base
from dvcinc.plan.tables import read_tables_files
from dvcinc.stages.bench import end_with_parent
from dvcinc.stages.finetune import read_delta
from dvcinc.stages.paths import TABLES
from dvcinc.stages.reports import Clock
from dvcinc.yaml import Json

# Linux counts in KiB, macOS in bytes.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
_STATUS = Path("/proc/self/status")
_PEAK = "VmHWM:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a process is to do.

    Attributes:
        way: How the model comes about.
        train: How it is trained; its seed is the trial's.
        finetune: How a delta is learned.
        files: The base's files, or the delta's for a fine-tune; of a model that is
            there already, none.
        model: The folder of the base's model: a base is written there, a fine-tune
            goes on from there.
        tables: The files of the tables that the model is packaged with.
        tests: The test examples.
    """

    way: Way
    train: Train
    finetune: Finetune
    files: tuple[CanonicalFile, ...]
    model: Path
    tables: tuple[CanonicalFile, ...]
    tests: tuple[Example, ...]


def work(job: Job, connection: Connection) -> None:
    """What the process runs; it ends with its parent, and tells it all it has to tell.

    Messages are JSON objects: a `step`, at last a `trial`, an `error`, what is
    `missing` or a `bug`.
    """
    end_with_parent()

    def tell(**said: Json) -> None:
        connection.send_bytes(json.dumps(said).encode())

    def progress(*, step: int, steps: int, loss: float) -> None:
        tell(step=step, steps=steps, loss=loss)

    try:
        trial = tried(job, progress)
    except DvcincError as error:
        tell(error=error.message, hint=error.hint)
    except ModuleNotFoundError as error:
        tell(missing=error.name)
    except Exception as error:  # noqa: BLE001 - the parent tells of it as of its own
        tell(bug=f"{type(error).__name__}: {error}")
    else:
        tell(trial=to_bytes(trial, "").decode())


def tried(job: Job, progress: Progress) -> Trial:
    """Trains and tests.

    Raises:
        DvcincError: The model or the tables cannot be used.
    """
    spent, unlearned = None, 0
    if job.files:
        clock = Clock()
        with clock.running():
            fitted = _fitted(job, progress)
        spent = Spent(
            seconds=round(clock.seconds, 3),
            cpu_seconds=round(time.process_time(), 3),
            peak_bytes=peak_memory(),
            steps=fitted.steps,
        )
        model, unlearned = fitted.model, len(fitted.unlearned)
        if job.way is Way.BASE:
            save(model, job.model)
    else:
        model = load(job.model)
    scores, answers = _tested(job, model)
    return Trial(
        way=job.way,
        seed=job.train.seed,
        spent=spent,
        unlearned=unlearned,
        scores=scores,
        answers=answers,
    )


def peak_memory() -> int:
    """The most bytes that this process has held so far.

    Linux hands `ru_maxrss` on from the parent to what it starts, so `VmHWM` is read
    where there is one.
    """
    with suppress(OSError, ValueError):
        for line in _STATUS.read_text(encoding="ascii").splitlines():
            if line.startswith(_PEAK):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT


def _fitted(job: Job, progress: Progress) -> Fitted:
    if job.way is Way.FINETUNED:
        from dvcinc.model.tune import finetune  # noqa: PLC0415 - as in the stage

        delta = read_delta(job.files)
        return finetune(
            load(job.model),
            delta.lesson(),
            job.finetune,
            job.train,
            delta_digest=delta.digest,
            progress=progress,
        )
    from dvcinc.model.fit import train  # noqa: PLC0415 - likewise

    base = read_base(job.files, BASE)
    return train(
        base.corpus, job.train, base_digest=base.info.digest, progress=progress
    )


def _tested(job: Job, weights: Model) -> tuple[Scores, tuple[Answer, ...]]:
    tables = read_tables_files(job.tables, TABLES)
    model = package(weights, tables, tables_digest="")
    results = Runtime(model).parse_many([example.text for example in job.tests])
    metrics = compare(job.tests, results)
    tagged = bool(weights.labels.entities) and any(e.spans for e in job.tests)
    scores = Scores(
        overall=tuple(_overall(metrics, tagged=tagged)),
        intents=tuple(
            IntentScore(row.name, row.f1, row.support)
            for row in metrics.intents
            if row.support
        ),
    )
    return scores, tuple(_answers(job.tests, results))


def _overall(metrics: Metrics, *, tagged: bool) -> Iterator[tuple[str, float]]:
    yield "accuracy", metrics.accuracy
    yield "macro_f1", metrics.macro_f1
    if tagged:
        yield "entity_f1", metrics.entity_f1
    if metrics.responses is not None:
        yield "responses_accuracy", metrics.responses.accuracy


def _answers(
    tests: Sequence[Example], results: Sequence[ParseResult]
) -> Iterator[Answer]:
    for example, result in zip(tests, results, strict=True):
        base, slash, _ = example.intent.partition("/")
        selection = result.response_selector
        chosen = selection is not None and slash and selection.covers(base)
        yield Answer(
            intent=result.intent.name or "",
            key=(selection.key_of(base) or "") if selection and chosen else None,
            entities=frozenset(
                Entity(e.start, e.end, e.entity, e.role, e.group)
                for e in result.entities
            ),
        )
