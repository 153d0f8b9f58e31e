"""Plans under the preset `pragmatic`, for odd pipelines, and where there is no plan."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from corpora import PIPELINE, SELECTING
from plan.bots import (
    CONFIG,
    LINES,
    NEW_INTENT,
    PARAMS,
    PRAGMATIC,
    THREE,
    added,
    codes,
    committed_bot,
    names,
    planned_bot,
    start,
    tables,
)

from dvcinc.config import Mode, Target
from dvcinc.corpus.canonical import read_corpus
from dvcinc.plan.document import PATH, read_plan
from dvcinc.plan.make import make_plan

__all__ = ["committed_bot", "planned_bot"]

ANYTHING = (
    "policy: {preset: pragmatic, growth_limit: 9, unlearn_limit: 1, "
    "intent_unlearn_limit: 1}\n"
)


# --- pragmatic --------------------------------------------------------------------


def test_a_rename_is_a_refresh_and_no_byte_of_the_delta(planned):
    before = planned.outs()
    planned.params(PRAGMATIC)
    planned.say(LINES.replace("bye:", "farewell:"))
    plan = planned.repro()
    assert (plan.decision.mode, codes(plan)) == (Mode.REFRESH, ["DI203"])
    assert tables(plan).intent_renames == (("bye", "farewell"),)
    changed = {n for n, d in planned.outs().items() if before.get(n) != d}
    assert changed == {"plan.json", "tables/tables.json"}


def test_a_rename_back_finds_the_first_tables(planned):
    planned.params(PRAGMATIC)
    planned.commit()
    before = planned.outs()["tables/tables.json"]
    planned.say(LINES.replace("bye:", "farewell:"))
    planned.repro()
    planned.commit()
    planned.say(LINES)
    plan = planned.repro()
    assert plan.decision.mode is Mode.REFRESH
    assert planned.outs()["tables/tables.json"] == before


def test_names_may_be_swapped(planned):
    planned.params(PRAGMATIC)
    swapped = LINES.replace("bye:", "x:").replace("greet:", "bye:")
    planned.say(swapped.replace("x:", "greet:"))
    plan = planned.repro()
    assert plan.decision.mode is Mode.REFRESH
    assert tables(plan).intent_renames == (("bye", "greet"), ("greet", "bye"))
    assert plan.lesson.is_empty


def test_an_entity_type_is_renamed_without_training(planned):
    planned.params(PRAGMATIC)
    planned.say(LINES.replace("(city)", "(town)"))
    plan = planned.repro()
    assert (plan.decision.mode, codes(plan)) == (Mode.REFRESH, ["DI213"])
    assert tables(plan).entity_renames == (("city", "town"),)


def test_a_renamed_and_grown_intent_learns_under_its_old_name(planned):
    planned.params(PRAGMATIC)
    planned.say(LINES.replace("bye:", "farewell:") + "\nfarewell: bye then")
    plan = planned.repro()
    assert plan.decision.mode is Mode.FINETUNE
    assert added(plan) == ["bye: bye then"]
    assert tables(plan).intent_renames == (("bye", "farewell"),)


def test_a_rename_with_the_old_name_taken_again_is_a_split(planned):
    planned.params(PRAGMATIC)
    planned.say(LINES.replace("bye:", "farewell:") + "\nbye: never mind | forget it")
    plan = planned.repro()
    assert plan.decision.mode is Mode.SCRATCH
    assert codes(plan)[0] == "DI205"


def test_a_merge_into_a_known_intent_is_scratch(planned):
    planned.params(PRAGMATIC)
    planned.say(LINES.replace("bye:", "greet:"))
    plan = planned.repro()
    assert (plan.decision.mode, codes(plan)) == (Mode.SCRATCH, ["DI204"])


def test_new_labels_are_learned_from_the_base(planned):
    planned.params(PRAGMATIC)
    planned.say(LINES + NEW_INTENT + "greet: hi [Bob](name)")
    plan = planned.repro()
    assert plan.decision.mode is Mode.FINETUNE
    assert set(codes(plan)) == {"DI101", "DI201", "DI211"}
    assert len(added(plan)) == 3


def test_a_base_whose_examples_are_all_gone_still_plans(planned):
    planned.params(ANYTHING)
    labels = ("greet", "bye", "travel", "ticket", "faq/ask_wifi", "faq/ask_food")
    rows = [f"{name}: other {name} {n}" for name in labels for n in range(2)]
    planned.say("\n".join([*rows, "travel: other [Rome](city)"]))
    plan = planned.repro()
    assert plan.decision.mode is Mode.FINETUNE
    assert plan.lesson.kept == ()
    assert "replay/nlu.yml" not in names(plan)
    assert len(plan.lesson.removed) == 28


def test_unicode_survives_the_whole_way(planned):
    planned.params(PRAGMATIC)
    odd = [
        "grüß\u2028di",
        "\uff45\uff4d 🙂",
        "e\u0301 é",
        "\u202eabc",
        "[Å](city) #1: - x",
    ]
    planned.say(LINES + f"\ngreet: {' | '.join(odd)}")
    plan = planned.repro()
    assert plan.decision.mode is Mode.FINETUNE
    delta = [f for f in plan.delta if f.name == "added/nlu.yml"]
    read = read_corpus([delta[0]._replace(name="nlu.yml")])
    assert set(read.examples) == set(plan.lesson.added)
    planned.commit()
    assert planned.plan().decision.mode is Mode.NONE


# --- pipelines --------------------------------------------------------------------


def test_annotations_train_nothing_without_entity_recognition(repo):
    bot = start(repo())
    bot.config(PIPELINE.replace("epochs: 100", "entity_recognition: false"))
    bot.repro()
    bot.commit()
    before = bot.outs()
    bot.say(LINES.replace("[Oslo](city)", "Oslo").replace("[Rome](city)", "[Rome](x)"))
    plan = bot.repro()
    assert plan.decision.targets[Target.NLU] is Mode.NONE
    assert bot.outs() == before


def begun(repo, config: str):
    """A project with a pipeline of its own, planned and committed."""
    bot = start(repo())
    bot.config(config)
    bot.params(PRAGMATIC)
    bot.repro()
    bot.commit()
    return bot


# what happened, from what to what, mode with a selector, mode without
KEYS = [
    ("a key came", "faq/ask_wifi:", "faq/ask_bike: a bike\nfaq/ask_wifi:", "FF"),
    ("a key was renamed", "faq/ask_food:", "faq/ask_meal:", "SN"),
    ("an example moved", "can i eat | ", "", "FF"),
    ("more of a key", "can i eat", "can i eat | snacks", "FF"),
]
MODES = {"N": Mode.NONE, "F": Mode.FINETUNE, "S": Mode.SCRATCH}


@pytest.mark.parametrize(
    ("old", "new", "modes"), [row[1:] for row in KEYS], ids=[row[0] for row in KEYS]
)
@pytest.mark.parametrize("selecting", [True, False])
def test_keys_are_learned_where_a_selector_covers_them(
    repo, old, new, modes, selecting
):
    bot = begun(repo, SELECTING if selecting else PIPELINE)
    before = bot.outs()
    bot.say(LINES.replace(old, new))
    plan = bot.repro()
    mode = MODES[modes[0 if selecting else 1]]
    assert plan.decision.targets[Target.NLU] is mode
    assert plan.lesson.is_empty == (mode is not Mode.FINETUNE)
    learned = {example.intent for example in plan.lesson.now.examples}
    assert any("/" in intent for intent in learned) == selecting
    if mode is Mode.NONE:
        assert bot.outs() == before


@pytest.mark.parametrize("lines", ["lookup city: Ulm | Rome", "regex city: U.m"])
def test_a_pattern_that_is_only_looked_up_changes_the_tables_alone(repo, lines):
    bot = begun(
        repo,
        PIPELINE.replace("- name: RegexFeaturizer\n", "- name: RegexEntityExtractor\n"),
    )
    before = bot.outs()
    bot.say(f"{LINES}\n{lines}")
    plan = bot.repro()
    assert (plan.decision.mode, codes(plan)) == (Mode.REFRESH, ["DI112"])
    assert [pattern.name for pattern in tables(plan).patterns] == ["city"]
    changed = {n for n, d in bot.outs().items() if before.get(n) != d}
    assert changed == {"plan.json", "tables/tables.json"}


def test_an_answer_changes_the_tables_alone_even_where_rasa_makes_it_a_label(repo):
    bot = start(repo())
    selector = "- name: ResponseSelector\n  use_text_as_label: true\n"
    bot.config(PIPELINE + selector)
    bot.repro()
    bot.commit()
    bot.say(LINES.replace("Yes.", "Of course."))
    plan = bot.repro()
    assert (plan.decision.mode, codes(plan)) == (Mode.REFRESH, ["DI121"])
    assert bot.repro().data == plan.data


def test_a_weightless_setting_changes_the_tables_alone(planned):
    before = planned.outs()
    planned.config(PIPELINE.replace("epochs: 100", "epochs: 100\n  ranking_length: 3"))
    plan = planned.repro()
    assert (plan.decision.mode, codes(plan)) == (Mode.REFRESH, ["DI402"])
    changed = {n for n, d in planned.outs().items() if before.get(n) != d}
    assert changed == {"plan.json", "tables/tables.json"}


# --- what cannot be planned -------------------------------------------------------


@pytest.mark.parametrize("lines", ["", "synonym Rome: roma"])
def test_an_empty_corpus_is_an_error_that_says_where_to_look(planned, lines):
    planned.say(lines)
    with pytest.raises(Exception, match="there are no training examples") as caught:
        planned.repro()
    assert "data.nlu" in caught.value.hint


def test_a_pipeline_that_cannot_be_trained_is_a_note_where_that_is_enough(planned):
    config = PIPELINE.replace("char_wb\n", "char_wb\n  additional_vocabulary_size: 9\n")
    planned.config(f"{config}- name: acme.Classifier\n")
    planned.say(LINES + THREE)
    project = planned.project
    now = project.snapshot(project.worktree())
    situation = project.situation(now, project.git.head(), tolerant=True)
    plan = make_plan(situation)
    assert plan.decision.mode is Mode.SCRATCH
    assert any("acme.Classifier" in said for said in (*plan.warnings, *plan.notes))


def test_a_plan_file_reads_back_as_the_plan(planned):
    planned.say(LINES + NEW_INTENT)
    plan = planned.repro()
    assert read_plan(plan.data) == plan.document
    assert read_plan(plan.data).to_bytes() == plan.data
    said = json.loads((planned.path / PATH).read_bytes())
    assert said["mode"] == "scratch"
    assert said["base"]["commit"] == planned.repo.commits[-1]


def test_files_have_no_trace_of_the_machine(planned):
    for name, data in planned.outs().items():
        assert str(planned.path).encode() not in data, name
    assert (planned.path / PARAMS).exists()
    assert (planned.path / CONFIG).exists()


LIGHT = """
import sys
from pathlib import Path
from dvcinc.plan.make import make_plan
from dvcinc.plan.project import open_project
project = open_project(Path(sys.argv[1]))
now = project.snapshot(project.worktree())
plan = make_plan(project.situation(now, project.git.head()))
heavy = {"git", "rich", "click", "numpy", "tensorflow", "dvc", "scipy"}
print(plan.decision.mode.word, *sorted(heavy & set(sys.modules)))
"""


def _plan_elsewhere(bot) -> str:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT, str(bot.path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_plan_of_nothing_new_stays_light(planned):
    assert _plan_elsewhere(planned) == "none"
    planned.forget()
    assert _plan_elsewhere(planned) == "none"


def test_a_plan_with_the_base_at_hand_stays_light(planned):
    planned.say(LINES + THREE)
    assert _plan_elsewhere(planned) == "finetune"
