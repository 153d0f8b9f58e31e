"""A plan counts as trained when `dvc.lock` and the lineage beside it say so, only."""

from __future__ import annotations

import json

import pytest
from locks import STAGES, locked, reproduced
from plan.bots import LINES, NEW_INTENT, THREE, Bot, committed_bot, planned_bot, put
from ruamel.yaml import YAML

from dvcinc.config import Mode
from dvcinc.lineage.gate import Finding, Ground, find
from dvcinc.lineage.standing import Standing

__all__ = ["committed_bot", "planned_bot"]

LOCK, LINEAGE, PIPELINE = "dvc.lock", "lineage.json", "dvc.yaml"
EARLIER = [stage.name for stage in STAGES if stage.name != "record"]
UNPROVEN = "plan/plan.json fits, but dvc.lock tells of no training from it"
UNRECORDED = (
    "plan/plan.json fits, but dvc.lock does not say that its model was recorded"
)
OTHER = (
    "plan/plan.json fits, but lineage.json tells of another model "
    "(after dvc commit --force, run dvc repro --force)"
)
UNREAD = "plan/plan.json fits, but there is no lineage.json that can be read"


def found(bot: Bot) -> Finding:
    """What a hook finds of the work tree."""
    project = bot.project
    return find(project, project.commit("HEAD"), project.worktree())


def told(bot: Bot) -> tuple[Standing, Mode, str]:
    """How the verdict stands, what is left to run, and why a plan does not count."""
    one = found(bot)
    assert one.verdict is not None
    assert one.ground.stops is (one.verdict.left is Mode.SCRATCH)
    return one.verdict.standing, one.verdict.left, one.note


def untold(note: str) -> tuple[Standing, Mode, str]:
    return Standing.NEW, Mode.SCRATCH, note


TRAINED = (Standing.TRAINED, Mode.NONE, "")


@pytest.fixture(name="grown")
def grown_bot(planned: Bot) -> Bot:
    """A new intent on top of what is trained."""
    planned.say(LINES + NEW_INTENT)
    return planned


def without_record(bot: Bot) -> None:
    """Leaves the stage out, and its file with it."""
    text = "".join(f"  {name}:\n    cmd: dvcinc stage {name}\n" for name in EARLIER)
    put(bot.path / PIPELINE, f"stages:\n{text}")


# --- runs -------------------------------------------------------------------------


def test_a_whole_run_trains(grown: Bot) -> None:
    grown.repro()
    assert told(grown) == TRAINED


@pytest.mark.parametrize(
    ("last", "note"),
    [
        ("plan", UNPROVEN),
        ("train", UNPROVEN),
        ("finetune", UNPROVEN),
        ("package", UNRECORDED),
    ],
)
def test_an_interrupted_run_does_not(grown: Bot, last: str, note: str) -> None:
    grown.repro(last)
    assert told(grown) == untold(note)
    grown.repro()
    assert told(grown) == TRAINED


@pytest.mark.parametrize("last", EARLIER)
def test_the_first_run_of_all_is_no_other(bot: Bot, last: str) -> None:
    bot.say(LINES + NEW_INTENT)
    bot.repro(last)
    assert told(bot)[0] is Standing.NEW
    bot.repro()
    assert told(bot) == TRAINED


@pytest.mark.parametrize("last", EARLIER)
def test_a_fine_tune_has_to_be_run_to_its_end(planned: Bot, last: str) -> None:
    planned.say(LINES + THREE)
    planned.repro(last)
    assert told(planned)[:2] == (Standing.NEW, Mode.FINETUNE)
    planned.repro()
    assert told(planned)[:1] == (Standing.TRAINED,)


@pytest.mark.parametrize("last", EARLIER)
def test_so_has_a_refresh(planned: Bot, last: str) -> None:
    planned.say(LINES.replace("Yes.", "Yes!"))
    planned.repro(last)
    assert told(planned)[:2] == (Standing.NEW, Mode.REFRESH)
    planned.repro()
    assert told(planned)[:1] == (Standing.TRAINED,)


@pytest.mark.parametrize("params", ["train: {epochs: 7}\n", "train: {seed: 1}\n"])
def test_the_same_data_with_other_settings_are_to_be_trained(
    planned: Bot, params: str
) -> None:
    planned.params(params)
    planned.repro("plan")
    assert told(planned) == untold(UNPROVEN)
    planned.repro()
    assert told(planned) == TRAINED


def test_settings_of_a_fine_tune_are_no_input_that_a_plan_hands_on(
    planned: Bot,
) -> None:
    """Plan and delta stay; what learns the delta has read other parameters."""
    without_record(planned)
    planned.say(LINES + THREE)
    planned.repro()
    planned.commit()
    planned.params("finetune: {steps: 7}\n")
    planned.repro("plan")
    assert told(planned)[:2] == (Standing.NEW, Mode.FINETUNE)
    planned.repro()
    assert told(planned)[:1] == (Standing.TRAINED,)


def test_what_a_plan_is_not_told_is_not_asked_of_it(planned: Bot) -> None:
    without_record(planned)
    planned.params("finetune: {steps: 7}\n")
    planned.say(LINES + THREE)
    planned.repro()
    lock = YAML(typ="safe").load(planned.path / LOCK)
    del lock["stages"]["plan"]["params"]["params.yaml"]["finetune"]
    put(planned.path / LOCK, json.dumps(lock))
    assert told(planned)[0] is Standing.TRAINED


