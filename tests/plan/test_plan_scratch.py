"""New bases: what cuts one, why, where it stands, and how the old one comes back."""

from __future__ import annotations

import pytest
from corpora import PIPELINE
from plan.bots import (
    LINES,
    NEW_INTENT,
    NLU,
    PRAGMATIC,
    THREE,
    codes,
    committed_bot,
    planned_bot,
    tables,
)

from dvcinc.config import Mode

__all__ = ["committed_bot", "planned_bot"]


# --- from scratch -----------------------------------------------------------------


def test_a_new_intent_cuts_a_base_and_says_where_it_stands(planned):
    first = planned.plan().base.info.digest
    planned.say(LINES + NEW_INTENT)
    plan = planned.repro()
    assert plan.decision.mode is Mode.SCRATCH
    assert plan.base.info.digest != first
    assert plan.lesson.is_empty
    (reason,) = plan.decision.reasons
    assert (reason.code, reason.subject) == ("DI201", "book")
    line = (planned.path / NLU).read_text(encoding="utf-8").splitlines()
    assert [str(place) for place in reason.places] == [
        f"{NLU}:{line.index('    - book it') + 1}",
        f"{NLU}:{line.index('    - reserve a seat') + 1}",
    ]


def test_what_is_gone_is_told_by_its_place_in_the_data_not_in_the_base(planned):
    line = (planned.path / NLU).read_text(encoding="utf-8").splitlines()
    planned.say(LINES.replace("one ticket | ", ""))
    plan = planned.repro()
    (reason,) = plan.decision.reasons
    assert reason.code == "DI102"
    assert [str(place) for place in reason.places] == [
        f"{NLU}:{line.index('    - one ticket') + 1}"
    ]


@pytest.mark.parametrize(
    "lines", [LINES + NEW_INTENT, LINES.replace("bye: ciao | so long", "bye: ciao")]
)
def test_a_plan_says_the_same_with_and_without_the_base_at_hand(planned, lines):
    planned.say(LINES + THREE)
    planned.repro()
    planned.commit()
    planned.say(lines + THREE)
    planned.forget()
    planned.repro()
    without = planned.outs()
    planned.repro()
    assert planned.outs() == without


def test_reasons_survive_a_commit_between_run_and_commit_of_the_plan(planned):
    planned.say(LINES + NEW_INTENT)
    said = planned.repro().data
    planned.repo.git("add", NLU)
    planned.repo.git("commit", "--quiet", "--message", "data first")
    assert planned.repro().data == said


def test_reasons_that_are_no_change_of_the_corpus_survive_a_second_run(planned):
    planned.params("policy: {growth_limit: 0.01}\n")
    planned.say(LINES + THREE)
    said = planned.repro()
    assert codes(said)[0] == "DI503"
    assert planned.repro().data == said.data


def test_a_changed_training_parameter_cuts_a_base(planned):
    planned.params("train: {seed: 7}\n")
    plan = planned.repro()
    assert (plan.decision.mode, codes(plan)) == (Mode.SCRATCH, ["DI407"])
    assert plan.decision.reasons[0].text == "train.seed changed from 42 to 7"
    assert plan.base.info.train.seed == 7


def test_a_parameter_set_back_finds_the_committed_base(planned):
    before = planned.outs()
    planned.params("train: {seed: 7}\n")
    planned.repro()
    planned.params("")
    planned.repro()
    assert planned.outs() == before


def test_a_revert_finds_its_base_again(planned):
    before = planned.outs()
    planned.say(LINES + NEW_INTENT)
    planned.repro()
    planned.commit()
    planned.repo.git("revert", "--no-edit", "HEAD")
    plan = planned.repro()
    assert planned.outs() == before
    assert plan.decision.mode is Mode.NONE


def test_a_revert_of_the_data_alone_cuts_the_same_bytes(planned):
    before = planned.outs()
    planned.say(LINES + NEW_INTENT)
    planned.repro()
    planned.commit()
    planned.say(LINES)
    plan = planned.repro()
    assert (plan.decision.mode, codes(plan)) == (Mode.SCRATCH, ["DI202"])
    after = planned.outs()
    assert {n for n in after if after[n] != before.get(n)} == {"plan.json"}


