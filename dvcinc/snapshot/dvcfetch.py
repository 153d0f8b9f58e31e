"""Objects from DVC's remote into its cache, by DVC itself; only where asked for."""

from __future__ import annotations

from pathlib import Path

from dvcinc.errors import CannotTellError
from dvcinc.release import getting
from dvcinc.snapshot.dvcouts import Out


def fetch(root: Path, out: Out) -> None:
    """Fetches the object of an out into the cache of a DVC repository.

    Raises:
        CannotTellError: DVC is not installed, or the remote does not give it.
    """
    try:
        from dvc.repo import Repo  # noqa: PLC0415 - takes a second to import
        from dvc_data.hashfile.hash_info import HashInfo  # noqa: PLC0415
    except ImportError as error:
        raise CannotTellError(
            f"{out.path}: DVC is not installed, and so cannot fetch {out.md5}",
            f"{getting('train')}, or run dvc fetch elsewhere",
        ) from error
    names = ("md5", "md5-dos2unix") if out.legacy else ("md5",)
    try:
        with Repo(str(root)) as repo:
            for name in names:
                repo.cloud.pull([HashInfo(name, out.md5)])
    except Exception as error:  # storage raises anything
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise CannotTellError(
            f"{out.path}: DVC cannot fetch {out.md5} ({out.pointer}): {reason}",
            "see dvc remote list and dvc fetch",
        ) from error
