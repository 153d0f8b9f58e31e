"""Real git repositories for tests."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

Files = Mapping[str, str | bytes | None]
"""File contents by path; `None` takes a file away."""


@dataclass(slots=True)
class Repository:
    """A git repository on disk.

    Attributes:
        path: Its top directory.
        commits: The ids of the commits made here, oldest first.
    """

    path: Path
    commits: list[str] = field(default_factory=list)

    def git(self, *arguments: str) -> str:
        """What git prints, stripped; a failure fails the test."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr}"
        return done.stdout.strip()

    def write(self, files: Files) -> None:
        """Writes files into the work tree, and takes away those that are `None`."""
        for name, content in files.items():
            put(self.path / name, content)

    def commit(self, files: Files | None = None, message: str = "change") -> str:
        """Commits the whole work tree, after writing the files; the commit's id."""
        self.write(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        self.commits.append(self.git("rev-parse", "HEAD"))
        return self.commits[-1]


def put(path: Path, content: str | bytes | None) -> None:
    """Writes one file with just these bytes, or takes it away."""
    if content is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
