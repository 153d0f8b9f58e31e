"""Whether the DVC remote of a project answers; the one question that goes online."""

from __future__ import annotations

import threading
from pathlib import Path

from dvcinc.errors import CannotTellError

_WAIT_S = 20.0
"""Seconds to wait: storage that is not there may never say so."""


def reach(project: Path) -> bool:
    """Whether something lies at the default remote; an empty one is as good as none.

    Raises:
        CannotTellError: It cannot be reached, or does not answer in time.
        ModuleNotFoundError: DVC is not installed.
    """
    # Imported here: a module that is missing is no answer of the remote's.
    from dvc.repo import Repo  # noqa: PLC0415

    answers: list[bool | Exception] = []

    def ask() -> None:
        try:
            with Repo(str(project), subrepos=True) as repo:
                store = repo.cloud.get_remote_odb()
                answers.append(bool(store.fs.exists(store.path)))
        except Exception as error:  # noqa: BLE001 - storage raises anything
            answers.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_WAIT_S)
    if not answers:
        raise CannotTellError(f"the remote gave no answer within {_WAIT_S:.0f} s")
    answer = answers[0]
    if isinstance(answer, Exception):
        reason = str(answer).partition("\n")[0] or type(answer).__name__
        raise CannotTellError(f"the remote cannot be reached: {reason}")
    return answer