def test_an_uncommitted_experiment_never_loses_the_committed_base(planned):
    before = planned.outs()
    planned.say(LINES + NEW_INTENT)
    planned.repro()
    planned.say(LINES)
    planned.repro()
    assert planned.outs() == before


def test_a_branch_switch_goes_by_the_branchs_plan(planned):
    before = planned.outs()
    planned.repo.git("checkout", "--quiet", "-b", "experiment")
    planned.say(LINES + NEW_INTENT)
    planned.repro()
    planned.commit()
    there = planned.outs()
    planned.repo.git("checkout", "--quiet", "main")
    planned.repro()
    assert planned.outs() == before
    planned.repo.git("checkout", "--quiet", "experiment")
    planned.repro()
    assert planned.outs() == there


# --- forced -----------------------------------------------------------------------


def test_a_forced_base_is_cut_once_and_kept_when_the_force_is_gone(planned):
    first = planned.plan().base.info.digest
    planned.say(LINES + THREE)
    planned.repro()
    planned.commit()
    planned.params("policy: {mode: scratch}\n")
    plan = planned.repro()
    forced = plan.base.info.digest
    assert forced != first
    assert codes(plan)[0] == "DI508"
    assert planned.repro().data == plan.data
    planned.params("")
    plan = planned.plan()
    assert plan.base.info.digest == forced
    (reason,) = plan.decision.reasons
    assert (reason.code, reason.mode) == ("DI508", Mode.SCRATCH)
    assert "under another policy" in reason.text
    assert not reason.advice
    planned.params("policy: {mode: scratch}\n")
    planned.commit()
    before = planned.outs()
    planned.params("")
    assert planned.repro().decision.mode is Mode.NONE
    assert planned.outs() == before


def test_of_two_bases_the_nearer_one_is_taken(planned):
    planned.say(LINES + THREE)
    planned.repro()
    planned.commit()
    planned.params("policy: {mode: scratch}\n")
    forced = planned.repro().base.info.digest
    planned.params("")
    planned.say(LINES + THREE + "bye: one more")
    assert planned.plan().base.info.digest == forced
    planned.say(LINES + "bye: one more")
    assert planned.plan().base.info.digest != forced


def test_nothing_is_forced_where_the_base_is_the_corpus(planned):
    before = planned.outs()
    planned.params("policy: {mode: scratch}\n")
    assert planned.repro().decision.mode is Mode.NONE
    assert planned.outs() == before


def test_force_makes_new_epochs_take_effect(planned):
    planned.config(PIPELINE.replace("epochs: 100", "epochs: 5"))
    assert planned.repro().decision.mode is Mode.NONE
    planned.params("policy: {mode: scratch}\n")
    plan = planned.repro()
    assert plan.decision.mode is Mode.SCRATCH
    assert codes(plan) == ["DI508", "DI401"]
    planned.params("")
    assert planned.plan().base.info.digest == plan.base.info.digest


def test_force_takes_a_rename_into_the_base(planned):
    planned.params(PRAGMATIC)
    planned.say(LINES.replace("bye:", "farewell:"))
    assert planned.repro().decision.mode is Mode.REFRESH
    planned.params(PRAGMATIC.replace("{", "{mode: scratch, "))
    plan = planned.repro()
    assert plan.decision.mode is Mode.SCRATCH
    assert tables(plan).intent_renames == ()


def test_what_is_committed_cannot_be_moved_away_any_more(planned):
    """Beside a new intent, only examples of this change are a rest."""
    planned.say(LINES + THREE)
    planned.repro()
    planned.commit()
    planned.say(LINES + THREE + NEW_INTENT)
    (first, *others) = planned.plan().decision.reasons
    assert [reason.code for reason in others] == ["DI101"] * 3
    assert first.advice == "set policy.rules.DI201: finetune"
    planned.say(LINES + THREE + NEW_INTENT + "\ngreet: hi again\n")
    assert planned.plan().decision.reasons[0].advice.startswith("move the 2 examples")
