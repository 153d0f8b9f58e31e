"""Whether the DVC remote of a project answers; the one question that goes online."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Protocol

from dvcinc.errors import CannotTellError

_WAIT_S = 20.0
"""Seconds to wait: storage that is not there may never say so."""


class _Files(Protocol):
    """DVC's view of a storage, as far as it is asked here."""

    def info(self, path: str) -> object:
        """What is known of a path."""


def _is_there(files: _Files, path: str) -> bool:
    try:
        files.info(path)
    except FileNotFoundError as error:
        # Some storages say so of a host that cannot be reached, too.
        cause = error.__cause__
        if isinstance(cause, OSError) and not isinstance(cause, FileNotFoundError):
            raise cause from error
        return False
    return True


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
                answers.append(_is_there(store.fs, store.path))
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
