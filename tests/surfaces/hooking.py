"""A bot whose commits run dvcinc's hooks, without pre-commit."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from corpora import nlu_yaml
from locks import reproduced
from repositories import Repository, put
from surfaces.run import BOT, PIPELINE, dvcinc

ROOT = Path(__file__).parents[2]
MORE = {"data/more.yml": nlu_yaml("greet: good day | hey")}
NEW = {"data/new.yml": nlu_yaml("order: a coffee | a tea please")}
NEWER = {"data/newer.yml": nlu_yaml("pay: the bill | let me pay")}
BROKEN = {"data/new.yml": "nlu: [\n"}
RUN = f"env PYTHONPATH={shlex.quote(str(ROOT))} {shlex.quote(sys.executable)} -m dvcinc"
PLANNED = {**BOT, "config.yml": PIPELINE}
STOPPED = "needs training from scratch, not done yet"


def hooked(made: Repository, *hooks: str, options: str = "") -> Repository:
    """Lets git run dvcinc's hooks: `check` is `pre-commit`, others have git's names."""
    for hook in hooks:
        name = {"check": "pre-commit", "warn": "pre-commit"}.get(hook, hook)
        file = made.path / ".git/hooks" / name
        put(file, f'#!/bin/sh\nexec {RUN} hook {hook} "$@" {options}\n')
        file.chmod(0o755)
    return made


def planned(repo, files=PLANNED) -> Repository:
    """A bot whose plan is committed, as `dvc repro` would leave it."""
    made = repo(files)
    repro(made)
    made.commit(message="plan")
    return made


def repro(made: Repository, last: str = "record") -> None:
    """What `dvc repro` writes, the weights left out, up to the last stage to run."""
    done = dvcinc(made.path, "stage", "plan")
    assert done.returncode == 0, done.stderr
    reproduced(made.path, last)


def git(made: Repository, *arguments: str, **environment: str):
    """Runs git, which may say no; `out` and `err` are what hooks said, too."""
    return subprocess.run(
        ["git", *arguments],
        cwd=made.path,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def commits(made: Repository, *arguments: str, **environment: str) -> tuple[bool, str]:
    """Whether a commit was made, and all that was said."""
    before = git(made, "rev-parse", "-q", "--verify", "HEAD").stdout
    done = git(made, "commit", "-m", "change", *arguments, **environment)
    after = git(made, "rev-parse", "-q", "--verify", "HEAD").stdout
    assert (done.returncode == 0) is (before != after), done.stderr
    assert "Traceback" not in done.stderr
    return before != after, done.stderr + done.stdout


def message(made: Repository) -> str:
    """The message of the last commit."""
    return made.git("log", "-1", "--format=%B")
