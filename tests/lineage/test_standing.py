"""What a change brings is told apart from what is due, trained, or the first of all."""

from __future__ import annotations

import json

import pytest
from plan.bots import (
    LINES,
    NEW_INTENT,
    PRAGMATIC,
    THREE,
    committed_bot,
    planned_bot,
    put,
)

from dvcinc.config import Mode
from dvcinc.lineage.brought import others
from dvcinc.lineage.past import past
from dvcinc.lineage.report import report
from dvcinc.lineage.since import due_since
from dvcinc.lineage.split import split
from dvcinc.lineage.standing import Standing
from dvcinc.lineage.verdict import classify, judged
from dvcinc.lineage.warning import About
from dvcinc.render.annotations import workflow_commands
from dvcinc.render.comment import comment
from dvcinc.render.decision import read_decision
from dvcinc.render.links import Forge, Links
from dvcinc.render.outputs import DONE, LABELS, label_of, outputs, status_text
from dvcinc.render.past import line
from dvcinc.render.sarif import sarif
from dvcinc.render.text import verdict as text
from dvcinc.render.written import decision
from dvcinc.snapshot.mixed import Remembered

__all__ = ["committed_bot", "planned_bot"]

EDITED = LINES.replace("| hello |", "| helloo |")
EDITS = EDITED.replace("roma", "rooma").replace("Yes.", "Yes!")
ONE = "\nbye: ciao then\n"
STAGES = "stages:\n  plan:\n    cmd: dvcinc stage plan\n    deps: [data]\n"


def verdict(bot, old="HEAD", new=None):
    project = bot.project
    source = project.worktree() if new is None else project.commit(new)
    return classify(project, project.commit(old), source)


def document(bot, old="HEAD", new=None):
    """The verdict as everybody reads it who has only the document."""
    project = bot.project
    source = project.worktree() if new is None else project.commit(new)
    before = project.commit(old)
    found = report(project, judged(project, before, source), before, source)
    return read_decision(json.dumps(decision(found)).encode())


def told(found):
    """The standing, what has to run, what the change brings of it, what is left."""
    return found.standing, found.decision.mode, found.change.mode, found.left


def codes(reasons):
    return [reason.code for reason in reasons]


@pytest.fixture(name="waiting")
def waiting_bot(planned):
    """A new intent is committed, and nobody has trained it."""
    planned.say(LINES + NEW_INTENT)
    planned.commit("new intent")
    return planned


# --- new --------------------------------------------------------------------------


@pytest.fixture(name="grown")
def grown_bot(planned):
    """Three examples are committed with their training; then come three edits."""
    planned.say(LINES + THREE)
    planned.repro()
    planned.commit("three examples")
    planned.say(EDITS + THREE)
    return planned


def test_old_changes_are_not_told_as_if_they_were_this_one(grown):
    found = verdict(grown)
    assert told(found) == (Standing.NEW, Mode.SCRATCH, Mode.SCRATCH, Mode.SCRATCH)
    assert codes(found.change.reasons) == ["DI105", "DI111", "DI121"]
    assert codes(others(found.decision.reasons, found.change.reasons)) == ["DI101"] * 3


STRICT = "policy: {growth_limit: 9}\n"


def of_greet(reasons):
    return [(r.text, r.count, len(r.places)) for r in reasons if r.subject == "greet"]


def test_examples_of_the_change_are_not_told_again_as_those_since_the_base(planned):
    three = "\ngreet: hiya | hi all | hello you"
    planned.params(STRICT)
    planned.say(LINES + three)
    planned.repro()
    planned.commit("three examples")
    planned.say(LINES + three + " | hi hi | hey hey" + NEW_INTENT)
    found = verdict(planned)
    assert of_greet(found.decision.reasons) == [
        ("5 examples added to intent greet", 5, 5)
    ]
    assert of_greet(others(found.decision.reasons, found.change.reasons)) == [
        ("3 examples added to intent greet", 3, 3)
    ]
    said = document(planned).reasons
    assert [(r.count, r.ours) for r in said if r.subject == "greet"] == [
        (2, True),
        (3, False),
    ]


