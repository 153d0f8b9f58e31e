"""What a training stage leaves behind: a model, its report, and the curve's folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dvcinc.errors import InputError
from dvcinc.lineage.unlearned import Unlearned
from dvcinc.model.checkpoint import load, save
from dvcinc.model.curve import LOSSES
from dvcinc.model.document import Model
from dvcinc.plan.files import clear, put_file, put_folder
from dvcinc.plan.json import dump
from dvcinc.stages.bench import Bench
from dvcinc.stages.hashes import dvc_hash
from dvcinc.stages.paths import (
    BASE_MODEL,
    FINETUNE_CURVE,
    FINETUNE_REPORT,
    TRAIN_CURVE,
    TRAIN_REPORT,
    WEIGHTS,
)
from dvcinc.stages.reports import Report, environment, read_report
from dvcinc.stages.restore import (
    Recorded,
    Restored,
    Wanted,
    fetched_curve,
    recorded,
    recorded_report,
)

if TYPE_CHECKING:
    from dvcinc.model.fitted import Fitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Outs:
    """The outs of a training stage, as paths from the project."""

    model: str
    report: str
    curve: str


TRAIN = Outs(model=BASE_MODEL, report=TRAIN_REPORT, curve=TRAIN_CURVE)
FINETUNE = Outs(model=WEIGHTS, report=FINETUNE_REPORT, curve=FINETUNE_CURVE)


def put_fitted(
    bench: Bench, outs: Outs, fitted: Fitted, *, ran: str, seconds: float
) -> None:
    """Puts a trained model in its place; tells what could not be used or learned."""
    for example in fitted.unlearned:
        bench.talk.warn(f"not learned: {example.text!r} as {example.intent}")
    for warning in fitted.warnings:
        bench.talk.warn(warning)
    report = Report(
        ran=ran,
        seconds=seconds,
        steps=fitted.steps,
        epochs=fitted.epochs,
        unlearned=Unlearned.of(fitted.unlearned),
        environment=environment(),
    )
    _put(bench, outs, _saved(bench, fitted.model), _bytes(report))


def put_passed_on(bench: Bench, outs: Outs, model: Model, inputs: Wanted) -> None:
    """Puts weights in their place that nothing was learned on top of.

    The report is the one of `dvc.lock`, if that has these weights of these inputs.
    """
    clear(bench.path(outs.curve))
    folder = _saved(bench, model)
    md5 = dvc_hash(folder)
    before = (
        _report(bench, outs, found)
        for found in recorded(bench.project, inputs, most=1)
        if found.outs.get(outs.model) == md5
    )
    _put(bench, outs, folder, next(before, None) or _free("passed on"))


def proves(bench: Bench, found: Restored, base: str, delta: str | None = None) -> bool:
    """Whether a restored model is of this base and delta; it is gone if not."""
    try:
        model = load(found.folder)
        if (model.base, model.delta) == (base, delta):
            return True
        of = "base" if delta is None else "delta"
        bench.talk.warn(f"the recorded model is of another {of}; it is trained here")
    except InputError as error:
        bench.talk.warn(f"{error.message}; it is trained here")
    shutil.rmtree(found.folder)
    return False


def put_restored(bench: Bench, outs: Outs, found: Restored) -> None:
    """Puts a model in its place that was trained elsewhere.

    With it come the report and the curve of its training, where they can be had: what
    is recorded of a model does not depend on where it was restored.
    """
    clear(bench.path(outs.curve))
    curve = fetched_curve(bench, found.found, outs.curve)
    if curve is not None:
        put_folder(curve, bench.path(outs.curve))
    report = _report(bench, outs, found.found)
    _put(bench, outs, found.folder, report or _free("restored"))


def _report(bench: Bench, outs: Outs, found: Recorded) -> bytes | None:
    """The report of a recorded run, if it can be had and be read."""
    data = recorded_report(bench, found, outs.report)
    try:
        if data is not None:
            read_report(data, outs.report)
    except InputError:
        return None
    return data


def _saved(bench: Bench, model: Model) -> Path:
    folder = bench.scratch / "model"
    save(model, folder)
    return folder


def _free(ran: str) -> bytes:
    """The report of a model that cost nothing here."""
    return _bytes(
        Report(
            ran=ran,
            seconds=0.0,
            steps=0,
            epochs=0,
            unlearned=Unlearned(),
            environment=environment(),
        )
    )


def _bytes(report: Report) -> bytes:
    return dump(report.to_json())


def _put(bench: Bench, outs: Outs, model: Path, report: bytes) -> None:
    for name in LOSSES:
        path = bench.path(outs.curve) / "metrics" / f"{name}.tsv"
        if not path.is_file():
            # What DVCLive writes without a point; DVC warns of an empty folder.
            put_file(f"step\t{name}\n".encode(), path)
    put_file(report, bench.path(outs.report))
    put_folder(model, bench.path(outs.model))
