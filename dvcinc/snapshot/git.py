"""Runs `git`, as `history` does through GitPython: small questions, exact answers.

It only reads objects; it never checks out and never writes to the repository, not
even the index's cached stat data. The environment is left as it is, since a hook's
`GIT_INDEX_FILE` names the index of the commit that is being made.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dvcinc.errors import GitError

# A repository's own configuration must not run programs or change the output.
_SAFE = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.quotePath=false",
    "--literal-pathspecs",
)
_ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
_LINK, _SUBMODULE = "120000", "160000"


class Entry(NamedTuple):
    """A file of a tree or of the index: path from the project, mode, blob id."""

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


@dataclass(frozen=True, slots=True)
class Git:
    """A repository as seen from a project directory in it.

    Attributes:
        project: The project directory.
        prefix: Its path from the top of the repository, empty or ending in `/`.
    """

    project: Path
    prefix: str

    def run(self, *arguments: str, given: bytes | None = None) -> bytes:
        """What git prints.

        Raises:
            GitError: Git is missing or says no.
        """
        done = _start(self.project, arguments, given)
        if done.returncode:
            raise GitError(f"git {arguments[0]} failed: {_complaint(done)}")
        return done.stdout

    def try_run(self, *arguments: str) -> str | None:
        """What git prints, stripped, or `None` where it says no."""
        done = _start(self.project, arguments, None)
        return None if done.returncode else done.stdout.decode().strip()

    def commit(self, revision: str) -> str:
        """The full id of the commit that a revision names.

        Raises:
            GitError: There is no such commit.
        """
        found = self.try_run(
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            f"{revision}^{{commit}}",
        )
        if found:
            return found
        if revision == "HEAD":
            raise GitError("there is no commit yet", "commit once, then run this again")
        raise GitError(
            f"no commit is named {revision!r}",
            "in a shallow clone, fetch it first (fetch-depth: 0)"
            if self.is_shallow()
            else "see git branch --all and git log",
        )

    def head(self) -> str | None:
        """The id of the commit at HEAD, `None` before the first commit."""
        return self.try_run("rev-parse", "--verify", "--quiet", "HEAD^{commit}") or None

    def is_shallow(self) -> bool:
        """Whether history was cut off when this clone was made."""
        return self.try_run("rev-parse", "--is-shallow-repository") == "true"

    def merge_base(self, one: str, other: str) -> str:
        """The best common ancestor of two commits.

        Raises:
            GitError: They have none, or history is cut off before it.
        """
        found = self.try_run("merge-base", one, other)
        if not found:
            raise GitError(
                f"{one} and {other} have no merge base",
                "in a shallow clone, fetch the whole history (fetch-depth: 0)",
            )
        return found.split("\n")[0]

    def tree(self, commit: str, paths: Sequence[str] = ()) -> list[Entry]:
        """The files of a commit below the given paths (from the project), sorted."""
        listed = self.run(
            "ls-tree", "-r", "-z", "--full-tree", commit, "--", *self._full(paths)
        )
        return sorted(self._tree_entries(listed))

    def tree_ids(self, commit: str, paths: Sequence[str]) -> bytes:
        """What identifies the contents of the paths at a commit, unread."""
        return self.run(
            "ls-tree", "-z", "--full-tree", commit, "--", *self._full(paths)
        )

    def index(self, paths: Sequence[str] = ()) -> list[Entry]:
        """The files of the index below the given paths (from the project), sorted.

        Raises:
            GitError: A file is in conflict: an open merge has left it undecided.
        """
        listed = self.run(
            "ls-files", "-s", "-z", "--full-name", "--", *self._here(paths)
        )
        return sorted(self._index_entries(listed))

    def blobs(self, ids: Sequence[str]) -> list[bytes]:
        """The contents of blobs, in the order asked, by one `cat-file --batch`."""
        if not ids:
            return []
        out = self.run("cat-file", "--batch", given="\n".join(ids).encode() + b"\n")
        return list(_batch(out, ids))

    def commit_time(self, commit: str) -> int:
        """When a commit was made, in seconds since 1970, UTC."""
        return int(
            self.run("show", "-s", "--no-show-signature", "--format=%ct", commit)
        )

    def _full(self, paths: Sequence[str]) -> list[str]:
        if not paths:
            return [self.prefix or "."] if self.prefix else []
        return [
            self.prefix.rstrip("/") or "." if p == "." else self.prefix + p
            for p in paths
        ]

    @staticmethod
    def _here(paths: Sequence[str]) -> list[str]:
        return list(paths) or ["."]

    def _tree_entries(self, listed: bytes) -> Iterator[Entry]:
        for line in listed.split(b"\0"):
            if line:
                about, _, path = line.partition(b"\t")
                mode, _, blob = about.decode().split(" ")
                yield Entry(self._project_path(path), mode, blob)

    def _index_entries(self, listed: bytes) -> Iterator[Entry]:
        for line in listed.split(b"\0"):
            if not line:
                continue
            about, _, path = line.partition(b"\t")
            mode, blob, stage = about.decode().split(" ")
            if stage != "0":
                raise GitError(
                    f"{self._project_path(path)} is in conflict",
                    "resolve the merge and git add the file",
                )
            yield Entry(self._project_path(path), mode, blob)

    def _project_path(self, path: bytes) -> str:
        return os.fsdecode(path).removeprefix(self.prefix)


def open_git(project: Path) -> Git:
    """The repository that holds a project directory.

    Raises:
        GitError: There is none, or git is not installed.
    """
    done = _start(
        project, ("rev-parse", "--is-inside-work-tree", "--show-prefix"), None
    )
    if done.returncode:
        complaint = _complaint(done)
        if "not a git repository" in complaint:
            raise GitError(
                f"{project} is not in a Git repository",
                "run git init, or give the project with --project DIR",
            )
        raise GitError(f"git cannot read this repository: {complaint}")
    _, _, prefix = done.stdout.partition(b"\n")
    return Git(project, os.fsdecode(prefix).rstrip("\n"))


def _start(
    directory: Path, arguments: Sequence[str], given: bytes | None
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", *_SAFE, *arguments],
            cwd=directory,
            env={**os.environ, **_ENVIRONMENT},
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        if not directory.is_dir():
            raise GitError(f"{directory} is no directory") from error
        raise GitError("git is not installed", "install Git 2.25 or newer") from error


def _complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    said = done.stderr.decode(errors="replace").strip()
    return said.removeprefix("fatal: ") or f"exit code {done.returncode}"


def _batch(out: bytes, ids: Sequence[str]) -> Iterator[bytes]:
    at = 0
    for blob in ids:
        end = out.index(b"\n", at)
        header = out[at:end].decode().split(" ")
        if header[-1] == "missing":
            raise GitError(f"the object {blob} is missing", "run git fetch")
        size = int(header[2])
        yield out[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
