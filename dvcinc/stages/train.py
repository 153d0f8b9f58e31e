"""Stage `train`: `plan/base` to the model of the base; reruns only for a new base."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable
from pathlib import Path

from dvcinc.errors import CheckError, InputError
from dvcinc.model.curve import CurvePoint
from dvcinc.params import PATH as PARAMS
from dvcinc.plan.base import Base, read_base
from dvcinc.plan.files import put_file, put_folder, read_folder
from dvcinc.plan.project import BASE
from dvcinc.stages.bench import Bench, Talk, at_work
from dvcinc.stages.paths import BASE_MODEL, TRAIN_CURVE, TRAIN_REPORT
from dvcinc.stages.reports import Clock, Report, environment
from dvcinc.stages.restore import restore, wanted


def run_train(project: Path, talk: Talk) -> None:
    """Runs the stage.

    Raises:
        DvcincError: The plan is missing or another one than `params.yaml` asks for.
    """
    with at_work(project, "train", talk) as bench:
        base = read_base(read_folder(bench.need(BASE, "plan")), BASE)
        _check_params(bench, base)
        found = restore(bench, wanted(bench, "train", (BASE,), "train"), BASE_MODEL)
        if found is None:
            _train(bench, base)
        else:
            _take(bench, base, found)


def _check_params(bench: Bench, base: Base) -> None:
    if bench.params().train != base.info.train:
        raise CheckError(
            f"{BASE} was cut with other training parameters than {PARAMS} has",
            "run dvc repro plan; is the stage frozen?",
        )


def _train(bench: Bench, base: Base) -> None:
    # TensorFlow takes seconds to import; a restored model does without.
    from dvcinc.model.checkpoint import save  # noqa: PLC0415
    from dvcinc.model.fit import train  # noqa: PLC0415

    clock = Clock()
    title = f"training {base.info.examples:,} examples from scratch"
    with clock.running(), bench.talk.progress(title) as progress:
        fitted = train(
            base.corpus,
            base.info.train,
            base_digest=base.info.digest,
            progress=progress,
        )
    for warning in fitted.warnings:
        bench.talk.warn(warning)
    save(fitted.model, bench.scratch / "base")
    report = Report(
        ran="trained",
        seconds=clock.seconds,
        steps=fitted.steps,
        epochs=fitted.epochs,
        unlearned=len(fitted.unlearned),
        environment=environment(),
    )
    write_curve(bench, TRAIN_CURVE, fitted.curve)
    bench.write_json(TRAIN_REPORT, report.to_json())
    put_folder(bench.scratch / "base", bench.path(BASE_MODEL))


def _take(bench: Bench, base: Base, found: Path) -> None:
    """Takes a restored model, once it has proved to be of this base."""
    if not _is_of(found, base, bench):
        shutil.rmtree(found)
        _train(bench, base)
        return
    write_curve(bench, TRAIN_CURVE, ())
    bench.write_json(TRAIN_REPORT, restored().to_json())
    put_folder(found, bench.path(BASE_MODEL))


def _is_of(found: Path, base: Base, bench: Bench) -> bool:
    from dvcinc.model.checkpoint import load  # noqa: PLC0415

    try:
        digest = load(found).base
    except InputError as error:
        bench.talk.warn(f"{error.message}; training instead")
        return False
    if digest != base.info.digest:
        bench.talk.warn("the recorded model is of another base; training instead")
    return digest == base.info.digest


def restored() -> Report:
    """The report of a model that was trained elsewhere."""
    return Report(
        ran="restored",
        seconds=0.0,
        steps=0,
        epochs=0,
        unlearned=0,
        environment=environment(),
    )


def write_curve(bench: Bench, path: str, points: Iterable[CurvePoint]) -> None:
    """Writes a training curve for `dvc plots`: losses by step."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("step", "loss", "intent_loss", "tag_loss"))
    for point in points:
        writer.writerow((point.step, *(f"{value:.6g}" for value in point[1:])))
    put_file(text.getvalue().encode(), bench.path(path))
