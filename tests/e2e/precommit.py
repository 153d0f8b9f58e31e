"""The real pre-commit, with hooks that it builds of this repository as it stands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from e2e.project import ROOT
from repositories import Repository

# As it was when the tests were gathered: pip's configuration may lie at home.
_AMBIENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("GIT_", "DVC", "PRE_COMMIT", "PYTHONPATH", "VIRTUAL_ENV"))
}
_WHO = {"NAME": "Ada", "EMAIL": "ada@example.org"}
IDS = {
    "pre-commit": "dvcinc-check",
    "pre-merge-commit": "dvcinc-check",
    "commit-msg": "dvcinc-commit-msg",
    "prepare-commit-msg": "dvcinc-prepare-commit-msg",
    "pre-push": "dvcinc-pre-push",
}
_PACKAGED = (
    "dvcinc",
    ".pre-commit-hooks.yaml",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)


@dataclass(frozen=True)
class PreCommit:
    """pre-commit with a cache of its own.

    Attributes:
        home: Where it builds environments.
        product: This repository with all that is not committed yet.
    """

    home: Path
    product: Repository

    def environment(self, **more: str) -> dict[str, str]:
        """An environment like a fresh shell's."""
        return {
            **_AMBIENT,
            **{f"GIT_AUTHOR_{key}": value for key, value in _WHO.items()},
            **{f"GIT_COMMITTER_{key}": value for key, value in _WHO.items()},
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "PRE_COMMIT_HOME": str(self.home),
            "PRE_COMMIT_COLOR": "never",
            **more,
        }

    def run(self, folder: Path, *arguments: str, **more: str):
        """Runs pre-commit."""
        return self._run(folder, [sys.executable, "-m", "pre_commit", *arguments], more)

    def git(self, folder: Path, *arguments: str, **more: str):
        """Runs git, which may run pre-commit's hooks; what they say is in `stderr`."""
        return self._run(folder, ["git", *arguments], more)

    def shell(self, folder: Path, command: str):
        """Runs a line of a shell."""
        return self._run(folder, ["bash", "-c", command], {})

    @staticmethod
    def copy(target: Path, *paths: str) -> None:
        """Copies files of this repository, those that are not ignored."""
        listed = subprocess.run(
            ["git", "ls-files", "-z", "-co", "--exclude-standard", "--", *paths],
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        )
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, target / name)

    def _run(self, folder: Path, command: list[str], more: dict[str, str]):
        done = subprocess.run(
            command,
            cwd=folder,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
        return done

    def config(self, *hooks: str) -> str:
        """A configuration with some hooks; options may stand behind their ids."""
        entries = []
        for hook in hooks:
            name, *args = hook.split(" ")
            entries.append(f"  - id: {name}\n    args: [{', '.join(args)}]\n")
        return (
            f"repos:\n- repo: {self.product.path}\n"
            f"  rev: {self.product.commits[-1]}\n  hooks:\n{''.join(entries)}"
        )

    def installed(self, made: Repository, *hooks: str) -> Repository:
        """A repository whose configuration has hooks, every kind of them installed."""
        made.commit({".pre-commit-config.yaml": self.config(*hooks)}, "hooks")
        kinds = [option for kind in IDS for option in ("--hook-type", kind)]
        done = self.run(made.path, "install", *kinds)
        assert done.returncode == 0, done.stdout + done.stderr
        return made

    def built(self) -> Path:
        """The environment that it has built."""
        (found,) = self.home.glob("repo*/py_env-*")
        return found


def create(folder: Path) -> PreCommit:
    """Copies this repository as it stands, and lets pre-commit build its hooks."""
    product = Repository(folder / "product")
    product.path.mkdir(parents=True)
    made = PreCommit(folder / "home", product)
    made.copy(product.path, *_PACKAGED)
    for command in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        ["commit", "-qm", "x"],
    ):
        done = made.git(product.path, *command)
        assert done.returncode == 0, done.stderr
    product.commits.append(product.git("rev-parse", "HEAD"))
    return made
