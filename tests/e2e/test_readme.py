"""What the README shows is what happens, and the sample assistant is worth its name."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.project import ROOT, environment

pytestmark = pytest.mark.e2e

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
PREDICTED = re.compile(r"^(\w+) (\d\.\d\d)  ")
_NEAR = 0.05
NEEDED = ("data", "dvc.yaml", "params.yaml", ".dvc/config", ".dvc/.gitignore")


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block, here documents included, and what it prints."""
    command: list[str] = []
    printed: list[str] = []
    inside = False
    for line in block.splitlines():
        if line.startswith("$ "):
            if command:
                yield "\n".join(command), printed
            command, printed = [line.removeprefix("$ ")], []
            inside = "<<'END'" in line
        elif inside:
            command.append(line)
            inside = line != "END"
        else:
            printed.append(line)
    yield "\n".join(command), printed


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
    shell(folder, "dvc repro && git add -A && git commit -qm 'first model'")
    return folder


def test_the_sample_assistant_is_good_enough(sample):
    metrics = json.loads((sample / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["examples"] >= 240
    assert metrics["intent"]["accuracy"] >= 0.90
    assert metrics["entity"]["f1"] >= 0.85


def test_the_readme_shows_what_happens(sample):
    blocks = BLOCK.findall(README)
    assert len(blocks) == 2
    for block in blocks:
        for command, printed in commands(block):
            said = shell(sample, command)
            for line in printed:
                _check(line, said)


def _check(line: str, said: str) -> None:
    if line == "…":
        return
    predicted = PREDICTED.match(line)
    if predicted:
        # How sure the model is may differ a little between machines.
        here = PREDICTED.match(said)
        assert here, said
        assert here[1] == predicted[1]
        assert float(here[2]) == pytest.approx(float(predicted[2]), abs=_NEAR)
        return
    assert line in said
