"""`dvcinc lineage` follows models of real repros, through branches and a merge."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pages
import pytest
from e2e.project import Project, environment, nlu

pytestmark = pytest.mark.e2e

COMMANDS = (
    ("log", "--json"),
    ("graph", "--json"),
    ("show", "--json", "HEAD"),
    ("diff", "--json", "HEAD~1", "HEAD"),
    ("blame", "--json", "--rev", "HEAD", "transfer_money"),
)


@pytest.fixture(scope="module")
def merged(forked_once, tmp_path_factory) -> Project:
    """Branch `intent` is merged into `main`, which then learns a synonym."""
    project = forked_once.copy(tmp_path_factory.mktemp("lineage") / "merged")
    project.run("git", "merge", "-q", "intent", check=False)
    project.dvcinc("resolve")
    project.repro()
    project.commit("Merge branch intent")
    synonym = {"synonym: Leeds": ["leeds city"]}
    text = nlu(synonym).replace("intent: synonym", "synonym")
    project.write("data/nlu/more_synonyms.yml", text)
    project.repro()
    project.commit("Leeds is a city")
    return project


def told(project: Project, *arguments: str) -> dict:
    return json.loads(project.dvcinc("lineage", *arguments))


def test_the_models_are_those_that_the_repros_recorded(merged):
    models = told(merged, "log", "--json")["models"]
    assert models[0]["digest"] == merged.digest()
    ways = [(m["record"]["mode"], m["record"]["ran"]) for m in models]
    assert ways[0] == ("refresh", "packaged")
    assert ("scratch", "passed on") in ways
    assert ("finetune", "finetuned") in ways
    for model in models:
        at = model["commit"]["id"]
        assert merged.lineage(at)["model"]["digest"] == model["digest"]


def test_a_clone_without_dvcs_cache_tells_the_same(merged, tmp_path):
    made = Project(tmp_path / "clone")
    merged.run("git", "clone", "-q", str(merged.path), str(made.path))
    for command in COMMANDS:
        assert told(made, *command) == told(merged, *command)


def test_after_a_squash_the_model_is_known_by_its_digest(merged, tmp_path):
    made = merged.copy(tmp_path / "squashed")
    made.git("checkout", "-q", "-b", "squash", "main~2")
    made.git("read-tree", "-u", "--reset", "main")
    made.commit("all at once")
    made.git("branch", "-D", "main", "intent")
    (first, *_) = told(made, "log", "--json")["models"]
    assert first["digest"] == told(merged, "log", "--json")["models"][0]["digest"]
    assert first["commit"]["subject"] == "all at once"


def test_the_page_shows_what_happens(merged, tmp_path):
    copy = shutil.copytree(merged.path, tmp_path / "bot", symlinks=True)
    pages.run("docs/lineage.md", Path(copy), environment())
