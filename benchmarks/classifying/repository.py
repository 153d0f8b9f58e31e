"""A size to a repository on disk, made once and kept; and what is done to it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from classifying.bot import Size, longer
from classifying.stream import environment, git

MADE = "1"
"""What is kept counts only if this version of the benchmark made it."""
PLAN_SECONDS = 180
# As DVC ignores its outs; the plan itself is in Git.
_IGNORED = ("base", "delta", "tables")


class Kind(Enum):
    """How a repository knows its base."""

    BARE = "no plan"
    PLANNED = "plan"
    CLONE = "plan, clone"


class TooSlowError(Exception):
    """A plan took longer than anybody would wait."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository whose HEAD adds three examples to its first commit's data.

    Attributes:
        path: Its top, the project.
        title: What the table calls it.
        kind: How it knows its base.
    """

    path: Path
    title: str
    kind: Kind

    def clean(self) -> None:
        """Takes back what earlier runs staged."""
        git(self.path, "reset", "--quiet", "--hard")

    def forget(self) -> None:
        """Removes dvcinc's cache, so that the next run is cold."""
        folder = git(self.path, "rev-parse", "--git-common-dir")
        shutil.rmtree(self.path / folder / "dvcinc", ignore_errors=True)

    def stage(self, number: int) -> None:
        """Stages three examples that were never seen, in the file that HEAD changed."""
        self.clean()
        name = git(self.path, "diff", "--name-only", "HEAD~1", "HEAD").split("\n")[0]
        path = self.path / name
        said = path.read_text(encoding="utf-8")
        path.write_text(longer(said, number), encoding="utf-8")
        git(self.path, "add", name)


def bare(folder: Path, size: Size) -> Repository:
    """A repository without a plan: the data, and three examples more."""
    path = folder.absolute() / f"{MADE}-{size.examples}-{size.files}"
    _once(path, lambda new: _make(new, size, 0))
    return Repository(path, str(size), Kind.BARE)


def recorded(folder: Path, size: Size, commits: int) -> Repository:
    """A repository with a history of small changes."""
    path = folder.absolute() / f"{MADE}-{size.examples}-{size.files}-log-{commits}"
    _once(path, lambda new: _make(new, size, commits))
    return Repository(path, f"{size}, log", Kind.BARE)


def planned(folder: Path, size: Size) -> Repository:
    """The same with a plan, as `dvcinc stage plan` writes it, below the last commit.

    Raises:
        TooSlowError: The stage takes more than three minutes.
    """
    source = bare(folder, size)
    path = source.path.with_name(f"{source.path.name}-plan")
    _once(path, lambda new: _plan(source.path, new))
    return Repository(path, source.title, Kind.PLANNED)


def cloned(folder: Path, size: Size) -> Repository:
    """A clone of one with a plan: what DVC has cached is not there.

    Raises:
        TooSlowError: The plan takes more than three minutes.
    """
    source = planned(folder, size)
    path = source.path.with_name(f"{source.path.name}-clone")
    _once(path, lambda new: git(source.path, "clone", "--quiet", ".", str(new)))
    return Repository(path, source.title, Kind.CLONE)


def _make(path: Path, size: Size, commits: int) -> None:
    said = (str(size.examples), str(size.files), str(commits), str(path))
    subprocess.run(
        [sys.executable, "-m", "classifying.making", *said],
        cwd=Path(__file__).parents[1],
        env=environment(),
        check=True,
    )


def _plan(source: Path, path: Path) -> None:
    git(source, "clone", "--quiet", ".", str(path))
    last = git(path, "rev-parse", "HEAD")
    git(path, "reset", "--quiet", "--hard", "HEAD~1")
    command = [sys.executable, "-m", "dvcinc", "stage", "plan"]
    quiet, who = subprocess.DEVNULL, environment()
    try:
        subprocess.run(
            command, cwd=path, env=who, check=True, stdout=quiet, timeout=PLAN_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        said = f"dvcinc stage plan takes more than {PLAN_SECONDS} s"
        raise TooSlowError(said) from error
    ignored = "".join(f"/{name}\n" for name in _IGNORED)
    (path / "plan" / ".gitignore").write_text(ignored, encoding="utf-8")
    git(path, "add", "--all")
    git(path, "commit", "--quiet", "--message", "plan")
    git(path, "cherry-pick", last)


def _once(path: Path, create: Callable[[Path], object]) -> None:
    """Makes a repository beside and renames it, unless an earlier run left it."""
    if path.exists():
        return
    began = time.perf_counter()
    new = path.with_name(f"{path.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    create(new)
    new.rename(path)
    print(f"made {path.name} in {time.perf_counter() - began:.1f} s", file=sys.stderr)
