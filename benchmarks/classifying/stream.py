"""Commits to a repository through one `git fast-import`: thousands in a second."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

BRANCH = "refs/heads/main"
# A fixed clock: the same history has the same commit ids.
_FIRST, _STEP = 1_700_000_000, 600
_WHO = "bench <bench@example.org>"


@dataclass(slots=True)
class Import:
    """A running `git fast-import` into a new repository; a context manager.

    Attributes:
        path: The repository, which is made.
        marks: How many commits there are; each is named by its number.
    """

    path: Path
    marks: int = 0
    _running: subprocess.Popen[bytes] = field(init=False)
    _into: IO[bytes] = field(init=False)

    def __enter__(self) -> Self:
        self.path.mkdir(parents=True)
        git(self.path, "init", "--quiet", "--initial-branch=main")
        command = ["git", "fast-import", "--quiet", "--done"]
        self._running = subprocess.Popen(
            command, cwd=self.path, stdin=subprocess.PIPE, env=environment()
        )
        assert self._running.stdin is not None  # noqa: S101 - it was asked for
        self._into = self._running.stdin
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._into:
            if error is None:
                self._into.write(b"done\n")
        if self._running.wait() and error is None:
            raise subprocess.CalledProcessError(
                self._running.returncode, "git fast-import"
            )
        if error is None:
            git(self.path, "reset", "--quiet", "--hard", "main")

    def commit(
        self,
        message: str,
        written: Iterable[tuple[str, bytes]],
        *,
        parents: Sequence[int] = (),
        moved: Iterable[tuple[str, str]] = (),
    ) -> int:
        """Adds a commit on top of its parents, the first of which holds its files.

        Returns:
            The number that names it as a parent.
        """
        self.marks += 1
        when = _FIRST + self.marks * _STEP
        lines = [f"commit {BRANCH}\nmark :{self.marks}\n"]
        lines.append(f"committer {_WHO} {when} +0000\n")
        lines.append(f"data {len(message.encode())}\n{message}\n")
        lines += [f"from :{parent}\n" for parent in parents[:1]]
        lines += [f"merge :{parent}\n" for parent in parents[1:]]
        lines += [f"R {old} {new}\n" for old, new in moved]
        self._into.write("".join(lines).encode())
        for path, data in written:
            self._into.write(f"M 100644 inline {path}\ndata {len(data)}\n".encode())
            self._into.write(data + b"\n")
        return self.marks


def environment() -> dict[str, str]:
    """This project's code first, an author for commits, nobody's configuration."""
    root = str(Path(__file__).resolve().parents[2])
    others = [one for one in (os.environ.get("PYTHONPATH"),) if one]
    # Installed packages are compiled; nobody waits for that at every start.
    compiled = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {
        **compiled,
        "PYTHONPATH": os.pathsep.join((root, *others)),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (("NAME", "bench"), ("EMAIL", "bench@example.org"))
        },
    }


def git(path: Path, *arguments: str) -> str:
    """What git prints, stripped; it must succeed."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=path,
        env=environment(),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip()
