"""What every test stands on: no setting of this machine, and real git repositories."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from repositories import Files, Repository

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