def test_an_example_that_comes_back_takes_nothing_off_those_since_the_base(planned):
    more = "\ngreet: hiya | hi all | hello you"
    without = LINES.replace("hi | ", "")
    planned.params(PRAGMATIC)
    planned.say(without + more)
    planned.repro()
    planned.commit("three for one")
    planned.params(STRICT)
    planned.say(LINES + more + " | hi hi" + NEW_INTENT)
    found = verdict(planned)
    assert "2 examples added" in of_greet(found.change.reasons)[0][0]
    (left,) = of_greet(others(found.decision.reasons, found.change.reasons))
    assert left == ("3 examples added to intent greet", 3, 3)


def test_text_and_comment_tell_the_change_first_and_the_rest_in_short(grown):
    own, _, rest = text(verdict(grown)).partition("\nsince the base also:\n")
    assert "DI105" in own
    assert "DI111" in own
    assert "DI101" not in own
    assert rest.count("  DI101 finetune 1 example added to intent ") == 3
    own, _, rest = comment(document(grown), Links()).partition("<details>")
    assert "DI105" in own
    assert "DI101" not in own
    assert "<summary>Since the base also: 3 reasons</summary>" in "<details>" + rest


def test_lines_of_old_changes_are_neither_annotated_nor_found(grown):
    found = document(grown)
    assert [r.ours for r in found.reasons] == [r.code != "DI101" for r in found.reasons]
    assert not any("DI101" in line for line in workflow_commands(found))
    results = sarif(found)["runs"][0]["results"]
    assert [one["ruleId"] for one in results] == ["DI105", "DI111", "DI121"]


def test_a_split_says_what_the_whole_says(grown):
    project = grown.project
    old, new = project.commit("HEAD"), Remembered(project.worktree())
    found = split(project, old, new, classify(project, old, new))
    (part,) = found.parts
    assert codes(part.decision.reasons) == ["DI105", "DI111", "DI121"]


def test_what_only_comes_about_by_a_change_is_its_own(planned):
    lines = " | ".join(f"hello number {number}" for number in range(20))
    planned.say(f"{LINES}\ngreet: {lines}\n")
    found = verdict(planned)
    assert told(found) == (Standing.NEW, Mode.SCRATCH, Mode.SCRATCH, Mode.SCRATCH)
    assert codes(found.change.reasons) == ["DI503", "DI101"]


def test_a_policy_that_asks_for_it_brings_it(planned):
    planned.say(LINES + ONE)
    planned.params("policy: {mode: scratch}\n")
    found = verdict(planned)
    assert told(found)[:3] == (Standing.NEW, Mode.SCRATCH, Mode.SCRATCH)
    assert "DI508" in codes(found.change.reasons)


def test_what_the_base_never_saw_costs_the_change_no_more_than_all(grown):
    grown.say(LINES + THREE.replace("bye then", "bye than"))
    found = verdict(grown)
    assert told(found)[:3] == (Standing.NEW, Mode.FINETUNE, Mode.FINETUNE)


# --- due --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "own"),
    [
        (LINES, Mode.NONE),
        (LINES.replace("Yes.", "Yes!"), Mode.REFRESH),
        (LINES + ONE, Mode.FINETUNE),
    ],
)
def test_on_top_of_what_waits_a_change_is_told_by_itself(waiting, lines, own):
    waiting.say(lines + NEW_INTENT)
    found = verdict(waiting)
    assert told(found) == (Standing.DUE, Mode.SCRATCH, own, Mode.SCRATCH)
    assert found.mode is own
    assert "DI201" not in codes(found.change.reasons)
    assert text(found).startswith(f"{own.word}: ")
    assert "; scratch is due already, since before\n" in text(found)


