"""The sample assistant is worth its name, and does what the README shows."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pages
import pytest
from e2e.project import ROOT, environment

pytestmark = pytest.mark.e2e

NEEDED = ("data", "dvc.yaml", "params.yaml", ".dvc/config", ".dvc/.gitignore")


def shell(folder: Path, command: str) -> str:
    """Everything that a command prints; it must succeed."""
    done = subprocess.run(
        ["bash", "-ec", command],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Path:
    """The sample project as a repository of its own, after its first repro."""
    folder = tmp_path_factory.mktemp("readme") / "sample"
    folder.mkdir()
    listed = " ".join(NEEDED)
    shell(ROOT, f"git ls-files -z {listed} | xargs -0 cp --parents -t '{folder}'")
    shell(folder, "git init -q && git add -A && git commit -qm data")
    # What was made is not committed yet: the README does that.
    shell(folder, "dvc repro && git add -A")
    return folder


def test_the_sample_assistant_is_good_enough(sample):
    metrics = json.loads((sample / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["examples"] >= 240
    assert metrics["intent"]["accuracy"] >= 0.90
    assert metrics["entity"]["f1"] >= 0.85


def test_the_readme_shows_what_happens(sample, tmp_path):
    copy = shutil.copytree(sample, tmp_path / "sample", symlinks=True)
    pages.run("README.md", copy, environment())


def test_the_page_on_verify_shows_what_happens(sample, tmp_path):
    copy = shutil.copytree(sample, tmp_path / "sample", symlinks=True)
    pages.run("docs/verify.md", copy, environment())


def test_the_page_on_serving_shows_what_happens(sample):
    pages.run("docs/serving.md", sample, environment())
