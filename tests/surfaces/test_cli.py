"""The command line as a person meets it: output, exit codes, errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from corpora import nlu_yaml

BOT = {
    "data/nlu.yml": nlu_yaml("greet: hi | hello\nbye: ciao | so long"),
    "domain.yml": "intents: [greet, bye]\nactions: [action_a]\n",
    "config.yml": "language: en\npipeline: [{name: WhitespaceTokenizer}]\n",
}
NEW_INTENT = {"data/more.yml": nlu_yaml("order: a coffee | a tea please")}
MORE = {"data/more.yml": nlu_yaml("greet: good day | hey")}


def dvcinc(folder, *arguments, environment=None):
    """Runs the command line as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "dvcinc", *arguments],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def bot(repo):
    return repo(BOT)


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
    assert "→ move the 2 examples of order to their own pull request" in said


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
    assert said["intents"] == [{"name": "order", "added": 2, "removed": 0}]
    (reason,) = said["reasons"]
    assert (reason["code"], reason["subject"], reason["count"]) == ("DI201", "order", 2)
    assert reason["places"][0] == {"side": "new", "path": "data/more.yml", "line": 5}


def test_markdown_escapes_what_the_data_say(bot):
    bot.write({"data/more.yml": nlu_yaml("<script>|`x`: one | two")})
    said = dvcinc(bot.path, "classify", "--md").stdout
    assert said.startswith("### Training mode: scratch\n")
    assert "<script>" not in said


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


BROKEN = [
    (
        {"data/nlu.yml": "nlu:\n- intent: [\n"},
        "error: data/nlu.yml:3:1: not YAML: while parsing a flow node did not find",
    ),
    (
        {"data/nlu.yml": b"nlu:\n- intent: caf\xe9\n"},
        "error: data/nlu.yml:2:14: not UTF-8: byte 0xe9",
    ),
    (
        {"data/nlu.yml": "nlu:\n- intent: a\n  examples: |\n    - x [y]{1}\n"},
        "error: data/nlu.yml:4:12: entity is not valid JSON: {1} in 'x [y]{1}'",
    ),
    (
        {"params.yaml": "policy: {preset: lax}\ntrain: {epochs: 0}\n"},
        """\
error: params.yaml:1:18: policy.preset must be strict or pragmatic, not 'lax'
params.yaml:2:17: train.epochs must be config, auto or at least 1, not 0
""",
    ),
    (
        {"params.yaml": "policy: {rules: {DI202: none}}\n"},
        "error: params.yaml: policy.rules.DI202: none is below the floor scratch",
    ),
]


@pytest.mark.parametrize(("files", "message"), BROKEN)
def test_broken_input_is_one_clear_message(bot, files, message):
    bot.write(files)
    done = dvcinc(bot.path, "classify")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(message)
    assert "Traceback" not in done.stderr


def test_a_broken_old_side_is_told_apart_from_the_new_one(repo):
    bot = repo(BOT, {"data/nlu.yml": "nlu: ["})
    bot.write({"data/nlu.yml": BOT["data/nlu.yml"]})
    done = dvcinc(bot.path, "classify")
    assert done.returncode == 2
    assert done.stderr.startswith("error: the old side, HEAD, cannot be read: data/nlu")


def test_outside_of_git_the_way_out_is_named(tmp_path):
    done = dvcinc(tmp_path, "classify")
    assert done.returncode == 2
    assert "is not in a Git repository\nhint: run git init" in done.stderr


def test_without_a_commit_there_is_nothing_to_compare_with(repo):
    bot = repo()
    bot.write(BOT)
    done = dvcinc(bot.path, "classify")
    assert (done.returncode, done.stderr.split("\n")[0]) == (
        2,
        "error: there is no commit yet",
    )


def test_an_unknown_revision_is_named(bot):
    done = dvcinc(bot.path, "classify", "nowhere")
    assert done.returncode == 2
    assert done.stderr.startswith("error: no commit is named 'nowhere'")


def test_without_git_its_absence_is_told(bot, tmp_path):
    done = dvcinc(bot.path, "classify", environment={"PATH": str(tmp_path)})
    assert done.returncode == 2
    assert done.stderr.startswith("error: git is not installed")


def test_explain_tells_of_a_rule_whatever_its_case(tmp_path):
    said = dvcinc(tmp_path, "explain", "di201").stdout
    assert said.startswith("DI201 a new intent\n")
    assert "strict:    scratch" in said


