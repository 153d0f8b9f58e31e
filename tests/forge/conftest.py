"""Forges that run, and the command line against them."""

from __future__ import annotations

import json
import os
import time
from typing import NamedTuple

import pytest
from forge.fakes import BASE, HEAD, GitHub, GitLab
from forge.server import serving

from dvcinc.surfaces.cli import cli
from dvcinc.surfaces.door import guarded

_OURS = ("GITHUB_", "GITLAB_", "CI_", "DVCINC_", "GH_")


@pytest.fixture(autouse=True)
def no_job_of_ours(monkeypatch):
    """The job that runs these tests is none that they know of."""
    for name in [name for name in os.environ if name.startswith(_OURS)]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def github():
    with serving(GitHub()) as server:
        yield server


@pytest.fixture
def gitlab():
    with serving(GitLab()) as server:
        yield server


def decision(mode="finetune", project=".", reasons=1):
    """A decision document, as `classify --json` prints it."""
    digest = f"sha256:{'d' * 64}"
    said = [_reason(number, mode) for number in range(1, reasons + 1)]
    targets = {"nlu": mode, "dialogue": "none"}
    return {
        "schema": "dvcinc/decision/1",
        "project": project,
        "mode": mode,
        "targets": targets,
        "standing": "none" if mode == "none" else "new",
        "due_since": None,
        "change": {"mode": mode, "targets": targets, "reasons": said},
        "old": {"source": "main", "commit": BASE, "digest": digest},
        "new": {"source": "topic", "commit": HEAD, "digest": digest},
        "policy": {"preset": "strict", "mode": "auto"},
        "base": None,
        "cost": {"scratch_s": 61.0, "finetune_s": 7.2},
        "reasons": said,
        "intents": [],
        "warnings": [],
        "metrics": None,
        "lineage": {"models": []},
        "split": None,
        "left_off": {"reasons": 0, "change": 0, "intents": 0, "warnings": 0},
    }


def _reason(number, mode):
    return {
        "code": "DI101",
        "kind": "examples-added",
        "targets": ["nlu"],
        "mode": mode,
        "subject": "greet",
        "names": [],
        "count": number,
        "places": [{"side": "new", "path": "data/nlu.yml", "line": 3}],
        "text": f"{number} examples of greet added",
        "advice": "",
        "since": "change",
    }


class Run(NamedTuple):
    """How `dvcinc comment` ended."""

    code: int
    out: str
    err: str
    summary: str
    seconds: float

    @property
    def all(self) -> str:
        return self.out + self.err + self.summary


@pytest.fixture
def comment(tmp_path, monkeypatch, capfd):
    """Runs `dvcinc comment` on decisions, in a folder that is no repository.

    In this process, which costs a tenth of one of its own.
    """

    def run(environment, *arguments, decisions=None):
        files = written(tmp_path, decisions or [decision()])
        began = time.monotonic()
        with monkeypatch.context() as job:
            job.chdir(tmp_path)
            for name, value in environment.items():
                job.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                guarded(lambda: cli(["comment", *files, *arguments]))
        took = time.monotonic() - began
        out, err = capfd.readouterr()
        summary = tmp_path / "summary.md"
        text = summary.read_text() if summary.exists() else ""
        return Run(int(ended.value.code or 0), out, err, text, took)

    return run


def written(folder, decisions):
    """Decisions as files, and the arguments that name them."""
    arguments = []
    for at, one in enumerate(decisions):
        path = folder / f"decision-{at}.json"
        path.write_text(one if isinstance(one, str) else json.dumps(one))
        arguments += ["--from", str(path)]
    return arguments
