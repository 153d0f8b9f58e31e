"""After `dvcinc init`, a plain `dvc repro` works: real Git, real DVC, tiny data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from adopt.projects import ALL, CONFIG, OWN, STARTER, make
from e2e.project import Project
from repositories import put

pytestmark = pytest.mark.train
TRANSFORMER = CONFIG + "  number_of_transformer_layers: 1\n  transformer_size: 16\n"
WRITTEN = {
    "dvc.yaml",
    "params.yaml",
    ".gitattributes",
    ".gitignore",
    ".dvcignore",
    ".dvc/.gitignore",
    ".dvc/config",
}
TRACKED = {
    "dvc.lock",
    "lineage.json",
    "plan/plan.json",
    "reports/finetune.json",
    "reports/train.json",
}


def project(path: Path, *options: str, below: str = "") -> Project:
    """A Rasa project in which `init` was run; nothing of that is committed yet."""
    files = {f"{below}{name}": text for name, text in STARTER.items()}
    make(path, {**files, f"{below}config.yml": CONFIG})
    top = Project(path)
    top.git("init", "-q", "-b", "main")
    top.commit("an assistant")
    made = Project(path / below)
    made.dvcinc("init", "--dvc", *options)
    # Enough to see that it works.
    params = made.read("params.yaml").replace("epochs: auto", "epochs: 40")
    put(made.path / "params.yaml", params)
    return made


def new(made: Project) -> set[str]:
    """Files that Git does not know, or knows otherwise."""
    said = made.git("status", "--porcelain", "--untracked-files=all", "-z", ".")
    return {line.split()[-1] for line in said.split("\0") if line}


@pytest.mark.parametrize("below", ["", "bots/a/"], ids=["top", "below"])
def test_without_tests_all_but_evaluate_runs(tmp_path, below):
    made = project(tmp_path, below=below)
    assert made.repro() == list(OWN)
    assert new(made) == {f"{below}{path}" for path in TRACKED | WRITTEN}
    assert made.lineage()["model"]["metrics"] == {}
    assert made.intents("hello", "farewell") == ["greet", "bye"]
    made.commit("model")
    assert made.repro() == []
    assert "evaluate" not in made.dvcinc("status")
    assert "0 problems" in made.dvcinc("doctor")
    assert "nothing to write" in made.dvcinc("init")


def test_metrics_of_somebody_else_are_not_recorded(tmp_path):
    made = project(tmp_path)
    made.write("metrics.json", '{"accuracy": 1.0}\n')
    made.repro()
    assert made.lineage()["model"]["metrics"] == {}


def test_with_a_split_the_model_is_evaluated(tmp_path):
    made = project(tmp_path, "--test-split", "0.2")
    ran = made.repro()
    assert ran == list(ALL)
    assert json.loads(made.read("metrics.json"))["examples"] == 2
    assert made.lineage()["model"]["metrics"]["examples"] == 2
    assert made.lineage()["model"]["data"]["examples"] == 8


def test_a_split_that_comes_later_trains_anew_and_evaluates(tmp_path):
    made = project(tmp_path)
    made.repro()
    made.commit("model")
    made.dvcinc("init", "--test-split", "0.2")
    ran = made.repro()
    assert ran == list(ALL)
    assert made.lineage()["model"]["metrics"]["examples"] == 2


def test_a_transformer_is_trained(tmp_path):
    made = project(tmp_path)
    made.write("config.yml", TRANSFORMER)
    assert made.repro()[:2] == ["plan", "train"]
    assert made.lineage()["base"]["environment"]["tensorflow"]
