"""A fine-tune that spoils an intent it was not about: recorded, marked, and stopped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from e2e.project import RAN_FINETUNE, TEST, Project, create, nlu

pytestmark = pytest.mark.train

HOURS = [
    "when do you open today",
    "when are you open on monday",
    "what are the opening hours",
    "opening hours please",
    "are you open on friday",
    "how late are you open today",
    "when do you close on sunday",
    "are you open today",
]
"""Texts that the base takes for `opening_hours`, and the delta for `goodbye`."""
LIMITS = {
    "growth_limit: 0.5": "growth_limit: 9",
    "intent_growth_limit: 4.0": "intent_growth_limit: 9",
}


def said(project: Project) -> dict:
    shown = json.loads(project.read("reports/verify.json"))
    (full,) = shown.pop("verified")
    return {**shown, **full}


def settle(project: Project, before: str, after: str) -> None:
    """Changes `params.yaml`."""
    text = project.read("params.yaml")
    assert before in text
    project.write("params.yaml", text.replace(before, after))


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory) -> Project:
    """A project in which `goodbye` has learned what the tests call `opening_hours`."""
    project = create(tmp_path_factory.mktemp("verify") / "spoilt")
    project.write("data/test/test_nlu.yml", nlu({**TEST, "opening_hours": HOURS}))
    for before, after in LIMITS.items():
        settle(project, before, after)
    settle(project, "max_f1_drop: null", "max_f1_drop: 0.1")
    project.repro()
    assert said(project)["passed"] is True
    assert said(project)["examples"] == 0
    project.commit("model")
    project.add_examples("goodbye", *HOURS)
    return project


@pytest.fixture(scope="module")
def breached(spoilt) -> tuple[Project, str]:
    """The same after a repro, and what that printed."""
    done = spoilt.run("dvc", "repro", check=False)
    assert done.returncode
    return spoilt, done.stdout + done.stderr


@pytest.fixture
def copy(breached, tmp_path: Path) -> Project:
    return breached[0].copy(tmp_path / "copy")


def test_the_repro_fails_with_the_intent_and_the_way_out(breached):
    _, printed = breached
    assert "'verify'" in printed
    assert "than policy.max_f1_drop (0.1) allows: opening_hours " in printed
    assert "policy.mode: scratch" in printed


def test_the_model_is_recorded_and_marked(breached):
    project, _ = breached
    report = said(project)
    assert report["model"] == project.digest()
    assert report["base"] == project.lineage()["base"]["digest"]
    assert report["passed"] is False
    assert report["touched"] == ["goodbye"]
    (breach,) = [i for i in report["intents"] if i["fate"] == "breach"]
    assert (breach["name"], breach["support"]) == ("opening_hours", len(HOURS))
    assert set(project.intents(*HOURS)) == {"goodbye"}


def test_people_see_the_mark(copy):
    assert copy.dvcinc("status").startswith("next dvc repro: verify\n")
    assert "warning: an intent that the delta" in copy.dvcinc("status")
    assert copy.run("dvcinc", "status", "--exit-code", check=False).returncode == 11
    assert "breach: " in copy.dvcinc("lineage", "show")
    copy.git("add", "-A")
    done = copy.run("dvcinc", "hook", "check")
    assert "warning: dvcinc: an intent that the delta" in done.stderr
    copy.commit("spoilt")
    comment = copy.dvcinc("classify", "--md", "HEAD~1", "HEAD")
    assert "lost more F1 against the base" in comment


def test_the_next_repro_fails_again_and_trains_nothing(copy):
    before = copy.read("reports/verify.json")
    done = copy.run("dvc", "repro", check=False)
    assert done.returncode
    ran = [line for line in done.stdout.splitlines() if line.startswith("> dvcinc")]
    assert ran == ["> dvcinc stage verify"]
    assert copy.read("reports/verify.json") == before


def test_a_raised_limit_lets_it_pass(copy):
    settle(copy, "max_f1_drop: 0.1", "max_f1_drop: 1")
    assert copy.repro() == ["plan", "verify"]
    assert said(copy)["passed"] is True
    assert said(copy)["worse"] == 1
    assert copy.repro() == []
    assert "warning" not in copy.dvcinc("status")


def test_without_a_limit_it_is_measured_and_passes(copy):
    settle(copy, "max_f1_drop: 0.1", "max_f1_drop: null")
    assert copy.repro() == ["plan", "verify"]
    assert (said(copy)["passed"], said(copy)["max_f1_drop"]) == (True, None)
    assert said(copy)["worse"] == 1


def test_training_from_scratch_lets_it_pass(copy):
    settle(copy, "mode: auto", "mode: scratch")
    assert copy.trainings() == ["train"]
    assert said(copy)["passed"] is True
    assert said(copy)["examples"] == 0


def test_taking_the_examples_back_lets_it_pass(copy):
    (copy.path / "data/nlu/more_goodbye.yml").unlink()
    copy.repro()
    assert said(copy)["passed"] is True
    assert copy.git("status", "--porcelain", "reports/verify.json") == ""


def test_other_examples_pass(copy):
    (copy.path / "data/nlu/more_goodbye.yml").unlink()
    copy.add_examples("goodbye", "farewell then", "so long")
    assert copy.repro() == RAN_FINETUNE
    assert said(copy)["passed"] is True
    assert said(copy)["examples"] == 13
