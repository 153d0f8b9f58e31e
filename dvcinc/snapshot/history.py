"""Git history by GitPython: commits that touched files, and what the files said then.

Apart from `dvcinc.snapshot.git`, since importing GitPython costs more than a hook may
take; it runs in the same environment, so that it too starts nothing and asks nobody.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from dvcinc.snapshot.git import Git


class History:
    """The history behind a commit, seen from a project directory.

    Args:
        git: The repository.
        revision: The commit to start from.
    """

    def __init__(self, git: Git, revision: str) -> None:
        # GitPython takes a tenth of a second to import.
        from git import Repo  # noqa: PLC0415

        self._git = git
        self._revision = revision
        place = git.found.place
        self._repo = Repo(place.directory, search_parent_directories=True)
        # Names are no patterns here either.
        quiet = {**place.settled(), "GIT_LITERAL_PATHSPECS": "1"}
        self._repo.git.update_environment(**quiet)

    def commits(self, paths: Sequence[str]) -> Iterator[str]:
        """Ids of the commits that touched the paths, newest first, all parents."""
        full = [posixpath.normpath(self._git.prefix + path) for path in paths]
        walk = self._repo.git.rev_list(
            "--full-history", self._revision, "--", *full, as_process=True
        )
        for line in walk.stdout:
            yield line.decode().strip()

    def read(self, commit: str, path: str) -> bytes | None:
        """A file as it was at a commit, or `None` where it was not."""
        (found,) = self._git.at(commit, [path])
        return None if found is None or found.kind != "blob" else found.data

    def close(self) -> None:
        """Ends the processes that GitPython keeps."""
        self._repo.close()
