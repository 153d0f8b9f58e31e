"""Training curves, written by DVCLive while the training goes on.

DVCLive tells the DVC extension of VS Code, and Studio where that is set up, of new
points. Imported by trainings only, since DVCLive takes a moment to load.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

from dvclive.live import Live

from dvcinc.model.curve import LOSSES, CurvePoint
from dvcinc.plan.files import clear
from dvcinc.snapshot.dvcconfig import dvc_root
from dvcinc.stages.bench import Bench

_TELL_S = 0.5
"""How often others are told: it takes a hundred times as long as a point does."""


class _Live(Live):
    """DVCLive with its curves where `dvc.yaml` says, and its summary out of the way.

    The summary would be a second report beside the stage's own.
    """

    def __init__(self, curves: Path, scratch: Path) -> None:
        self._curves = str(curves)
        super().__init__(dir=str(scratch), save_dvc_exp=False, dvcyaml=None)

    @property
    def plots_dir(self) -> str:
        """Where the curves go, in a folder `metrics`."""
        return self._curves


class Drawing:
    """Draws the curve of one training, until it is closed.

    No training fails for its curve: what goes wrong with it is a warning.

    Args:
        bench: The stage at work.
        out: The folder of the curve, from the project.
    """

    def __init__(self, bench: Bench, out: str) -> None:
        self._talk = bench.talk
        self._live: _Live | None = None
        # DVCLive makes a DVC repository where there is none, and looks from here.
        if dvc_root(bench.project, Path("/")) is None:
            return
        curves, scratch = bench.path(out).absolute(), bench.scratch.absolute()
        try:
            clear(curves)
            with chdir(bench.project):
                self._live = _Live(curves, scratch / "live")
        except Exception as error:  # noqa: BLE001 - DVC, Git and disk raise anything
            self._give_up(error)
        self._told = time.monotonic()

    def __call__(self, point: CurvePoint) -> None:
        """Adds a point."""
        self._do(lambda live: self._add(live, point))

    def close(self) -> None:
        """The training is over."""
        self._do(Live.end)

    def _add(self, live: Live, point: CurvePoint) -> None:
        live.step = point.step
        for name in LOSSES:
            live.log_metric(name, float(f"{getattr(point, name):.6g}"))
        if time.monotonic() - self._told > _TELL_S:
            live.next_step()  # type: ignore[no-untyped-call]
            self._told = time.monotonic()

    def _do(self, work: Callable[[Live], None]) -> None:
        if self._live is None:
            return
        try:
            work(self._live)
        except Exception as error:  # noqa: BLE001 - likewise
            self._live = None
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        said = str(error).partition("\n")[0] or type(error).__name__
        self._talk.warn(f"DVCLive writes no training curve: {said}")
