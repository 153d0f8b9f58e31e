"""What trees and `git ls-files` say, as entries seen from the project."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dvcinc.errors import GitError
from dvcinc.snapshot.trees import Leaf

_LINK, _SUBMODULE = "120000", "160000"
# Of the blob without content.
EMPTY = {
    "sha1": "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "sha256": "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
}


class Entry(NamedTuple):
    """A file of a tree or of the index: path from the project, mode, object id."""

    path: str
    mode: str
    blob: str

    @property
    def is_file(self) -> bool:
        """Whether it has content of its own (no symbolic link, no submodule)."""
        return self.mode not in {_LINK, _SUBMODULE}

    @property
    def is_submodule(self) -> bool:
        """Whether it is a commit of another repository."""
        return self.mode == _SUBMODULE

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link; its blob says where to."""
        return self.mode == _LINK


def tree_entries(leaves: Iterable[Leaf], prefix: str) -> Iterator[Entry]:
    """The leaves of trees."""
    for path, mode, blob in leaves:
        yield Entry(project_path(path, prefix), mode, blob)


def index_entries(listed: bytes, prefix: str) -> Iterator[Entry]:
    """The entries of `ls-files -s -z --full-name`.

    Raises:
        GitError: A file is in conflict: an open merge has left it undecided.
    """
    for line in listed.split(b"\0"):
        if line:
            about, _, path = line.partition(b"\t")
            mode, blob, stage = about.decode().split(" ")
            if stage != "0":
                raise in_conflict(project_path(path, prefix))
            yield Entry(project_path(path, prefix), mode, blob)


def in_conflict(path: str) -> GitError:
    """The error for a file that an open merge has left undecided."""
    if path.endswith(".dvc"):
        from dvcinc.snapshot.dvcconflict import way_out  # noqa: PLC0415 - seldom

        return GitError(f"{path} is in conflict", way_out(path))
    return GitError(f"{path} is in conflict", "resolve the merge and git add the file")


def project_path(path: bytes | str, prefix: str) -> str:
    """A path from the top of the repository as the project calls it."""
    full = os.fsdecode(path)
    if full.startswith(prefix):
        return full.removeprefix(prefix)
    return posixpath.relpath(full, prefix)  # behind a link to elsewhere in it