def test_explain_guesses_what_was_meant(tmp_path):
    done = dvcinc(tmp_path, "explain", "DI20")
    assert done.returncode == 2
    assert "there is no rule 'DI20'\nhint: did you mean" in done.stderr


def test_predict_without_a_model_says_what_to_do(bot):
    done = dvcinc(bot.path, "predict", "hi")
    assert done.returncode == 2
    assert done.stderr.startswith("error: models/nlu: there is no model")


def test_lineage_without_a_record_says_what_to_do(bot):
    done = dvcinc(bot.path, "lineage", "show")
    assert done.returncode == 2
    assert done.stderr == (
        "error: lineage.json is missing in the work tree\nhint: run dvc repro\n"
    )


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
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=bot.path,
        capture_output=True,
        text=True,
        check=False,
    )
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


PIPELINE = """\
language: en
pipeline:
- name: WhitespaceTokenizer
- name: CountVectorsFeaturizer
- name: DIETClassifier
"""
UNPLANNED = [
    (
        {"config.yml": PIPELINE + "- name: CRFEntityExtractor\n"},
        "error: config.yml:6: component 'CRFEntityExtractor' is not one that dvcinc",
    ),
    (
        {"config.yml": PIPELINE + "  epochs: many\n"},
        "error: config.yml:5: DIETClassifier: `epochs`",
    ),
    ({"config.yml": "language: en\n"}, "error: config.yml:1: there is no `pipeline`"),
    ({"data/nlu.yml": "nlu: []\n"}, "error: there are no training examples"),
]


@pytest.mark.parametrize(("files", "message"), UNPLANNED)
def test_what_cannot_be_trained_is_refused_before_anything_is_written(
    bot, files, message
):
    bot.write({"config.yml": PIPELINE, **files})
    done = dvcinc(bot.path, "stage", "plan")
    assert done.returncode == 2
    assert done.stderr.startswith(message)
    assert "Traceback" not in done.stderr
    assert not (bot.path / "plan").exists()


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


@pytest.mark.parametrize("arguments", [["predict", "hi"], ["stage", "train"]])
def test_without_the_train_extra_its_absence_is_told(bot, arguments):
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        f"sys.argv = ['dvcinc', *{arguments!r}]\n"
        "from dvcinc.__main__ import main\nmain()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=bot.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: numpy is not installed\nhint: this command")
    assert "pip install 'dvcinc[train]'" in done.stderr


def test_a_command_in_a_folder_of_the_project_finds_the_project(repo):
    bot = repo({**BOT, "params.yaml": "train: {seed: 1}\n"})
    bot.write(MORE)
    above = dvcinc(bot.path, "classify").stdout
    assert dvcinc(bot.path / "data", "classify").stdout == above
    assert above.startswith("finetune: ")


def test_without_training_data_there_is_no_verdict(repo):
    empty = repo({"readme": "x"})
    done = dvcinc(empty.path, "classify")
    assert done.returncode == 2
    assert done.stderr.startswith("error: there are no training examples in data\n")


def test_a_path_that_leads_nowhere_is_named(bot):
    bot.write({"params.yaml": "data: {nlu: data, config: conf/config.yml}\n"})
    done = dvcinc(bot.path, "classify")
    assert done.returncode == 2
    assert "data.config: there is no conf/config.yml" in done.stderr


def test_hostile_names_cannot_talk_to_the_terminal(bot):
    evil = 'nlu:\n- intent: "a\\e]0;owned\\a\\e[2J"\n  examples: |\n    - x\n    - y\n'
    bot.write({"data/evil.yml": evil})
    said = dvcinc(bot.path, "classify").stdout
    assert "owned" in said
    assert "\x1b" not in said
    assert "\x07" not in said


def test_status_needs_no_params_and_no_train_extra(bot):
    bot.write({"config.yml": PIPELINE})
    dvcinc(bot.path, "stage", "plan")
    bot.commit()
    done = dvcinc(bot.path, "status")
    assert done.returncode == 0
    assert done.stdout.startswith("next dvc repro: train, pass on finetune, package")


def test_status_tells_of_a_mode_against_head_and_of_what_is_left_to_do(bot):
    bot.write({"config.yml": PIPELINE})
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
    ]
    assert actions["finetune"] == "run"


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
