"""Stage `finetune`: base model and `plan/delta` to weights; reruns if either changed.

With an empty delta it passes the base's weights on and imports no TensorFlow.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from dvcinc.corpus.canonical import CanonicalFile, read_corpus
from dvcinc.corpus.values import Corpus
from dvcinc.errors import CheckError, InputError
from dvcinc.model.checkpoint import load, pass_on, save
from dvcinc.model.document import Model
from dvcinc.plan.delta import ADDED, DELTA_JSON, PATTERNS, REPLAY, SCHEMA, delta_digest
from dvcinc.plan.files import put_folder, read_folder
from dvcinc.plan.json import Reader
from dvcinc.plan.json import load as load_json
from dvcinc.stages.bench import Bench, Talk, at_work
from dvcinc.stages.paths import (
    BASE_MODEL,
    DELTA,
    FINETUNE_CURVE,
    FINETUNE_REPORT,
    WEIGHTS,
)
from dvcinc.stages.reports import Clock, Report, environment
from dvcinc.stages.restore import restore, wanted
from dvcinc.stages.train import restored, write_curve


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDelta:
    """The delta as the plan wrote it."""

    digest: str
    base: str
    is_empty: bool
    added: Corpus
    replay: Corpus
    patterns: Corpus


def run_finetune(project: Path, talk: Talk) -> None:
    """Runs the stage.

    Raises:
        DvcincError: The base model is of another base than the delta.
    """
    with at_work(project, "finetune", talk) as bench:
        delta = read_delta(read_folder(bench.need(DELTA, "plan")))
        base = load(bench.need(BASE_MODEL, "train"))
        _check(base, delta)
        if delta.is_empty:
            _pass_on(bench, base, delta)
            return
        inputs = wanted(bench, "finetune", (BASE_MODEL, DELTA), "finetune")
        found = restore(bench, inputs, WEIGHTS)
        if found is None:
            _finetune(bench, base, delta)
        else:
            _take(bench, base, delta, found)


def read_delta(files: tuple[CanonicalFile, ...]) -> PlannedDelta:
    """Reads `plan/delta`.

    Raises:
        InputError: It cannot be understood.
    """
    by_name = {file.name: file.content for file in files}
    path = f"{DELTA}/{DELTA_JSON}"
    said = Reader(load_json(by_name.get(DELTA_JSON, b""), path, SCHEMA), path)
    parts = {
        part: read_corpus(
            [
                CanonicalFile(name.removeprefix(f"{part}/"), content)
                for name, content in files
                if name.startswith(f"{part}/")
            ],
            f"{DELTA}/{part}",
        )
        for part in (ADDED, REPLAY, PATTERNS)
    }
    return PlannedDelta(
        digest=delta_digest(files),
        base=said.text("base"),
        is_empty=not (said.integer("added") or said.texts("removed"))
        and not said.flag("patterns"),
        added=parts[ADDED],
        replay=parts[REPLAY],
        patterns=parts[PATTERNS],
    )


def _check(base: Model, delta: PlannedDelta) -> None:
    if base.base != delta.base:
        raise CheckError(
            f"{BASE_MODEL} was trained on another base ({base.base[:19]}…) than "
            f"{DELTA} starts from ({delta.base[:19]}…)",
            "run dvc repro train; is the stage frozen (dvc unfreeze train)?",
        )


def _pass_on(bench: Bench, base: Model, delta: PlannedDelta) -> None:
    save(pass_on(base, delta.digest), bench.scratch / "weights")
    report = Report(
        ran="passed on",
        seconds=0.0,
        steps=0,
        epochs=0,
        unlearned=0,
        environment=environment(),
    )
    write_curve(bench, FINETUNE_CURVE, ())
    bench.write_json(FINETUNE_REPORT, report.to_json())
    put_folder(bench.scratch / "weights", bench.path(WEIGHTS))
    bench.talk.say("finetune: nothing to learn, the base's weights are passed on")


def _finetune(bench: Bench, base: Model, delta: PlannedDelta) -> None:
    # TensorFlow takes seconds to import; an empty delta does without.
    from dvcinc.model.fit import Lesson, finetune  # noqa: PLC0415

    params, clock = bench.params(), Clock()
    lesson = Lesson(
        added=tuple(delta.added.examples),
        replay=tuple(delta.replay.examples),
        regexes=tuple(sorted(delta.patterns.regexes)),
        lookups=tuple(sorted(delta.patterns.lookups)),
    )
    title = f"learning {len(lesson.added):,} examples"
    with clock.running(), bench.talk.progress(title) as progress:
        fitted = finetune(
            base,
            lesson,
            params.finetune,
            params.train,
            delta_digest=delta.digest,
            progress=progress,
        )
    for example in fitted.unlearned:
        bench.talk.warn(f"not learned: {example.text!r} as {example.intent}")
    for warning in fitted.warnings:
        bench.talk.warn(warning)
    save(fitted.model, bench.scratch / "weights")
    report = Report(
        ran="finetuned",
        seconds=clock.seconds,
        steps=fitted.steps,
        epochs=fitted.epochs,
        unlearned=len(fitted.unlearned),
        environment=environment(),
    )
    write_curve(bench, FINETUNE_CURVE, fitted.curve)
    bench.write_json(FINETUNE_REPORT, report.to_json())
    put_folder(bench.scratch / "weights", bench.path(WEIGHTS))


def _is_of(found: Path, delta: PlannedDelta, bench: Bench) -> bool:
    try:
        model = load(found)
    except InputError as error:
        bench.talk.warn(f"{error.message}; fine-tuning instead")
        return False
    fits = (model.base, model.delta) == (delta.base, delta.digest)
    if not fits:
        bench.talk.warn("the recorded model is of another delta; fine-tuning instead")
    return fits


def _take(bench: Bench, base: Model, delta: PlannedDelta, found: Path) -> None:
    """Takes restored weights, once they have proved to be of this delta."""
    if not _is_of(found, delta, bench):
        shutil.rmtree(found)
        _finetune(bench, base, delta)
        return
    write_curve(bench, FINETUNE_CURVE, ())
    bench.write_json(FINETUNE_REPORT, restored().to_json())
    put_folder(found, bench.path(WEIGHTS))
