"""Where a command works: the project that the current directory belongs to."""

from __future__ import annotations

import os
from pathlib import Path

_MARKS = ("dvc.yaml", "params.yaml")


def nearest_project(start: Path) -> Path:
    """The nearest directory with a `dvc.yaml` or `params.yaml`, else the start itself.

    Looks upwards as far as the top of the repository, as git and dvc do.
    """
    here = start.resolve()
    for folder in (here, *here.parents):
        if any((folder / mark).is_file() for mark in _MARKS):
            return start if folder == here else Path(os.path.relpath(folder, here))
        if (folder / ".git").exists():
            break
    return start
