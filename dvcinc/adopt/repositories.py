"""Which repositories a project lies in, and what has to be run to begin."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from dvcinc.adopt.dvcfile import PATH as PIPELINE
from dvcinc.adopt.find import Ground, ground
from dvcinc.params import PATH as PARAMS
from dvcinc.plan.document import PATH as PLAN
from dvcinc.snapshot.dvcconfig import dvc_root

DVC_INIT = ("dvc init", "dvc init --subdir")
"""What makes a DVC repository: of all of a Git repository, or of a folder below."""


def dvc_missing(project: Path) -> bool:
    """Whether a project lies in no DVC repository."""
    here = ground(project)
    return dvc_root(project, here.top.resolve()) is None


def dvc_init(here: Ground) -> str:
    """The command that makes a project a DVC repository."""
    below = here.git is not None and here.git.prefix
    return DVC_INIT[1] if below else DVC_INIT[0]


def next_steps(project: Path, *, git: bool, dvc: bool, changed: bool) -> Iterator[str]:
    """The commands to run now, in their order.

    Args:
        project: The project directory.
        git: Whether `git init` counts as done, in a dry run.
        dvc: Whether `dvc init` does.
        changed: Whether there is something new to commit.
    """
    steps = list(_steps(project, git=git, dvc=dvc, changed=changed))
    if steps and project.resolve() != Path.cwd():
        yield f"cd {shlex.quote(str(project))}"
    yield from steps


def _steps(project: Path, *, git: bool, dvc: bool, changed: bool) -> Iterator[str]:
    here = ground(project)
    if here.git is None and not git:
        yield "git init"
    if dvc_missing(project) and not dvc:
        yield dvc_init(here)
    if here.git is None and not git:
        yield "dvcinc install"
    if changed or not (project / PLAN).is_file():
        yield "dvc repro"
        yield 'git add --all && git commit -m "dvcinc"'
    elif not _is_committed(here):
        yield 'git add --all && git commit -m "dvcinc"'


def _is_committed(here: Ground) -> bool:
    if here.git is None or here.git.head() is None:
        return False
    paths = [here.git.full(path) for path in (PIPELINE, PARAMS, PLAN)]
    return not here.git.run("status", "--porcelain", "--", *paths)
