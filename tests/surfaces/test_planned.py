"""`classify` and `status` where a plan has been committed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from corpora import nlu_yaml
from surfaces.run import BOT, MORE, NEW_INTENT, PIPELINE, SET_UP, dvcinc

from dvcinc.config import Mode, Target
from dvcinc.decision.values import Decision
from dvcinc.stages.foreseen import Action, StageStatus, Status
from dvcinc.surfaces.status import status_json, status_lines


def test_a_plan_can_be_made_before_the_first_commit(repo):
    bot = repo()
    bot.write({**BOT, "config.yml": PIPELINE})
    done = dvcinc(bot.path, "stage", "plan")
    assert done.returncode == 0
    assert "plan: scratch (base of 4 examples, +0 −0)" in done.stderr


def test_classify_follows_the_committed_plan(bot):
    bot.write({"config.yml": PIPELINE})
    dvcinc(bot.path, "stage", "plan")
    bot.commit()
    assert dvcinc(bot.path, "classify").stdout.startswith("none: ")
    bot.write(MORE)
    said = json.loads(dvcinc(bot.path, "classify", "--json").stdout)
    assert said["mode"] == "finetune"
    assert said["base"]["examples"] == 4
    # The example came after the base: taking it out again is no unlearning.
    dvcinc(bot.path, "stage", "plan")
    bot.commit()
    bot.write({"data/more.yml": nlu_yaml("greet: good day")})
    said = json.loads(dvcinc(bot.path, "classify", "--json").stdout)
    assert (said["mode"], said["reasons"][0]["code"]) == ("finetune", "DI102")


def test_a_command_in_a_folder_of_the_project_finds_the_project(repo):
    bot = repo({**BOT, "params.yaml": "train: {seed: 1}\n"})
    bot.write(MORE)
    above = dvcinc(bot.path, "classify").stdout
    assert dvcinc(bot.path / "data", "classify").stdout == above
    assert above.startswith("finetune: ")


def test_status_needs_no_params_and_no_train_extra(bot):
    bot.write({**SET_UP, "config.yml": PIPELINE})
    dvcinc(bot.path, "stage", "plan")
    bot.commit()
    done = dvcinc(bot.path, "status")
    assert done.returncode == 0
    assert done.stdout.startswith("next dvc repro: train, pass on finetune, package")


def test_status_tells_of_a_mode_against_head_and_of_what_is_left_to_do(bot):
    bot.write({**SET_UP, "config.yml": PIPELINE})
    dvcinc(bot.path, "stage", "plan")
    bot.commit()
    bot.write(MORE)
    said = json.loads(dvcinc(bot.path, "status", "--json").stdout)
    assert said["mode"] == "finetune"
    actions = {stage["name"]: stage["action"] for stage in said["stages"]}
    assert list(actions) == [
        "plan",
        "train",
        "finetune",
        "package",
        "evaluate",
        "record",
        "verify",
    ]
    assert actions["finetune"] == "run"


def test_status_says_that_what_has_run_is_to_be_committed():
    decision = Decision(
        mode=Mode.FINETUNE,
        targets={Target.NLU: Mode.FINETUNE, Target.DIALOGUE: Mode.NONE},
        reasons=(),
    )
    stage = StageStatus(name="train", action=Action.SKIP, why="")
    done = Status(decision=decision, stages=(stage,), warnings=(), settled=True)
    first, second, *_ = status_lines(done)
    assert first == "next dvc repro: nothing to run"
    assert second.startswith("  against HEAD: finetune, trained; commit it")
    assert status_json(done)["standing"] == "trained"
    todo = replace(done, stages=(replace(stage, action=Action.RUN),))
    assert [*status_lines(todo)][1].endswith("finetune, the base learns what is new")
    assert status_json(todo)["standing"] == "new"


def test_the_code_of_status_is_that_of_what_runs_and_not_of_what_changed(bot):
    """A plan that was committed untrained has to be trained, whatever came after it."""
    bot.write({**SET_UP, "config.yml": PIPELINE})
    dvcinc(bot.path, "stage", "plan")
    bot.commit()
    assert dvcinc(bot.path, "classify", "--exit-code").returncode == 0
    assert dvcinc(bot.path, "status", "--exit-code").returncode == 20
    bot.write(MORE)
    assert dvcinc(bot.path, "classify", "--exit-code").returncode == 11
    done = dvcinc(bot.path, "status", "--exit-code", "--json")
    assert (done.returncode, json.loads(done.stdout)["left"]) == (20, "scratch")


@pytest.mark.parametrize(
    ("stage", "action", "mode"),
    [
        ("train", Action.RUN, Mode.SCRATCH),
        ("train", Action.PULL, Mode.REFRESH),
        ("finetune", Action.RUN, Mode.FINETUNE),
        ("finetune", Action.PASS_ON, Mode.REFRESH),
        ("record", Action.RUN, Mode.REFRESH),
    ],
)
def test_what_is_left_is_the_dearest_that_runs(stage, action, mode):
    decision = Decision(mode=Mode.NONE, targets={}, reasons=())
    one = StageStatus(name=stage, action=action, why="")
    todo = Status(decision=decision, stages=(one,), warnings=(), settled=False)
    assert todo.left is mode
    assert replace(todo, settled=True).left is Mode.NONE


def test_a_base_left_behind_by_another_commit_does_not_count(bot):
    bot.write({"config.yml": PIPELINE})
    dvcinc(bot.path, "stage", "plan")
    bot.commit()
    bot.write(MORE)
    dvcinc(bot.path, "stage", "plan")
    older = bot.commit()
    # A forced base, committed later; its folder stays when the older commit is back.
    bot.write(
        {"params.yaml": "policy: {mode: scratch}\n", ".gitignore": "/plan/base\n"}
    )
    bot.git("rm", "-rq", "--cached", "plan/base")
    dvcinc(bot.path, "stage", "plan")
    bot.commit()
    left = bot.path / "plan/base"
    kept = {path.name: path.read_bytes() for path in left.iterdir()}
    bot.git("checkout", "-qf", older)
    for name, data in kept.items():
        (left / name).write_bytes(data)
    assert dvcinc(bot.path, "classify").stdout.startswith("none: ")


def test_a_component_that_cannot_be_trained_is_a_warning_of_the_verdict(bot):
    bot.write({"config.yml": PIPELINE})
    dvcinc(bot.path, "stage", "plan")
    bot.commit()
    bot.write({"config.yml": PIPELINE + "- name: CRFEntityExtractor\n"})
    said = dvcinc(bot.path, "classify").stdout
    assert "DI404 scratch  component CRFEntityExtractor added to the pipeline" in said
    assert "warning: config.yml:6: component 'CRFEntityExtractor' is not one" in said


def test_the_base_of_a_verdict_is_the_committed_one(bot):
    bot.write({"config.yml": PIPELINE})
    dvcinc(bot.path, "stage", "plan")
    bot.commit()
    bot.write(NEW_INTENT)
    said = json.loads(dvcinc(bot.path, "classify", "--json").stdout)
    assert (said["mode"], said["base"]["examples"]) == ("scratch", 4)
