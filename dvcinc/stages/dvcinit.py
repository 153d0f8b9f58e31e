"""`dvc init`, for those who ask `dvcinc init` for it."""

from __future__ import annotations

from pathlib import Path

from dvcinc.errors import InputError


def init_dvc(project: Path, *, subdir: bool) -> None:
    """Makes a directory a DVC repository; Git has to be there.

    Args:
        project: The directory.
        subdir: Whether it lies below the top of the Git repository.

    Raises:
        InputError: DVC says no.
        ModuleNotFoundError: DVC is not installed.
    """
    from dvc.exceptions import DvcException  # noqa: PLC0415 - takes a second
    from dvc.repo import Repo  # noqa: PLC0415

    try:
        Repo.init(str(project), subdir=subdir).close()
    except DvcException as error:
        raise InputError(f"dvc init: {error}", "run dvc init yourself") from error
