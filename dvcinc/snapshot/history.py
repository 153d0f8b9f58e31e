"""Git history by GitPython: commits that touched files, and what the files said then.

Apart from `dvcinc.snapshot.git`, since importing GitPython costs more than a hook may
take; one `cat-file --batch` process answers for the whole walk.
"""

from __future__ import annotations

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

        self._prefix = git.prefix
        self._revision = revision
        self._repo = Repo(git.project, search_parent_directories=True)

    def commits(self, paths: Sequence[str]) -> Iterator[str]:
        """Ids of the commits that touched the paths, newest first, all parents."""
        found = self._repo.iter_commits(
            self._revision,
            paths=[self._prefix + path for path in paths],
            full_history=True,
        )
        for commit in found:
            yield commit.hexsha

    def read(self, commit: str, path: str) -> bytes | None:
        """A file as it was at a commit, or `None` where it was not."""
        try:
            blob = self._repo.commit(commit).tree / (self._prefix + path)
        except KeyError:
            return None
        return bytes(blob.data_stream.read()) if blob.type == "blob" else None

    def close(self) -> None:
        """Ends the processes that GitPython keeps."""
        self._repo.close()
