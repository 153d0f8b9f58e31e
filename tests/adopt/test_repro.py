"""After `dvcinc init`, a plain `dvc repro` works: real Git, real DVC, tiny data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from adopt.projects import CONFIG, STARTER, make
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
    quick(made)
    return made


def quick(made: Project) -> None:
    """Trains it no longer than is enough to see that it works."""
    params = made.read("params.yaml").replace("epochs: auto", "epochs: 40")
    put(made.path / "params.yaml", params)


def new(made: Project) -> set[str]:
    """Files that Git does not know, or knows otherwise."""
    said = made.git("status", "--porcelain", "--untracked-files=all", "-z", ".")
    return {line.split()[-1] for line in said.split("\0") if line}


@pytest.mark.parametrize("below", ["", "bots/a/"], ids=["top", "below"])
def test_without_tests_all_but_evaluate_runs(tmp_path, below):
    made = project(tmp_path, below=below)
    assert made.repro() == ["plan", "train", "finetune", "package", "record"]
    assert new(made) == {f"{below}{path}" for path in TRACKED | WRITTEN}
    assert made.lineage()["model"]["metrics"] == {}
    assert made.intents("hello", "farewell") == ["greet", "bye"]
    made.commit("model")
    assert made.repro() == []
    assert "evaluate" not in made.dvcinc("status")
    assert "0 problems" in made.dvcinc("doctor")
    assert "nothing to write" in made.dvcinc("init")


def test_two_assistants_of_a_repository_are_set_up_each(tmp_path):
    for name in ("a", "b"):
        make(tmp_path, {f"bots/{name}/{path}": text for path, text in STARTER.items()})
    top = Project(tmp_path)
    top.git("init", "-q", "-b", "main")
    top.commit("assistants")
    top.dvcinc("init", "--project", "bots/a", "--dvc")
    top.dvcinc("--project", "bots/b", "init", "--dvc")
    for name in ("a", "b"):
        made = Project(tmp_path / "bots" / name)
        quick(made)
        assert "train" in made.repro()
    expected = {f"bots/{name}/{p}" for name in ("a", "b") for p in TRACKED | WRITTEN}
    assert new(top) == expected
    top.commit("models")
    for name in ("a", "b"):
        said = top.dvcinc("init", "--project", f"bots/{name}")
        assert "nothing to write" in said
        assert "next: dvc repro, when data have changed" in said
    assert new(top) == set()


PIPELINE = """\
# ours
stages:
  # first
  prep:
    cmd: echo a > raw.txt  # from elsewhere
    outs: [raw.txt]
"""
HOOKS = """\
# keep sorted
repos:
- repo: local   # ours
  hooks:
  - id: ok
    name: ok
    entry: "true"
    language: system

# for the service
ci: {skip: [ok]}
"""


def test_beside_stages_and_hooks_of_theirs_all_runs(tmp_path):
    theirs = {
        "dvc.yaml": PIPELINE,
        ".pre-commit-config.yaml": HOOKS,
        ".gitignore": "/raw.txt\n",
    }
    make(tmp_path, theirs)
    made = project(tmp_path)
    assert made.repro() == ["plan", "train", "finetune", "package", "record"]
    assert made.read("raw.txt") == "a\n"
    assert new(made) == TRACKED | WRITTEN | {".pre-commit-config.yaml"}
    added = made.git("diff", "--numstat", "--", *theirs).split("\n")
    assert [line.split("\t")[1] for line in added] == ["0"] * len(theirs)
    before = new(made)
    said = made.dvcinc("init")
    assert "nothing to write" in said
    assert ".pre-commit-config.yaml has them already" in said
    assert new(made) == before


def test_metrics_of_somebody_else_are_not_recorded(tmp_path):
    made = project(tmp_path)
    made.write("metrics.json", '{"accuracy": 1.0}\n')
    made.repro()
    assert made.lineage()["model"]["metrics"] == {}


def test_with_a_split_the_model_is_evaluated(tmp_path):
    made = project(tmp_path, "--test-split", "0.2")
    ran = made.repro()
    assert ran == ["plan", "train", "finetune", "package", "evaluate", "record"]
    assert json.loads(made.read("metrics.json"))["examples"] == 2
    assert made.lineage()["model"]["metrics"]["examples"] == 2
    assert made.lineage()["model"]["data"]["examples"] == 8


def test_a_split_that_comes_later_trains_anew_and_evaluates(tmp_path):
    made = project(tmp_path)
    made.repro()
    made.commit("model")
    made.dvcinc("init", "--test-split", "0.2")
    ran = made.repro()
    assert ran == ["plan", "train", "finetune", "package", "evaluate", "record"]
    assert made.lineage()["model"]["metrics"]["examples"] == 2


def test_a_transformer_is_trained(tmp_path):
    made = project(tmp_path)
    made.write("config.yml", TRANSFORMER)
    assert made.repro()[:2] == ["plan", "train"]
    assert made.lineage()["base"]["environment"]["tensorflow"]
