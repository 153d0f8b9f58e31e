"""The command line as a person meets it: output and exit codes."""

from __future__ import annotations

import json

import pytest
from corpora import nlu_yaml
from render.rendering import both
from surfaces.run import BOT, MORE, NEW_INTENT, dvcinc, python


def test_nothing_changed_is_said_in_words(bot):
    done = dvcinc(bot.path, "classify")
    assert done.returncode == 0
    assert done.stdout.startswith("none: nothing has to be trained\n")
    assert done.stderr == ""


def test_a_new_intent_is_named_with_its_line_and_what_to_do(bot):
    bot.write(NEW_INTENT)
    said = dvcinc(bot.path, "classify").stdout
    assert said.startswith("scratch: a new base has to be trained\n")
    assert "DI201 scratch  intent order is new (2 examples) [nlu, dialogue]" in said
    assert "new: data/more.yml:5, data/more.yml:6" in said
    assert "→ set policy.rules.DI201: finetune\n" in said
    assert "warning: data/more.yml:5: the domain does not list intent order\n" in said
    bot.write(NEW_INTENT | {"data/again.yml": nlu_yaml("greet: hello there you")})
    said = dvcinc(bot.path, "classify").stdout
    assert "→ move the 2 examples of order to a separate pull request" in said


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"data/nlu.yml": "# a comment\n" + BOT["data/nlu.yml"]}, 0),
        ({"data/synonyms.yml": nlu_yaml("synonym hi: hey")}, 10),
        (MORE, 11),
        (NEW_INTENT, 20),
    ],
)
def test_the_exit_code_tells_the_mode_when_asked(bot, files, code):
    bot.write(files)
    assert dvcinc(bot.path, "classify", "--exit-code").returncode == code
    assert dvcinc(bot.path, "classify").returncode == 0


def test_json_has_a_schema_and_everything_that_a_comment_needs(bot):
    bot.write(NEW_INTENT)
    said = json.loads(dvcinc(bot.path, "classify", "--json").stdout)
    assert said["schema"] == "dvcinc/decision/1"
    assert said["mode"] == "scratch"
    assert said["targets"] == {"nlu": "scratch", "dialogue": "scratch"}
    assert said["old"]["commit"] == bot.commits[0]
    assert said["new"]["source"] == "worktree"
    assert said["intents"] == [{"name": "order", "added": 2, "removed": 0, "now": 2}]
    (reason,) = said["reasons"]
    assert (reason["code"], reason["subject"], reason["count"]) == ("DI201", "order", 2)
    assert reason["places"][0] == {"side": "new", "path": "data/more.yml", "line": 5}


def test_markdown_escapes_what_the_data_say(bot):
    bot.write({"data/more.yml": nlu_yaml("<script>|`x`: one | two")})
    said = dvcinc(bot.path, "classify", "--md").stdout
    assert said.startswith("### 🔴 Training mode: scratch\n")
    for seen in both(said):
        assert "script" not in seen.elements
        assert "<script>" not in "".join(seen.text)


def test_staged_judges_the_index_and_not_the_work_tree(bot):
    bot.write(MORE)
    bot.git("add", "data/more.yml")
    bot.write({"data/more.yml": NEW_INTENT["data/more.yml"]})
    said = json.loads(dvcinc(bot.path, "classify", "--staged", "--json").stdout)
    assert said["mode"] == "finetune"
    assert said["new"]["source"] == "index"


@pytest.mark.parametrize(
    ("arguments", "mode"),
    [
        (("HEAD~2", "HEAD"), "scratch"),
        (("HEAD~2..HEAD~1",), "finetune"),
        (("HEAD~1..",), "scratch"),
        (("side...main",), "scratch"),
        (("main...side",), "none"),
        (("HEAD",), "none"),
    ],
)
def test_revisions_are_named_as_in_git_diff(repo, arguments, mode):
    bot = repo(BOT)
    bot.git("branch", "side")
    bot.commit({"data/more.yml": MORE["data/more.yml"]})
    bot.commit({"data/catering.yml": NEW_INTENT["data/more.yml"]})
    said = dvcinc(bot.path, "classify", *arguments, "--json")
    assert json.loads(said.stdout)["mode"] == mode


