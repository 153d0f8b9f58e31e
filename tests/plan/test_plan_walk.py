"""A project's life: what each change costs, and what the plan stage writes for it."""

from __future__ import annotations

import pytest
from corpora import PIPELINE, nlu_yaml
from plan.bots import (
    LINES,
    NLU,
    THREE,
    added,
    codes,
    committed_bot,
    names,
    planned_bot,
    put,
    start,
    tables,
)

from dvcinc.config import Mode, Target

__all__ = ["committed_bot", "planned_bot"]


# --- the first plan ---------------------------------------------------------------


def test_a_first_plan_freezes_the_whole_corpus(bot):
    plan = bot.repro()
    assert plan.decision.mode is Mode.SCRATCH
    assert codes(plan) == ["DI504"]
    assert plan.decision.reasons[0].text == "no plan has been committed yet"
    counted = plan.base.info, plan.document.corpus
    assert {(it.examples, it.intents, it.entities) for it in counted} == {(28, 5, 1)}
    assert names(plan) == ["delta.json"]
    assert plan.lesson.is_empty
    assert [pair.value for pair in tables(plan).synonyms] == ["Rome"]


def test_a_first_plan_says_the_same_when_it_is_made_again(bot):
    bot.repro()
    before = bot.outs()
    bot.repro()
    assert bot.outs() == before


def test_a_plan_can_be_made_before_the_first_commit(repo):
    bot = start(repo())
    assert bot.repro().document.base.commit is None
    before = bot.outs()
    bot.repro()
    assert bot.outs() == before


def test_a_project_may_lie_in_a_subdirectory(repo):
    bot = start(repo(), "bots/räil way")
    bot.repro()
    bot.commit()
    bot.say(LINES + THREE)
    bot.commit()
    bot.forget()
    plan = bot.repro()
    assert plan.decision.mode is Mode.FINETUNE
    assert len(added(plan)) == 3


# --- what trains nothing ----------------------------------------------------------


def test_an_unchanged_project_keeps_its_plan_byte_for_byte(planned):
    before = planned.outs()
    plan = planned.repro()
    assert planned.outs() == before
    assert (plan.decision.mode, codes(plan)) == (Mode.NONE, [])
    assert planned.repo.git("status", "--porcelain") == ""


def _comment(bot):
    path = bot.path / NLU
    put(path, "# why\n" + path.read_text(encoding="utf-8"))


def _reorder(bot):
    bot.say("\n".join(reversed(LINES.strip().splitlines())))


def _split(bot):
    rows = LINES.strip().splitlines()
    bot.say("\n".join(rows[3:]))
    put(bot.path / "data/nlu/more/first.yml", nlu_yaml("\n".join(rows[:3])))


def _duplicate(bot):
    bot.say(LINES + "\ngreet: hi | hello")


def _epochs(bot):
    bot.config(PIPELINE.replace("epochs: 100", "epochs: 5"))


def _default(bot):
    bot.config(PIPELINE.replace("epochs: 100", "epochs: 100\n  drop_rate: 0.2"))


def _domain(bot):
    put(bot.path / "data/domain.yml", "intents: [greet, bye]\nactions: [action_x]\n")


def _policy(bot):
    bot.params("policy: {growth_limit: 0.9}\n")


@pytest.mark.parametrize(
    "change",
    [_comment, _reorder, _split, _duplicate, _epochs, _default, _domain, _policy],
)
def test_what_trains_nothing_leaves_every_byte(planned, change):
    before = planned.outs()
    change(planned)
    plan = planned.repro()
    assert planned.outs() == before
    assert plan.decision.targets[Target.NLU] is Mode.NONE
    planned.commit()
    planned.forget()
    planned.repro()
    assert planned.outs() == before


def test_a_new_action_is_still_told_to_the_dialogue(planned):
    _domain(planned)
    plan = planned.repro()
    assert plan.decision.mode is Mode.NONE
    assert plan.decision.targets[Target.DIALOGUE] is Mode.SCRATCH
    assert set(codes(plan)) == {"DI302", "DI304"}


# --- refresh and fine-tune --------------------------------------------------------


def test_a_synonym_changes_the_tables_alone(planned):
    before = planned.outs()
    planned.say(LINES + "\nsynonym Rome: la città eterna")
    plan = planned.repro()
    assert plan.decision.mode is Mode.REFRESH
    assert codes(plan) == ["DI111"]
    after = planned.outs()
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"plan.json", "tables/tables.json"}


def test_new_examples_are_the_delta_and_the_base_stays(planned):
    before = planned.outs()
    planned.say(LINES + THREE)
    plan = planned.repro()
    assert plan.decision.mode is Mode.FINETUNE
    assert codes(plan) == ["DI101"] * 3
    assert added(plan) == ["bye: bye then", "greet: hiya", "travel: over Graz"]
    after = planned.outs()
    base = {name: data for name, data in before.items() if name.startswith("base/")}
    assert {n: d for n, d in after.items() if n.startswith("base/")} == base
    assert after["tables/tables.json"] == before["tables/tables.json"]
    assert b"[Graz](city)" in after["delta/added/nlu.yml"]


def test_reasons_tell_of_the_last_step_and_the_delta_of_all(planned):
    planned.say(LINES + THREE)
    planned.repro()
    planned.commit()
    planned.say(LINES + THREE + "ticket: a cheap ticket")
    plan = planned.repro()
    assert len(added(plan)) == 4
    assert [reason.text for reason in plan.decision.reasons] == [
        "1 example added to intent ticket"
    ]


def test_an_example_that_came_after_the_base_may_go_again(planned):
    planned.say(LINES + THREE)
    planned.repro()
    planned.commit()
    planned.say(LINES + THREE.replace("greet: hiya", ""))
    plan = planned.repro()
    assert plan.decision.mode is Mode.FINETUNE
    assert added(plan) == ["bye: bye then", "travel: over Graz"]
    assert plan.lesson.removed == ()
    assert [(r.code, r.mode, r.advice) for r in plan.decision.reasons] == [
        ("DI102", Mode.FINETUNE, "")
    ]


def test_taking_back_the_whole_delta_gives_the_first_plans_outs(planned):
    before = planned.outs()
    planned.say(LINES + THREE)
    planned.repro()
    planned.commit()
    planned.say(LINES)
    plan = planned.repro()
    assert plan.decision.mode is Mode.FINETUNE  # the stage passes the base on
    after = planned.outs()
    assert {n: d for n, d in after.items() if n != "plan.json"} == {
        n: d for n, d in before.items() if n != "plan.json"
    }


def test_parameters_of_the_fine_tune_change_no_folder(planned):
    planned.say(LINES + THREE)
    planned.repro()
    planned.commit()
    before = planned.outs()
    planned.params("finetune: {steps: 7}\n")
    plan = planned.repro()
    assert plan.decision.mode is Mode.FINETUNE
    assert codes(plan) == ["DI407"]
    assert plan.document.finetune.steps == 7
    changed = {n for n, d in planned.outs().items() if before.get(n) != d}
    assert changed == {"plan.json"}
