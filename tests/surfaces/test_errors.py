"""What goes wrong is told once, with its place and the way out."""

from __future__ import annotations

import pytest
from surfaces.run import BOT, PIPELINE, SET_UP, dvcinc, python

from dvcinc.release import getting

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
params.yaml:2:17: train.epochs must be config, auto or at least 1 and \
at most 1000000000, not 0
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


def test_explain_guesses_what_was_meant(tmp_path):
    done = dvcinc(tmp_path, "explain", "DI20")
    assert done.returncode == 2
    assert "there is no rule 'DI20'\nhint: did you mean" in done.stderr


def test_predict_without_a_model_says_what_to_do(bot):
    done = dvcinc(bot.path, "predict", "hi")
    assert done.returncode == 2
    assert done.stderr.startswith("error: models/nlu: there is no model")


def test_lineage_without_a_record_says_what_to_do(bot):
    bot.write(SET_UP)
    done = dvcinc(bot.path, "lineage", "show")
    assert done.returncode == 2
    assert done.stderr == (
        "error: lineage.json is missing in the work tree\nhint: run dvc repro\n"
    )


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


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [(["predict", "hi"], "predict"), (["stage", "train"], "train")],
)
def test_without_an_extra_its_absence_is_told(bot, arguments, extra):
    bot.write(SET_UP)
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        f"sys.argv = ['dvcinc', *{arguments!r}]\n"
        "from dvcinc.__main__ import main\nmain()\n"
    )
    done = python(bot.path, code)
    assert done.returncode == 2
    assert done.stderr.startswith("error: numpy is not installed")
    assert getting(extra) in done.stderr


@pytest.mark.parametrize("module", ["scipy.sparse", "threadpoolctl", "tensorflow"])
def test_a_package_of_the_extra_that_is_missing_is_no_bug(tmp_path, module):
    code = (
        f"import sys; sys.modules[{module.partition('.')[0]!r}] = None\n"
        "from importlib import import_module\n"
        "from dvcinc.surfaces.door import guarded\n"
        f"guarded(lambda: import_module({module!r}))\n"
    )
    done = python(tmp_path, code)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {module.partition('.')[0]} is not installed")
    assert getting("train") in done.stderr


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
