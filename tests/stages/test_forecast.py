"""What a stage will do, as DVC finds it: by its deps, and by all of its outs."""

from __future__ import annotations

import shutil

import pytest
from plan.bots import Bot, committed_bot, put

from dvcinc.snapshot.dvclock import read_lock
from dvcinc.stages.foreseen import Action
from dvcinc.stages.status import status

__all__ = ["committed_bot"]

STAGES = "plan", "train", "finetune", "package", "record"
OUTS = {
    "models/base/model.json": "base",
    "models/weights/model.json": "weights",
    "models/nlu/model.json": "model",
    "plots/train/metrics/loss.tsv": "step\tloss\n1\t0.5\n",
    "plots/finetune/metrics/loss.tsv": "step\tloss\n",
    "reports/train.json": "{}",
    "reports/finetune.json": "{ }",
}


@pytest.fixture(name="made")
def made_bot(bot: Bot) -> Bot:
    """A project where all stages have run, and none is in the cache."""
    lines = "".join(f"  {name}:\n    cmd: dvcinc stage {name}\n" for name in STAGES)
    put(bot.path / "dvc.yaml", f"stages:\n{lines}")
    put(bot.path / ".dvc/config", "")
    put(bot.path / ".gitignore", "/plan/*/\n/models\n/plots\n/scratch\n/.dvc/cache\n")
    for path, text in OUTS.items():
        put(bot.path / path, text)
    bot.repro()
    bot.commit("trained")
    return bot


def cached(bot: Bot, *paths: str) -> None:
    """Puts the outs of a run into the cache, as far as anybody looks."""
    lock = read_lock((bot.path / "dvc.lock").read_bytes())
    outs = {path: md5 for stage in lock.values() for path, md5 in stage.outs.items()}
    for path in paths or outs:
        md5 = outs[path]
        put(bot.path / ".dvc/cache/files/md5" / md5[:2] / md5[2:], "there")


def actions(bot: Bot) -> dict[str, tuple[Action, str]]:
    """What the stages do that do anything."""
    found = status(bot.project).stages
    does = {stage.name: (stage.action, stage.why) for stage in found}
    return {name: one for name, one in does.items() if one[0] is not Action.SKIP}


def test_where_all_is_as_the_lock_says_nothing_runs(made: Bot):
    assert actions(made) == {}


@pytest.mark.parametrize("path", ["plots/train/metrics/loss.tsv", "reports/train.json"])
def test_an_out_beside_the_model_is_an_out(made: Bot, path: str):
    """DVC runs the stage for its sake, and the stage takes the recorded model."""
    put(made.path / path, "other")
    cached(made, "models/base")
    assert actions(made) == {"train": (Action.RESTORE, "recorded in dvc.lock")}


def test_what_dvc_has_all_of_it_checks_out(made: Bot):
    shutil.rmtree(made.path / "models")
    cached(made)
    does = (Action.RESTORE, "dvc.lock")
    assert actions(made) == dict.fromkeys(["train", "finetune", "package"], does)


def test_a_model_that_is_packaged_again_is_recorded_as_before(made: Bot):
    shutil.rmtree(made.path / "models/nlu")
    assert actions(made) == {"package": (Action.RUN, "models/nlu differs")}


def test_a_base_that_nobody_has_is_trained_and_all_follows(made: Bot):
    shutil.rmtree(made.path / "models/base")
    reports = "reports/finetune.json, reports/train.json"
    assert actions(made) == {
        "train": (Action.RUN, "its model is missing"),
        "finetune": (Action.PASS_ON, "nothing to learn"),
        "package": (Action.RUN, "the weights differ"),
        "record": (Action.RUN, f"models/base, models/nlu, {reports} changed"),
    }
