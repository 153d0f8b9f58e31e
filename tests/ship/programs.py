"""A `python` that makes environments in no time, for scripts that install dvcinc.

What they would install is already here; what they ask pip for is printed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from e2e.project import ROOT

_HERE = f"env PYTHONPATH='{ROOT}' PYTHONDONTWRITEBYTECODE=1 OPENBLAS_NUM_THREADS=1"
_PROGRAMS = {
    "pip": 'echo "pip $*"',
    # python -I -m pip …
    "python": 'shift 2; echo "$*"',
    "dvcinc": f"exec {_HERE} '{sys.executable}' -P -m dvcinc \"$@\"",
    "dvc": f"exec {_HERE} '{sys.executable}' -P -m dvc \"$@\"",
}


def programs(folder: Path) -> Path:
    """A folder to come first on the path."""
    made = folder / "ready"
    for name, line in _PROGRAMS.items():
        _script(made / "bin" / name, line)
    place = folder / "programs"
    copied = f'for last; do :; done; mkdir -p "$last" && cp -r \'{made}/bin\' "$last"'
    for name in ("python", "python3"):
        # python -I -m venv DIR, python -I -c PROGRAM
        real = f'if [ "$2" = -c ]; then exec \'{sys.executable}\' "$@"; fi'
        _script(place / name, f"{real}\n{copied}")
    return place


def _script(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