def test_what_is_as_dear_by_itself_is_no_less_for_what_waits(waiting):
    waiting.say(EDITED + NEW_INTENT)
    found = verdict(waiting)
    assert told(found)[:3] == (Standing.NEW, Mode.SCRATCH, Mode.SCRATCH)
    assert codes(found.change.reasons) == ["DI105"]


def test_a_fine_tune_may_be_due_as_well(planned):
    planned.say(LINES + ONE)
    planned.commit()
    planned.say(LINES.replace("Yes.", "Yes!") + ONE)
    found = verdict(planned)
    assert told(found)[:3] == (Standing.DUE, Mode.FINETUNE, Mode.REFRESH)


def test_it_is_told_since_when_it_is_due(waiting):
    first = waiting.project.git.head()
    for lines in (LINES + ONE, LINES):
        waiting.say(lines + NEW_INTENT)
        waiting.commit()
    waiting.say(EDITED.replace("helloo", "hello") + NEW_INTENT + "greet: hiya\n")
    found = verdict(waiting)
    since = due_since(waiting.project, found, waiting.project.git.head())
    assert since == first
    assert f"due already, since {first[:10]}" in text(found, since=since)
    assert document(waiting).due_since == first


def test_a_pull_request_on_top_of_what_waits_is_told_by_itself(waiting):
    waiting.say(LINES + NEW_INTENT + ONE)
    found = document(waiting)
    body = comment(found, Links())
    assert "### 🟢 Training mode: finetune\n" in body
    assert f"scratch is due already, since `{found.due_since[:10]}`" in body
    assert "gains nothing" not in body
    assert label_of(found) == LABELS[Mode.FINETUNE]
    status = status_text(found, Forge.GITHUB)
    assert status.startswith("finetune (scratch is due since before): 1 example")
    assert outputs(found)["should-train"] == "true"


def test_what_trains_nothing_is_no_reason_for_a_comment(waiting):
    put(waiting.path / "README.md", "# why\n")
    assert not document(waiting).matters
    waiting.say(LINES + NEW_INTENT + ONE)
    assert document(waiting).matters


# --- trained ----------------------------------------------------------------------


def test_what_comes_with_its_model_has_been_trained(planned):
    planned.say(LINES + NEW_INTENT)
    planned.repro()
    found = verdict(planned)
    assert told(found) == (Standing.TRAINED, Mode.SCRATCH, Mode.SCRATCH, Mode.NONE)
    planned.commit()
    assert told(verdict(planned, "HEAD~1", "HEAD")) == told(found)


def test_results_alone_bring_nothing_and_are_told_as_trained(waiting):
    waiting.repro()
    waiting.commit("results")
    found = verdict(waiting, "HEAD~1", "HEAD")
    assert told(found) == (Standing.TRAINED, Mode.SCRATCH, Mode.NONE, Mode.NONE)


@pytest.mark.parametrize(
    "later",
    [
        lambda bot: bot.say(LINES + NEW_INTENT + ONE),
        lambda bot: bot.params("train: {epochs: 7}\n"),
        lambda bot: bot.params("policy: {mode: scratch}\n"),
    ],
)
def test_a_plan_of_something_else_trains_nothing(planned, later):
    planned.say(LINES + NEW_INTENT)
    planned.repro()
    later(planned)
    found = verdict(planned)
    assert (found.standing, found.left) == (Standing.NEW, Mode.SCRATCH)


def test_other_settings_of_a_fine_tune_leave_it_to_run(planned):
    planned.say(LINES + ONE)
    planned.repro()
    assert verdict(planned).standing is Standing.TRAINED
    planned.params("finetune: {steps: 7}\n")
    assert verdict(planned).left is Mode.FINETUNE


