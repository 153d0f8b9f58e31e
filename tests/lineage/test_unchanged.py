"""That nothing changed is told at once, and as the long way would tell it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from corpora import nlu_yaml
from plan.bots import Bot, committed_bot, planned_bot
from repositories import put

from dvcinc.lineage.comparing import compared
from dvcinc.lineage.unchanged import unchanged
from dvcinc.lineage.verdict import classify
from dvcinc.plan.project import Project
from dvcinc.snapshot.sources import IndexSource

__all__ = ["committed_bot", "planned_bot"]  # fixtures


@pytest.fixture(params=["bot", "planned"])
def known(request: pytest.FixtureRequest) -> Bot:
    """A project without a plan and with one, whose verdict has been asked for once."""
    made: Bot = request.getfixturevalue(request.param)
    judged(made)
    return made


def judged(bot: Bot) -> tuple[bool, str]:
    """Whether the short way told it, and the mode; it is the long way's, always."""
    project = bot.project
    sides = old, new = project.commit("HEAD"), IndexSource(project.git)
    short = unchanged(project, old, project.side(new))
    verdict = classify(project, *sides)
    assert verdict == the_long_way(bot.project)
    assert short in (None, verdict)
    return short is not None, verdict.decision.mode.word


def the_long_way(project: Project) -> object:
    old = project.commit("HEAD")
    return compared(project, old, project.side(IndexSource(project.git))).verdict


def stage(bot: Bot, path: str, text: str) -> None:
    put(bot.path / path, text)
    bot.repo.git("add", "--all")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.md", "# why\n"),
        ("data/notes.txt", "none of it is data\n"),
        ("data/test/test_nlu.yml", nlu_yaml("greet: tested")),
        ("src/main.py", "print()\n"),
    ],
)
def test_what_trains_nothing_is_told_at_once(known: Bot, path: str, text: str) -> None:
    stage(known, path, text)
    assert judged(known) == (True, "none")


def test_so_is_a_file_that_moved(known: Bot) -> None:
    (source,) = (known.path / "data/nlu").glob("*.yml")
    source.rename(source.with_name("elsewhere.yml"))
    known.repo.git("add", "--all")
    assert judged(known) == (True, "none")


def test_so_is_the_next_commit_on_the_same_plan(planned: Bot) -> None:
    judged(planned)
    stage(planned, "README.md", "# why\n")
    planned.commit("words")
    assert judged(planned) == (True, "none")


@pytest.mark.parametrize(
    ("path", "text", "mode"),
    [
        ("data/nlu/more.yml", nlu_yaml("greet: a new word"), "finetune"),
        ("data/nlu/order.yml", nlu_yaml("order: tea | coffee"), "scratch"),
        ("data/nlu/more.yml", "# only words\n", "none"),
    ],
)
def test_what_may_train_is_not(known: Bot, path: str, text: str, mode: str) -> None:
    stage(known, path, text)
    assert judged(known) == (False, mode)


def test_a_policy_that_changed_is_told(known: Bot) -> None:
    known.params("policy: {preset: pragmatic}\n")
    known.repo.git("add", "--all")
    assert judged(known)[0] is False


def test_what_was_known_of_one_policy_says_nothing_of_another(planned: Bot) -> None:
    judged(planned)
    planned.params("policy: {mode: scratch}\n")
    planned.commit("forced")
    assert judged(planned)[0] is False


def test_a_plan_that_is_behind_its_data_is_judged(planned: Bot) -> None:
    judged(planned)
    stage(planned, "data/nlu/more.yml", nlu_yaml("greet: a new word"))
    planned.commit("data alone")
    assert judged(planned) == (False, "finetune")
    assert judged(planned) == (False, "finetune")


def test_another_plan_in_the_work_tree_is_heeded(planned: Bot) -> None:
    judged(planned)
    file = planned.path / "plan/plan.json"
    said = json.loads(file.read_text(encoding="utf-8"))
    said["base"]["digest"] = f"sha256:{'0' * 64}"
    put(file, json.dumps(said))
    assert judged(planned)[0] is False


def test_a_merge_that_is_under_way_is_heeded(planned: Bot) -> None:
    judged(planned)
    planned.repo.git("checkout", "--quiet", "-b", "other")
    stage(planned, "README.md", "# other\n")
    planned.commit("other")
    planned.repo.git("checkout", "--quiet", "-")
    stage(planned, "LICENSE", "none\n")
    planned.commit("this")
    planned.repo.git("merge", "--quiet", "--no-commit", "other")
    assert judged(planned) == (False, "none")
    planned.commit("merged")
    assert judged(planned) == (False, "none")


def test_a_base_that_is_no_longer_at_hand_is_looked_for(planned: Bot) -> None:
    stage(planned, "data/nlu/more.yml", nlu_yaml("greet: a new word"))
    planned.repro()
    planned.commit("more")
    judged(planned)
    assert judged(planned) == (True, "none")
    store = planned.project.ledger.store
    store.remember_revision(base_of(planned.path), "0" * 40)
    store.close()
    assert judged(planned) == (False, "none")


def base_of(path: Path) -> str:
    said = json.loads((path / "plan/plan.json").read_text(encoding="utf-8"))
    digest: str = said["base"]["corpus"]
    return digest


@pytest.mark.parametrize("text", ['{"schema": "dvcinc/plan/0"}', "<<<<<<< ours\n", ""])
def test_a_plan_of_another_form_is_told_and_the_sides_are_compared(
    planned: Bot, text: str
) -> None:
    put(planned.path / "plan/plan.json", text)
    planned.commit("another form")
    stage(planned, "data/nlu/more.yml", nlu_yaml("greet: a new word"))
    assert judged(planned) == (False, "finetune")
    project = planned.project
    said = classify(project, project.commit("HEAD"), IndexSource(project.git))
    assert "plan/plan.json" in said.unheeded
    assert said.unheeded.endswith("so the two sides are compared")
    assert said.unheeded in map(str, said.warnings)
