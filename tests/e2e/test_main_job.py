"""The main job, with real Git, real DVC and real TensorFlow, as a person runs it.

Every test starts from a copy of a project that was trained and committed once.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from e2e.project import (
    CONFIG,
    NEW_INTENT,
    NLU,
    RAN_ALL,
    RAN_FINETUNE,
    RAN_TABLES,
    Project,
    environment,
    nlu,
)

pytestmark = pytest.mark.e2e


def test_the_first_repro_trains_from_scratch_and_says_why(trained):
    assert trained.plan()["mode"] == "scratch"
    assert [reason["code"] for reason in trained.plan()["reasons"]] == ["DI504"]
    assert trained.lineage()["base"]["ran"] == "trained"


def test_examples_of_known_intents_are_fine_tuned_and_learned(grown):
    assert grown.plan()["mode"] == "finetune"
    assert [reason["code"] for reason in grown.plan()["reasons"]] == ["DI101"]
    assert grown.intents("howdy partner", "howdy", "greetings friend") == ["greet"] * 3
    old = [(intent, text) for intent, texts in NLU.items() for text in texts]
    plain = [re.sub(r"\[(.*?)\]\(.*?\)", r"\1", text) for _, text in old]
    assert grown.intents(*plain) == [intent for intent, _ in old]
    lineage = grown.lineage()
    assert lineage["model"]["ran"] == "finetuned"
    assert lineage["model"]["parent"] == lineage["base"]["digest"]


def test_after_the_commit_the_next_repro_does_nothing(grown):
    assert grown.repro() == []
    assert grown.git("status", "--porcelain") == ""


def test_comments_order_and_a_split_file_train_nothing(grown):
    before = grown.read("plan/plan.json"), grown.digest()
    intents = dict(reversed(NLU.items()))
    half = {name: intents.pop(name) for name in ("greet", "goodbye")}
    grown.write("data/nlu/nlu.yml", "# a comment\n" + nlu(intents))
    grown.write("data/nlu/other.yml", nlu({k: v[::-1] for k, v in half.items()}))
    assert grown.repro() == ["plan"]
    assert (grown.read("plan/plan.json"), grown.digest()) == before


def test_a_synonym_is_packaged_around_the_same_weights(grown):
    weights = grown.hash("models/nlu/weights.safetensors")
    inode = (grown.path / "models/weights/weights.safetensors").stat().st_mtime_ns
    grown.write(
        "data/nlu/synonyms.yml", grown.read("data/nlu/synonyms.yml") + "    - jorvik\n"
    )
    assert grown.repro() == RAN_TABLES
    assert grown.plan()["mode"] == "refresh"
    assert grown.hash("models/nlu/weights.safetensors") == weights
    touched = (grown.path / "models/weights/weights.safetensors").stat().st_mtime_ns
    assert touched == inode


def test_taking_out_an_example_that_the_base_never_saw_is_a_fine_tune(grown):
    path = "data/nlu/more_greet.yml"
    grown.write(path, grown.read(path).replace("    - howdy\n", ""))
    assert grown.repro() == RAN_FINETUNE
    assert grown.plan()["mode"] == "finetune"
    assert [reason["code"] for reason in grown.plan()["reasons"]] == ["DI102"]


def test_a_new_intent_trains_from_scratch_and_its_place_is_named(grown):
    grown.write("data/nlu/transfer.yml", nlu({"transfer_money": NEW_INTENT}))
    assert grown.repro() == RAN_ALL
    (reason,) = [r for r in grown.plan()["reasons"] if r["code"] == "DI201"]
    assert reason["subject"] == "transfer_money"
    assert reason["places"][0] == {
        "side": "new",
        "path": "data/nlu/transfer.yml",
        "line": 5,
    }
    assert grown.intents("transfer money") == ["transfer_money"]


def test_a_revert_brings_the_old_model_back_without_training(grown):
    digest = grown.digest()
    grown.write("data/nlu/transfer.yml", nlu({"transfer_money": NEW_INTENT}))
    grown.repro()
    grown.commit("new intent")
    assert grown.digest() != digest
    grown.git("revert", "--no-edit", "HEAD")
    ran = grown.repro()
    assert not {"train", "finetune"} & set(ran)
    assert grown.digest() == digest
    assert grown.git("status", "--porcelain") == ""


def test_checking_out_the_first_commit_leaves_everything_up_to_date(grown):
    grown.git("checkout", "-q", "HEAD~1")
    grown.run("dvc", "checkout")
    assert "up to date" in grown.run("dvc", "status").stdout
    assert grown.repro() == []


def test_two_steps_of_five_give_the_model_of_one_step_of_ten(project, tmp_path):
    texts = [
        f"hello {name}"
        for name in [
            "ann",
            "ben",
            "cal",
            "dan",
            "eve",
            "fay",
            "gus",
            "hal",
            "ida",
            "jon",
        ]
    ]
    other = project.copy(tmp_path / "other")
    project.add_examples("greet", *texts[:5])
    project.repro()
    project.commit("five")
    project.add_examples("greet", *texts[5:])
    project.repro()
    other.add_examples("greet", *reversed(texts))
    other.repro()
    assert project.digest() == other.digest()


@pytest.mark.parametrize("stage", ["plan", "train"])
def test_a_killed_stage_does_no_harm(project, tmp_path, stage):
    project.write("data/nlu/transfer.yml", nlu({"transfer_money": NEW_INTENT}))
    undisturbed = project.copy(tmp_path / "undisturbed")
    _kill_in(project, stage)
    project.repro()
    undisturbed.repro()
    assert project.digest() == undisturbed.digest()
    assert project.plan() == undisturbed.plan()


def _kill_in(project: Project, stage: str) -> None:
    """Kills the whole process group of a repro once the stage is at work."""
    log = project.path.with_name("killed.log")
    running = subprocess.Popen(
        ["dvc", "repro"],
        cwd=project.path,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=log.open("w"),
        start_new_session=True,
    )
    shelf = project.path / ".dvc/tmp/dvcinc"
    deadline = time.monotonic() + 120
    while not list(shelf.glob(f"{stage}-*")):
        assert time.monotonic() < deadline, "the stage never began"
        assert running.poll() is None, "the repro ended too early"
        time.sleep(0.005)
    if stage == "train":
        # Its first line comes when TensorFlow is up and the steps begin.
        _wait_for(log, "training", deadline)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def _wait_for(log: Path, words: str, deadline: float) -> None:
    while words not in log.read_text(encoding="utf-8"):
        assert time.monotonic() < deadline, f"{log} never said {words!r}"
        time.sleep(0.05)


def test_a_clone_without_cache_rebuilds_the_committed_base(grown, tmp_path):
    clone = Project(tmp_path / "clone")
    grown.run("git", "clone", "-q", str(grown.path), str(clone.path))
    before = clone.read("plan/plan.json")
    # What Git has of the last stage is of these very models.
    assert clone.repro() == RAN_ALL[:-1]
    assert clone.read("plan/plan.json") == before
    assert clone.digest() == grown.digest()
    # Only what the training cost here is new: no other base, no other model.
    changed = clone.git("diff", "--name-only").split()
    assert set(changed) <= {"dvc.lock", "reports/train.json", "reports/finetune.json"}


def test_a_clone_with_a_remote_restores_instead_of_training(grown, tmp_path):
    grown.run("dvc", "remote", "add", "-q", "-d", "store", str(tmp_path / "store"))
    grown.commit("remote")
    grown.run("dvc", "push", "-q")
    clone = Project(tmp_path / "clone")
    grown.run("git", "clone", "-q", str(grown.path), str(clone.path))
    clone.repro()
    assert clone.digest() == grown.digest()
    # Reports, curves and record are those of the trainings, wherever they were.
    assert clone.git("status", "--porcelain") == ""
    assert clone.hash("plots/train/metrics/loss.tsv") == grown.hash(
        "plots/train/metrics/loss.tsv"
    )


def test_a_model_comes_back_without_the_curve_that_nobody_has(grown, tmp_path):
    grown.run("dvc", "remote", "add", "-q", "-d", "store", str(tmp_path / "store"))
    grown.commit("remote")
    grown.run("dvc", "push", "-q", "models/base", "models/weights")
    clone = Project(tmp_path / "clone")
    grown.run("git", "clone", "-q", str(grown.path), str(clone.path))
    assert clone.trainings() == []
    assert clone.git("diff", "--name-only").split() == ["dvc.lock"]
    assert clone.read("plots/train/metrics/loss.tsv") == "step\tloss\n"


def test_a_frozen_train_stage_is_an_error_and_never_a_wrong_model(grown):
    before = grown.hash("models/nlu/model.json")
    grown.run("dvc", "freeze", "train")
    grown.write("data/nlu/transfer.yml", nlu({"transfer_money": NEW_INTENT}))
    done = grown.run("dvc", "repro", check=False)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "models/base was trained on another base" in said
    assert "dvc unfreeze train" in said
    assert grown.hash("models/nlu/model.json") == before


def test_a_commit_between_repro_and_plan_keeps_the_reasons(grown):
    grown.write("data/nlu/transfer.yml", nlu({"transfer_money": NEW_INTENT}))
    grown.repro()
    reasons = grown.plan()["reasons"]
    grown.git("add", "data")
    grown.git("commit", "-q", "-m", "data only")
    grown.run("dvc", "repro", "-f", "-s", "plan")
    assert grown.plan()["reasons"] == reasons
    assert grown.plan()["mode"] == "scratch"


def test_a_broken_commit_in_between_does_no_harm(grown):
    whole = grown.read("data/nlu/nlu.yml")
    grown.write("data/nlu/nlu.yml", whole + "  - broken: [\n")
    grown.git("commit", "-qam", "broken")
    grown.write("data/nlu/nlu.yml", whole)
    grown.add_examples("goodbye", "so long")
    assert grown.repro() == RAN_FINETUNE
    assert grown.plan()["mode"] == "finetune"


def test_status_tells_what_the_next_repro_will_do(grown):
    assert grown.dvcinc("status").startswith("next dvc repro: nothing to run\n")
    grown.add_examples("goodbye", "so long")
    said = json.loads(grown.dvcinc("status", "--json"))
    planned = [s["name"] for s in said["stages"] if s["action"] != "up to date"]
    assert planned == grown.repro() == RAN_FINETUNE
    assert grown.dvcinc("status").startswith("next dvc repro: nothing to run\n")
    # A comment runs the plan, and nothing behind it.
    grown.write("data/nlu/nlu.yml", "# why\n" + grown.read("data/nlu/nlu.yml"))
    assert grown.dvcinc("status").startswith("next dvc repro: plan\n")
    # New test data are evaluated, and the record tells of it.
    grown.repro()
    grown.write("data/test/more.yml", nlu({"greet": ["well hello"]}))
    assert grown.dvcinc("status").startswith(
        "next dvc repro: evaluate, record, verify\n"
    )


def test_a_changed_hyperparameter_names_its_key(grown):
    grown.write("data/config.yml", CONFIG.replace("max_ngram: 4", "max_ngram: 3"))
    said = grown.dvcinc("classify", "--exit-code", check=False)
    assert "DI403" in said
    assert "CountVectorsFeaturizer.max_ngram changed from 4 to 3" in said


def test_plots_are_drawn_by_dvc(grown):
    grown.run("dvc", "plots", "show", "-o", "drawn")
    page = Path(grown.path / "drawn/index.html").read_text(encoding="utf-8")
    for name in ("train/metrics/loss.tsv", "confusion.csv", "intents.csv"):
        assert name in page
    shown = grown.run("dvc", "metrics", "show").stdout
    assert "intent.accuracy" in shown
