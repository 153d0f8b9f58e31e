"""Runs jobs one after the other, each in a process of its own, and hears how far it is.

One at a time: times are compared, and two side by side would disturb each other.
"""

from __future__ import annotations

import json
import multiprocessing
import signal
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from dvcinc.comparison.stored import from_bytes
from dvcinc.comparison.trial import Trial
from dvcinc.errors import DvcincError
from dvcinc.stages.bench import Progress
from dvcinc.stages.trying import Job, work

_HINT = "is there enough memory?"


def run_trial(job: Job, progress: Progress) -> Trial:
    """Does a job; if this is interrupted, so is the process.

    Raises:
        DvcincError: What the process says, or that it was killed.
    """
    # A fork would begin with this process's memory.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(job, theirs), daemon=True)
    try:
        _start(process)
        theirs.close()
        return heard(ours, process, progress)
    finally:
        if process.pid is not None:
            process.kill()
            process.join()
        ours.close()


def _start(process: BaseProcess) -> None:
    """Starts a process that no interrupt from the terminal reaches, not even as it is.

    It inherits what is blocked; an interrupt meanwhile reaches this process afterwards.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def heard(connection: Connection, process: BaseProcess, progress: Progress) -> Trial:
    """What a process tells at last; on the way there, `progress` is told.

    Raises:
        DvcincError: What it refuses, or that it was killed.
        ModuleNotFoundError: A package is not installed.
        RuntimeError: It has met a bug.
    """
    while True:
        try:
            said = json.loads(connection.recv_bytes())
        except EOFError:
            process.join()
            raise DvcincError(
                f"the training ended with code {process.exitcode}", _HINT
            ) from None
        match said:
            case {"trial": trial}:
                return from_bytes(trial.encode(), "trial", "")
            case {"error": message, "hint": hint}:
                raise DvcincError(message, hint)
            case {"missing": name}:
                raise ModuleNotFoundError(f"{name} is missing", name=name)
            case {"bug": bug}:
                raise RuntimeError(bug)
        progress(**said)