# --- files ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "note"),
    [
        ([LOCK], UNPROVEN),
        ([LINEAGE], OTHER),
        ([LOCK, LINEAGE], UNPROVEN),
    ],
)
def test_what_is_still_that_of_before_proves_nothing(
    grown: Bot, files: list[str], note: str
) -> None:
    before = {name: (grown.path / name).read_bytes() for name in files}
    grown.repro()
    for name, data in before.items():
        put(grown.path / name, data)
    assert told(grown) == untold(note)


@pytest.mark.parametrize("text", [None, "", "{", "<<<<<<< ours\n{}\n", '{"schema": 1}'])
def test_a_lineage_that_is_not_there_or_broken_proves_nothing(
    grown: Bot, text: str | None
) -> None:
    grown.repro()
    put(grown.path / LINEAGE, text)
    assert told(grown) == untold(UNREAD)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (None, "plan/plan.json fits, but there is no dvc.lock to tell of a training"),
        ("", "plan/plan.json fits, but dvc.lock: holds no stages"),
        ("<<<<<<< ours\n- [", "plan/plan.json fits, but dvc.lock:"),
        ("stages: {}\n", UNPROVEN),
        ("stages: {plan: 3, train: []}\n", UNPROVEN),
    ],
)
def test_a_lock_that_is_not_there_or_broken_proves_nothing(
    grown: Bot, text: str | None, note: str
) -> None:
    grown.repro()
    put(grown.path / LOCK, text)
    standing, left, said = told(grown)
    assert (standing, left) == (Standing.NEW, Mode.SCRATCH)
    assert said.startswith(note)


def test_dvc_commit_trains_nothing(grown: Bot) -> None:
    """It writes that what lies there was made from what lies there, the lineage too."""
    lineage = (grown.path / LINEAGE).read_bytes()
    grown.repro("plan")
    reproduced(grown.path)
    put(grown.path / LINEAGE, lineage)
    locked(grown.path, "record", LINEAGE)
    assert told(grown) == untold(OTHER)


def test_a_lock_of_two_runs_proves_nothing(grown: Bot) -> None:
    """Git may merge it line by line."""
    before = grown.path / LOCK
    kept = before.read_bytes()
    grown.repro()
    mixed = before.read_text(encoding="utf-8").partition("  finetune:")[0]
    put(before, mixed + "  finetune:" + kept.decode().partition("  finetune:")[2])
    assert told(grown) == untold(UNPROVEN)


# --- a pipeline without the stage record -------------------------------------------


@pytest.mark.parametrize("lineage", [None, "{"])
def test_who_records_nothing_is_believed_by_the_lock(
    grown: Bot, lineage: str | None
) -> None:
    without_record(grown)
    grown.repro("package")
    put(grown.path / LINEAGE, lineage)
    assert told(grown) == TRAINED


@pytest.mark.parametrize("last", ["plan", "train", "finetune"])
def test_but_not_for_a_run_that_was_interrupted(grown: Bot, last: str) -> None:
    without_record(grown)
    grown.repro(last)
    assert told(grown) == untold(UNPROVEN)


# --- bases that fit again ---------------------------------------------------------


def restored(bot: Bot) -> Finding:
    bot.say(LINES)
    return found(bot)


def test_a_base_that_was_trained_is_taken_up(grown: Bot) -> None:
    grown.repro()
    grown.commit()
    one = restored(grown)
    assert one.verdict is not None
    assert (one.ground, one.verdict.standing) == (Ground.TAKEN_UP, Standing.RESTORED)


def planned_only(bot: Bot, last: str) -> None:
    """History with a base that was trained up to a stage, and one on top of it."""
    bot.repro(last)
    bot.commit("planned")
    bot.say(LINES + NEW_INTENT)
    bot.repro()
    bot.commit("another base")


def test_a_base_that_was_only_planned_is_not(bot: Bot) -> None:
    planned_only(bot, "plan")
    one = restored(bot)
    assert one.verdict is not None
    assert (one.ground, one.verdict.standing) == (Ground.UNTRAINED, Standing.NEW)
    assert one.note.startswith("the base of the plan at ")
    assert one.note.endswith(" fits, but no dvc.lock tells of its training")


def test_a_base_is_trained_whatever_came_of_what_was_learned_on_it(bot: Bot) -> None:
    planned_only(bot, "train")
    assert restored(bot).ground is Ground.TAKEN_UP


def test_results_that_came_later_prove_the_base(bot: Bot) -> None:
    bot.repro("plan")
    bot.commit("planned")
    planned_only(bot, "record")
    assert restored(bot).ground is Ground.TAKEN_UP


def test_a_broken_lock_in_history_proves_nothing_and_does_no_harm(bot: Bot) -> None:
    bot.repro("plan")
    text = (bot.path / LOCK).read_text(encoding="utf-8")
    put(bot.path / LOCK, f"<<<<<<< ours\n{text}")
    bot.commit("broken")
    put(bot.path / LOCK, text)
    planned_only(bot, "plan")
    assert restored(bot).ground is Ground.UNTRAINED
