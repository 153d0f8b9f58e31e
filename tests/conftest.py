"""What every test stands on: no setting of this machine, and real git repositories."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

Files = Mapping[str, str | bytes | None]
"""File contents by path; `None` takes a file away."""

# The isolation fixture is the same for every example of a property.
settings.register_profile(
    "dvcinc",
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("dvcinc")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home directory with a git configuration of its own."""
    folder = tmp_path_factory.mktemp("home")
    (folder / ".gitconfig").write_text(
        "[init]\n\tdefaultBranch = main\n[core]\n\tautocrlf = false\n"
        '[protocol "file"]\n\tallow = always\n',
        encoding="utf-8",
    )
    return folder


@pytest.fixture(autouse=True)
def isolated(
    monkeypatch: pytest.MonkeyPatch,
    home: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """No configuration, author, clock or repository of the caller's reaches a test."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "DVC_"))]:
        monkeypatch.delenv(name)
    who = {"NAME": "Ada", "EMAIL": "ada@example.org", "DATE": "2024-01-01T12:00:00Z"}
    settled = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(tmp_path_factory.getbasetemp()),
        "DVC_GLOBAL_CONFIG_DIR": str(home / "dvc-global"),
        "DVC_SYSTEM_CONFIG_DIR": str(home / "dvc-system"),
        "DVC_SITE_CACHE_DIR": str(home / "dvc-site"),
        "DVC_NO_ANALYTICS": "1",
        **{f"GIT_AUTHOR_{key}": value for key, value in who.items()},
        **{f"GIT_COMMITTER_{key}": value for key, value in who.items()},
    }
    for name, value in settled.items():
        monkeypatch.setenv(name, value)


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


@pytest.fixture
def repo(tmp_path: Path) -> Callable[..., Repository]:
    """Makes a repository: `repo({"a.yml": "…"}, {"a.yml": "…"})`, a commit each.

    `name` tells several repositories of one test apart.
    """

    def make(*history: Files, name: str = "repo") -> Repository:
        path = tmp_path / name
        path.mkdir()
        made = Repository(path)
        made.git("init", "--quiet")
        for number, files in enumerate(history, 1):
            made.commit(files, f"commit {number}")
        return made

    return make
