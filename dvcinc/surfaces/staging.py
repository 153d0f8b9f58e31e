"""`stage …`: what `dvc.yaml` runs; the only command that reaches the stages."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from dvcinc.stages.bench import Talk
from dvcinc.surfaces.terminal import Terminal


def run_stage(name: str, project: Path) -> None:
    """Runs a stage by its name; its module is imported only now.

    Raises:
        DvcincError: The stage says what is wrong.
    """
    module = import_module(f"dvcinc.stages.{name}")
    run = cast("Callable[[Path, Talk], None]", getattr(module, f"run_{name}"))
    run(project, Terminal())
