"""Stage `train`: `plan/base` to the model of the base; reruns only for a new base."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from dvcinc.errors import CheckError
from dvcinc.params import PATH as PARAMS
from dvcinc.plan.base import Base, read_base
from dvcinc.plan.files import read_folder
from dvcinc.plan.project import BASE
from dvcinc.stages.bench import Bench, Talk, at_work
from dvcinc.stages.outcome import TRAIN, proves, put_fitted, put_restored
from dvcinc.stages.reports import Clock
from dvcinc.stages.restore import restore, wanted


def run_train(project: Path, talk: Talk) -> None:
    """Runs the stage.

    Raises:
        DvcincError: The plan is missing or another one than `params.yaml` asks for.
    """
    with at_work(project, "train", talk) as bench:
        base = read_base(read_folder(bench.need(BASE, "plan")), BASE)
        _check_params(bench, base)
        inputs = wanted(bench, "train", (BASE,), "train")
        found = restore(bench, inputs, TRAIN.model)
        if found is not None and proves(bench, found, base.info.digest):
            put_restored(bench, TRAIN, found)
        else:
            _train(bench, base)


def _check_params(bench: Bench, base: Base) -> None:
    if bench.params().train != base.info.train:
        raise CheckError(
            f"{BASE} was cut with other training parameters than {PARAMS} has",
            "run dvc repro plan; is the stage frozen?",
        )


def _train(bench: Bench, base: Base) -> None:
    # SciPy takes its time to import; a restored model does without.
    from dvcinc.model.fit import train  # noqa: PLC0415
    from dvcinc.stages.live import Drawing  # noqa: PLC0415 - likewise DVCLive

    clock = Clock()
    title = f"training {base.info.examples:,} examples from scratch"
    with (
        closing(Drawing(bench, TRAIN.curve)) as draw,
        clock.running(),
        bench.talk.progress(title) as progress,
    ):
        fitted = train(
            base.corpus,
            base.info.train,
            base_digest=base.info.digest,
            progress=progress,
            draw=draw,
        )
    put_fitted(bench, TRAIN, fitted, ran="trained", seconds=clock.seconds)