def test_a_project_in_a_subdirectory_is_named(repo):
    bot = repo({f"bots/one/{path}": text for path, text in BOT.items()})
    bot.write({"bots/one/data/more.yml": MORE["data/more.yml"]})
    done = dvcinc(bot.path, "--project", "bots/one", "classify", "--json")
    said = json.loads(done.stdout)
    assert said["project"] == "bots/one"
    assert said["reasons"][0]["places"][0]["path"] == "data/more.yml"


def test_explain_tells_of_a_rule_whatever_its_case(tmp_path):
    said = dvcinc(tmp_path, "explain", "di201").stdout
    assert said.startswith("DI201 a new intent\n")
    assert "strict:    scratch" in said


def test_no_colour_where_nobody_sees_it_and_none_against_the_will(bot):
    forced = dvcinc(bot.path, "classify", environment={"FORCE_COLOR": "1"})
    assert "\x1b[" in forced.stdout
    both = {"FORCE_COLOR": "1", "NO_COLOR": "1"}
    assert "\x1b[" not in dvcinc(bot.path, "classify", environment=both).stdout
    assert "\x1b[" not in dvcinc(bot.path, "classify").stdout


HEAVY = ("tensorflow", "keras", "dvc", "numpy", "scipy", "git", "rich")


@pytest.mark.parametrize("arguments", [["--help"], ["classify"], ["explain", "DI101"]])
def test_quick_commands_import_nothing_heavy(bot, arguments):
    code = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print('LOADED', sorted(set({HEAVY!r}) & set("
        "sys.modules)), file=sys.stderr))\n"
        f"sys.argv = ['dvcinc', *{arguments!r}]\n"
        "from dvcinc.__main__ import main\nmain()\n"
    )
    done = python(bot.path, code)
    assert done.returncode == 0
    assert done.stderr.splitlines()[-1] == "LOADED []"


def test_reading_leaves_the_repository_as_it_was(bot):
    bot.write(NEW_INTENT)
    index = (bot.path / ".git/index").read_bytes()
    before = bot.git("status", "--porcelain")
    dvcinc(bot.path, "classify")
    dvcinc(bot.path, "classify", "--staged")
    assert (bot.path / ".git/index").read_bytes() == index
    assert bot.git("status", "--porcelain") == before


def test_hostile_names_cannot_talk_to_the_terminal(bot):
    evil = 'nlu:\n- intent: "a\\e]0;owned\\a\\e[2J"\n  examples: |\n    - x\n    - y\n'
    bot.write({"data/evil.yml": evil})
    said = dvcinc(bot.path, "classify").stdout
    assert "owned" in said
    assert "\x1b" not in said
    assert "\x07" not in said


def test_text_has_the_warnings_of_the_other_forms(bot):
    bot.write(
        {"data/more.yml": nlu_yaml("bye: hello"), "tests/t.yml": nlu_yaml("bye: hello")}
    )
    said = dvcinc(bot.path, "classify").stdout
    by_file = dvcinc(bot.path, "classify", "--split").stdout
    document = json.loads(dvcinc(bot.path, "classify", "--json").stdout)
    kinds = {warning["kind"] for warning in document["warnings"]}
    assert {"same-text", "test-text"} <= kinds
    for warning in document["warnings"]:
        assert warning["text"] in said
        assert warning["text"] in by_file


def test_a_flood_of_warnings_is_cut_off(bot):
    names = " | ".join(f"word {number}" for number in range(50))
    bot.write({"data/more.yml": nlu_yaml(f"greet: {names}\nbye: {names}")})
    said = dvcinc(bot.path, "classify").stdout
    assert said.count("warning:") == 21
    assert "more, which --json has" in said
