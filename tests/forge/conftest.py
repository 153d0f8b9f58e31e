"""Forges that run, and the command line against them."""

from __future__ import annotations

import json
import os
import time
from typing import NamedTuple

import pytest
from forge.fakes import GitHub, GitLab
from forge.server import serving
from surfaces.run import dvcinc

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
    return {
        "schema": "dvcinc/decision/1",
        "project": project,
        "mode": mode,
        "reasons": [
            {"code": "DI101", "text": f"{n} examples of greet added", "mode": mode}
            for n in range(1, reasons + 1)
        ],
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
def comment(tmp_path):
    """Runs `dvcinc comment` on decisions, in a folder that is no repository."""

    def run(environment, *arguments, decisions=None):
        files = []
        for at, one in enumerate(decisions or [decision()]):
            path = tmp_path / f"decision-{at}.json"
            text = one if isinstance(one, str) else json.dumps(one)
            # Several runs at once must not read half a file.
            if not path.exists() or path.read_text() != text:
                path.write_text(text)
            files += ["--from", str(path)]
        began = time.monotonic()
        done = dvcinc(tmp_path, "comment", *files, *arguments, environment=environment)
        took = time.monotonic() - began
        summary = tmp_path / "summary.md"
        text = summary.read_text() if summary.exists() else ""
        return Run(done.returncode, done.stdout, done.stderr, text, took)

    return run
