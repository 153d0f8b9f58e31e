"""Commands as whole processes: seconds by the clock, and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from classifying.stream import environment

BARE = (sys.executable, "-c", "pass")
DVCINC = (sys.executable, "-m", "dvcinc")
# The kernel counts in KiB, that of macOS in bytes.
_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command: seconds, and the most bytes that it held at a time."""

    seconds: float
    peak: int


class FailedError(Exception):
    """A command that is measured failed; the message is what it said."""


def run(path: Path, command: Sequence[str]) -> Run:
    """Runs a command in a folder.

    Raises:
        FailedError: Its exit code is not 0.
    """
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        running = subprocess.Popen(
            command,
            cwd=path,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        _, status, usage = os.wait4(running.pid, 0)
        took = time.perf_counter() - began
        running.returncode = os.waitstatus_to_exitcode(status)
        if running.returncode:
            said.seek(0)
            text = said.read().decode(errors="replace").strip()
            raise FailedError(f"{' '.join(command[1:])}: {text}")
    return Run(took, usage.ru_maxrss * _UNIT)


def knows(path: Path, command: str) -> bool:
    """Whether dvcinc has a command."""
    try:
        run(path, (*DVCINC, command, "--help"))
    except FailedError:
        return False
    return True