def test_a_pull_request_that_has_been_trained_says_so_everywhere(planned):
    planned.say(LINES + NEW_INTENT)
    planned.repro()
    planned.commit()
    found = document(planned, "HEAD~1", "HEAD")
    body = comment(found, Links())
    assert "✅ Training mode: scratch, already trained in this pull request" in body
    assert "A new base has to be trained" not in body
    assert "→ move" not in body
    assert (label_of(found), found.left) == (DONE, Mode.NONE)
    status = status_text(found, Forge.GITHUB)
    assert status.startswith("scratch, already trained: intent book is new")
    assert outputs(found)["should-train"] == "false"
    (noted,) = [line for line in workflow_commands(found) if "title=DI201" in line]
    assert noted.startswith("::notice ")
    results = sarif(found)["runs"][0]["results"]
    (result,) = [one for one in results if one["ruleId"] == "DI201"]
    assert result["level"] == "note"
    assert result["message"]["text"].startswith("scratch, already trained: ")
    assert text(verdict(planned, "HEAD~1", "HEAD")).startswith(
        "scratch: already trained, as dvc.lock says\n"
    )


def test_a_base_that_fits_again_is_restored(planned):
    planned.say(LINES + NEW_INTENT)
    planned.repro()
    planned.commit()
    planned.say(LINES)
    found = verdict(planned)
    assert told(found)[:2] == (Standing.RESTORED, Mode.SCRATCH)
    assert "its model is restored" in text(found)


# --- first ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "own"), [(LINES, Mode.NONE), (LINES + ONE, Mode.FINETUNE)]
)
def test_before_the_first_training_all_has_to_be_trained(bot, lines, own):
    put(bot.path / "dvc.yaml", STAGES)
    bot.commit()
    bot.say(lines)
    found = verdict(bot)
    assert told(found) == (Standing.FIRST, own, own, Mode.SCRATCH)
    (warning,) = [one for one in found.warnings if one.about is About.NO_PLAN]
    assert warning.text.startswith("there is no plan at HEAD, so the two sides are")
    assert warning.text.endswith("the next dvc repro trains one from scratch")
    assert outputs(document(bot))["should-train"] == "true"
    assert document(bot).matters is (own > Mode.NONE)


def test_the_first_model_is_told_as_trained(bot):
    put(bot.path / "dvc.yaml", STAGES)
    bot.commit()
    bot.repro()
    found = verdict(bot)
    assert told(found) == (Standing.TRAINED, Mode.NONE, Mode.NONE, Mode.NONE)
    assert found.warnings == ()


def test_who_does_not_train_here_is_not_told_to(bot):
    bot.say(LINES + ONE)
    found = verdict(bot)
    assert told(found) == (Standing.NEW, Mode.FINETUNE, Mode.FINETUNE, Mode.FINETUNE)
    assert found.warnings == ()


def test_a_status_says_that_there_is_no_base_yet(bot):
    put(bot.path / "dvc.yaml", STAGES)
    bot.commit()
    bot.say(LINES + ONE)
    said = status_text(document(bot), Forge.GITHUB)
    assert (
        said == "finetune, no base has been trained yet: 1 example added to intent bye"
    )


# --- log --------------------------------------------------------------------------


def test_a_log_tells_each_commit_by_itself(waiting):
    due = f"scratch due since {waiting.project.git.head()[:10]}"
    waiting.repo.git("commit", "-q", "--allow-empty", "-m", "empty")
    waiting.say(LINES + NEW_INTENT + ONE)
    waiting.commit("one")
    waiting.repro()
    waiting.commit("results")
    waiting.say(LINES + NEW_INTENT + ONE + "greet: hiya\n")
    waiting.repro()
    waiting.commit("more")
    said = [line(one).split("  ", 2)[2] for one in past(waiting.project, "HEAD", 5)]
    assert [" ".join(one.split()) for one in said] == [
        "finetune more (DI101 1 example added to intent greet; trained in this commit)",
        "trained results (nothing that trains changed)",
        f"finetune one (DI101 1 example added to intent bye; {due})",
        f"none empty (nothing that trains changed; {due})",
        "scratch new intent (DI201 intent book is new (2 examples))",
    ]
