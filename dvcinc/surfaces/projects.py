"""Which projects a hook looks at: those that are named, the top, or all that it holds.

Light: it runs on every commit, whatever the commit touches.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path

from dvcinc.snapshot.git import open_git
from dvcinc.snapshot.touched import INDEX
from dvcinc.surfaces.place import nearest_project

_PIPELINE, _PARAMS = "dvc.yaml", "params.yaml"
_STAGE = b"dvcinc stage plan"


def projects(given: Sequence[Path]) -> list[Path]:
    """The directories of the projects.

    Where none is given and the current directory is in none, these are all whose
    `dvc.yaml` has the stage `plan`, as it stands in the index.

    Raises:
        GitError: There is no repository.
    """
    if given:
        return list(given)
    here = nearest_project(Path())
    if _is_project(here):
        return [here]
    return list(_staged_ones()) or [here]


def _is_project(folder: Path) -> bool:
    try:
        return _STAGE in (folder / _PIPELINE).read_bytes()
    except OSError:
        return (folder / _PARAMS).is_file()


def _staged_ones() -> Iterator[Path]:
    git = open_git(Path())
    listed = os.fsdecode(git.run("ls-files", "-z", "--full-name")).split("\0")
    paths = [path for path in listed if path.rpartition("/")[2] == _PIPELINE]
    if not paths:
        return
    names = [posixpath.relpath(path, git.prefix or ".") for path in paths]
    for path, found in zip(paths, git.at(INDEX, names), strict=True):
        if found is not None and _STAGE in found.data:
            folder = (git.top / path).parent
            yield Path(os.path.relpath(folder))
