"""`dvcinc init` sets dvcinc up in a Rasa project, once, and keeps what is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from adopt.projects import (
    NLU,
    OWN,
    SMALL,
    STARTER,
    TESTS,
    adopt,
    contents,
    make,
    prepared,
)
from corpora import nlu_yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from repositories import put
from shapes import dvcinc

from dvcinc.adopt.dvcfile import read_pipeline
from dvcinc.errors import CheckError, InputError

FILES = {"dvc.yaml", "params.yaml", ".gitignore", ".gitattributes"}
PREP = "# mine\nstages:\n  prep:  # first\n    cmd: make\n    outs: [raw]\n"


@pytest.fixture(autouse=True)
def _programs(monkeypatch):
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")


def init(folder: Path, *options: str) -> str:
    """Runs the command line; what it prints."""
    ran = dvcinc(folder, "init", *options)
    assert ran.code == 0, ran.err
    return ran.out


# --- what is written --------------------------------------------------------------


def test_a_fresh_project_gets_four_files_and_keeps_its_own(repo):
    made = repo(STARTER)
    init(made.path)
    assert {*contents(made.path)} - {*STARTER} == FILES
    assert made.git("diff", "--name-only") == ""
    there = read_pipeline((made.path / "dvc.yaml").read_bytes())
    assert tuple(there.stages) == OWN
    driver = made.git("config", "--local", "merge.dvcinc.driver")
    assert driver.startswith("dvcinc merge-file")


EXISTING = {
    "fresh": {},
    "a pipeline of theirs": {"dvc.yaml": PREP},
    "parameters of theirs": {"params.yaml": "# mine\nrasa: {version: 3.6}\n"},
    "Windows": {
        "dvc.yaml": PREP.replace("\n", "\r\n"),
        "params.yaml": "# mine\r\nother: 1\r\n",
        ".gitignore": "*.pyc\r\n",
    },
    "no ends": {".gitignore": "*.pyc", ".gitattributes": "* text", "dvc.yaml": PREP},
    "tests": {"tests/nlu.yml": TESTS},
    "models of Rasa's": {"models/20240101.tar.gz": "x"},
}


@pytest.mark.parametrize("files", EXISTING.values(), ids=EXISTING)
@pytest.mark.parametrize("share", [None, 0.4], ids=["", "split"])
def test_a_second_run_changes_nothing(tmp_path, files, share):
    adopt(make(tmp_path, {**STARTER, **files}), share=share)
    once = contents(tmp_path)
    assert prepared(tmp_path, share=share).changes == ()
    assert prepared(tmp_path).changes == ()
    assert contents(tmp_path) == once


@pytest.mark.parametrize("files", EXISTING.values(), ids=EXISTING)
def test_what_is_there_stays_line_by_line(tmp_path, files):
    adopt(make(tmp_path, {**STARTER, **files}))
    after = contents(tmp_path)
    for path, text in {**STARTER, **files}.items():
        rows = iter(after[path].splitlines(keepends=True))
        whole = text.encode().splitlines(keepends=True)
        # The last line may get an end.
        assert all(any(row in (r, r.rstrip()) for r in rows) for row in whole), path


def test_a_project_below_the_top_writes_only_there(repo):
    files = {f"bots/a/{path}": text for path, text in STARTER.items()}
    made = repo({"dvc.yaml": PREP, "params.yaml": "x: 1\n", **files})
    before = contents(made.path)
    said = init(made.path / "bots/a")
    new = {path for path in contents(made.path) if path not in before}
    assert new == {f"bots/a/{path}" for path in FILES}
    assert "dvc init --subdir" in said


def test_the_project_may_be_named(repo):
    made = repo({f"bot/{path}": text for path, text in SMALL.items()})
    assert dvcinc(made.path, "--project", "bot", "init").code == 0
    assert (made.path / "bot/dvc.yaml").is_file()


def test_whose_project_lies_elsewhere_is_told_to_go_there_first(repo):
    made = repo({f"a bot/{path}": text for path, text in SMALL.items()})
    said = dvcinc(made.path, "init", "--project", "a bot").out
    assert "next:\n  cd 'a bot'\n  dvc init --subdir\n" in said
    assert "  cd " not in init(made.path / "a bot")


def test_what_is_not_committed_yet_is_told(repo):
    made = repo({**STARTER, "dvc.yaml": PREP, ".dvc/config": ""})
    init(made.path)
    put(made.path / "plan/plan.json", "{}\n")
    commit = 'next:\n  git add --all && git commit -m "dvcinc"\n'
    assert commit in init(made.path)
    made.commit()
    assert "next: dvc repro, when data have changed" in init(made.path)


def test_without_tests_evaluate_is_left_out_if_asked(tmp_path):
    make(tmp_path, {**STARTER, "tests/nlu.yml": TESTS})
    assert "evaluate" in [stage.name for stage in prepared(tmp_path).stages]
    names = [stage.name for stage in prepared(tmp_path, test=False).stages]
    assert tuple(names) == OWN


_LINES = {
    "dvc.yaml": [PREP, PREP + "plots:\n- a.csv\n", "vars:\n- a: 1\n"],
    "params.yaml": ["", "x: 1\n", "train: {seed: 3}\n", "# none\n"],
    ".gitignore": ["", "/models/\n", "*.pyc", "/plots/train\n#\n"],
    ".gitattributes": ["", "* text=auto\n", "/dvc.lock merge=dvcinc\n"],
    "domain.yml": ["slots: {}\n"],
    "tests/nlu.yml": [TESTS],
    "data/more.yml": [nlu_yaml("order: tea | coffee | hi")],
    "models/a.tar.gz": ["x"],
}


@settings(max_examples=40)
@given(
    st.fixed_dictionaries(
        {}, optional={path: st.sampled_from(said) for path, said in _LINES.items()}
    ),
    st.booleans(),
    st.sampled_from([None, 0.3]),
)
def test_whatever_is_there_twice_is_as_good_as_once(tmp_path_factory, files, cr, share):
    end = "\r\n" if cr else "\n"
    there = {path: text.replace("\n", end) for path, text in files.items()}
    project = make(tmp_path_factory.mktemp("any"), {**SMALL, **there})
    adopt(project, share=share)
    assert prepared(project, share=share).changes == ()


# --- what is only shown -----------------------------------------------------------


@pytest.mark.parametrize("options", [[], ["--test-split", "0.2"], ["--git", "--dvc"]])
def test_a_dry_run_writes_nothing_and_shows_what_git_would_apply(repo, options):
    made = repo({**STARTER, "dvc.yaml": PREP})
    settled = made.git("config", "--local", "--list")
    before = contents(made.path)
    said = init(made.path, "--dry-run", *options)
    assert contents(made.path) == before
    assert made.git("config", "--local", "--list") == settled
    subprocess.run(
        ["git", "apply", "-"], cwd=made.path, input=said.encode(), check=True
    )
    applied = contents(made.path)
    made.git("checkout", "--quiet", ".")
    made.git("clean", "-fdq")
    init(made.path, *[option for option in options if option != "--dvc"])
    after = contents(made.path)
    assert applied == after


def test_below_the_top_a_dry_run_shows_every_file_as_the_repository_has_it(repo):
    files = {f"bots/a/{path}": text for path, text in STARTER.items()}
    made = repo({**files, ".pre-commit-config.yaml": "# mine\nrepos: []\n"})
    options = ("--project", "bots/a", "--workflow", "gitlab", "--train-in-ci")
    said = dvcinc(made.path, "init", "--dry-run", *options).out
    assert "../" not in said
    subprocess.run(
        ["git", "apply", "-"], cwd=made.path, input=said.encode(), check=True
    )
    applied = contents(made.path)
    made.git("checkout", "--quiet", ".")
    made.git("clean", "-fdq")
    assert dvcinc(made.path, "init", *options).code == 0
    assert contents(made.path) == applied
    new = {path for path in applied if path not in files}
    assert {".gitlab-ci.yml", "bots/a/dvc.yaml"} <= new
    assert all(f"  {path} " in said for path in new - {".pre-commit-config.yaml"})


def test_a_dry_run_shows_a_hook_that_git_does_not_track(repo, tmp_path):
    made = repo(STARTER)
    said = init(made.path, "--dry-run")
    shown = re.findall(r"^    \+(?!\+)(.*)$", said, re.MULTILINE)
    init(made.path)
    hook = (made.path / ".git/hooks/pre-commit").read_text()
    assert shown == hook.splitlines()
    assert ".git/hooks" not in init(made.path, "--dry-run", "--no-hooks")
    fresh = make(tmp_path / "fresh", STARTER)
    assert ".git/hooks" not in init(fresh, "--dry-run")
    said = init(fresh, "--dry-run", "--git", "--dvc")
    assert "would run: git init, dvc init\n" in said
    assert "    +++ b/.git/hooks/pre-commit\n" in said


def test_a_dry_run_tells_what_is_in_the_way_of_hooks(repo):
    made = repo(STARTER)
    put(made.path / ".git/hooks/pre-commit", "#!/bin/sh\n")
    assert "is not executable, so git passes it over" in init(made.path, "--dry-run")


def test_colour_is_for_those_who_want_it(repo):
    made = repo(SMALL)
    assert "\x1b" not in init(made.path, "--dry-run")
    coloured = dvcinc(made.path, "init", "--dry-run", FORCE_COLOR="1").out
    assert "\x1b[32m+stages:" in coloured


def test_a_diff_shows_nothing_that_a_terminal_obeys(repo):
    made = repo({**SMALL, ".gitignore": "# \x07\n"})
    assert "\x07" not in init(made.path, "--dry-run")


# --- what is in the way -----------------------------------------------------------

TAKEN = {
    "a stage of theirs": (
        {"dvc.yaml": "stages:\n  train:\n    cmd: rasa train\n"},
        r"stage 'train' is not dvcinc's.*rename",
    ),
    "evaluate, without tests": (
        {"dvc.yaml": "stages:\n  evaluate:\n    cmd: rasa test\n"},
        r"stage 'evaluate' is not dvcinc's",
    ),
    "a stage of ours by another name": (
        {"dvc.yaml": "stages:\n  mine:\n    cmd: dvcinc stage train\n"},
        r"stage 'mine' runs dvcinc's 'train'",
    ),
    "an out of theirs": (
        {"dvc.yaml": "stages:\n  rasa:\n    cmd: rasa train\n    outs: [models]\n"},
        r"'rasa' writes models, and dvcinc models/base",
    ),
    "an out of theirs, from elsewhere": (
        {
            "dvc.yaml": "stages:\n  x:\n    cmd: y\n    wdir: bin\n"
            "    metrics:\n    - ../metrics.json: {cache: false}\n",
            "tests/nlu.yml": TESTS,
        },
        r"'x' writes metrics.json",
    ),
    "data that hold all": (
        {"params.yaml": "data: {nlu: ., config: config.yml, domain: domain.yml}\n"},
        r"\. is read by the stage plan, and holds lineage.json",
    ),
    "a pointer": ({"models.dvc": "outs: []\n"}, r"DVC tracks models"),
    "a file": ({"lineage.json": "{}\n"}, r"lineage.json is there already"),
    "metrics of theirs": (
        {"metrics.json": '{"f1": 1}\n', "tests/nlu.yml": TESTS},
        r"metrics.json is there already",
    ),
    "a model": ({"models/nlu/x": "1"}, r"models/nlu is there already"),
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_is_somebody_elses_is_never_written_over(tmp_path, case):
    files, said = TAKEN[case]
    make(tmp_path, {**STARTER, **files})
    with pytest.raises(CheckError, match=said):
        prepared(tmp_path)


def test_all_that_is_in_the_way_is_told_at_once(repo):
    taken = "stages:\n  train:\n    cmd: a\n  plan:\n    cmd: b\n"
    made = repo({**STARTER, "dvc.yaml": taken, "lineage.json": "{}\n"})
    before = contents(made.path)
    ran = dvcinc(made.path, "init", "--dvc")
    assert ran.code == 1
    for word in ("'train'", "'plan'", "lineage.json"):
        assert word in ran.err
    assert contents(made.path) == before


FREE = {
    "metrics that nobody writes": {"metrics.json": '{"f1": 1}\n'},
    "other stages": {"dvc.yaml": PREP},
    "an out beside": {"dvc.yaml": PREP.replace("[raw]", "[models/rasa, plots/x.csv]")},
    "an out that cannot be known": {"dvc.yaml": PREP.replace("[raw]", '["${out}"]')},
    "models of Rasa's": {"models/a.tar.gz": "x"},
    "a pointer beside": {"data.dvc": "outs: []\n", "raw.dvc": "outs: []\n"},
}


@pytest.mark.parametrize("files", FREE.values(), ids=FREE)
def test_what_is_beside_does_no_harm(tmp_path, files):
    assert prepared(make(tmp_path, {**STARTER, **files})).changes


NOTED = {
    "the lock": ("*.lock\n", "dvc.lock belongs into Git, but .gitignore:1 (*.lock)"),
    "the plan": ("/plan/\n", "plan/plan.json belongs into Git"),
    "reports": (
        "x\nreports\n",
        "reports/train.json belongs into Git, but .git",
    ),
}


@pytest.mark.parametrize("case", NOTED)
def test_a_rule_that_ignores_what_belongs_into_git_is_told(repo, case):
    rules, said = NOTED[case]
    made = repo({**STARTER, ".gitignore": rules})
    assert any(note.startswith(said) for note in prepared(made.path).notes)


def test_a_pipeline_that_cannot_be_trained_is_told(tmp_path):
    config = "language: en\npipeline:\n- name: my.own.Component\n"
    (note,) = prepared(make(tmp_path, {**STARTER, "config.yml": config})).notes
    assert note.startswith("dvc repro will refuse the pipeline: config.yml:3")


def test_rules_that_spare_it_are_not(repo):
    made = repo({**STARTER, ".gitignore": "*.json\n!metrics.json\n!*.json\n"})
    assert prepared(made.path).notes == ()


def test_data_that_dvc_tracks_and_a_split_changes_are_told(tmp_path):
    make(tmp_path, {**STARTER, "data/nlu.yml.dvc": "outs: []\n"})
    assert prepared(tmp_path).notes == ()
    said = "data/nlu.yml is tracked by DVC: run dvc add data/nlu.yml"
    assert prepared(tmp_path, share=0.2).notes[:1] == (said,)


# --- Git and DVC ------------------------------------------------------------------


def test_without_a_repository_it_says_what_to_run(tmp_path):
    make(tmp_path, STARTER)
    said = init(tmp_path)
    steps = said.partition("next:\n")[2].split("\n")
    assert [step.strip() for step in steps[:3]] == [
        "git init",
        "dvc init",
        "dvcinc install",
    ]
    assert not (tmp_path / ".git").exists()
    assert not (tmp_path / ".dvc").exists()


def test_git_and_dvc_are_set_up_if_asked(tmp_path):
    make(tmp_path, STARTER)
    said = init(tmp_path, "--git", "--dvc")
    assert (tmp_path / ".git").is_dir()
    assert (tmp_path / ".dvc/config").is_file()
    assert not re.search(r"^  (git|dvc) init", said, re.MULTILINE)
    again = init(tmp_path, "--git", "--dvc")
    assert "nothing to write" in again


def test_dvc_below_the_top_is_one_of_its_own(repo):
    made = repo({f"bot/{path}": text for path, text in SMALL.items()})
    init(made.path / "bot", "--dvc")
    assert (made.path / "bot/.dvc").is_dir()
    assert not (made.path / ".dvc").exists()


def test_dvc_above_is_enough(repo):
    made = repo({".dvc/config": "", **{f"bot/{p}": t for p, t in SMALL.items()}})
    said = init(made.path / "bot")
    assert "dvc init" not in said


def test_dvc_needs_git(tmp_path):
    make(tmp_path, STARTER)
    ran = dvcinc(tmp_path, "init", "--dvc")
    assert (ran.code, "add --git" in ran.err) == (2, True)
    assert contents(tmp_path).keys() == STARTER.keys()


@pytest.mark.parametrize("share", ["0", "1", "-1", "a"])
def test_a_share_is_a_part(tmp_path, share):
    make(tmp_path, STARTER)
    assert dvcinc(tmp_path, "init", "--test-split", share).code == 2
    assert contents(tmp_path).keys() == STARTER.keys()


@pytest.mark.parametrize("other", [["--source", "a/b@c"], ["--train-in-ci"]])
def test_no_workflow_excludes_what_is_for_workflows(tmp_path, other):
    ran = dvcinc(make(tmp_path, SMALL), "init", "--no-workflow", *other)
    assert ran.code == 2
    assert "--no-workflow excludes" in ran.err


def test_a_source_that_is_none_changes_nothing(tmp_path):
    ran = dvcinc(make(tmp_path, SMALL), "init", "--source", "dvcinc")
    assert ran.code == 2
    assert "'dvcinc' does not say where dvcinc lies" in ran.err
    assert {*contents(tmp_path)} == {*SMALL}


def test_a_split_and_no_tests_exclude_each_other(tmp_path):
    ran = dvcinc(tmp_path, "init", "--test-split", "0.2", "--no-test")
    assert ran.code == 2


def test_a_repository_that_git_cannot_read_is_none_to_write_into(tmp_path):
    make(tmp_path, {**STARTER, ".git": "gitdir: nowhere\n"})
    before = contents(tmp_path)
    assert dvcinc(tmp_path, "init", "--git").code == 2
    assert contents(tmp_path) == before
    ran = dvcinc(tmp_path, "doctor")
    assert (ran.code, "problem  project" in ran.out) == (1, True)


def test_a_bare_repository_is_refused(repo, tmp_path):
    made = repo(STARTER)
    made.git("clone", "--bare", "--quiet", ".", str(tmp_path / "bare"))
    with pytest.raises(InputError, match="bare"):
        prepared(tmp_path / "bare")


def test_files_that_lead_out_are_neither_shown_nor_written(repo, tmp_path):
    put(tmp_path / "secret", "x\n")
    made = repo(SMALL)
    (made.path / ".gitattributes").symlink_to(tmp_path / "secret")
    ran = dvcinc(made.path, "init")
    assert ran.code == 2
    assert "leads out" in ran.err
    assert (tmp_path / "secret").read_text() == "x\n"


def test_a_pipeline_for_other_data_is_completed(tmp_path):
    adopt(make(tmp_path, STARTER))
    put(tmp_path / "extra/nlu.yml", NLU)
    params = (tmp_path / "params.yaml").read_text()
    put(tmp_path / "params.yaml", params.replace("nlu: data", "nlu: [data, extra]"))
    (change,) = adopt(tmp_path).changes
    assert change.path == "dvc.yaml"
    plan = read_pipeline((tmp_path / "dvc.yaml").read_bytes()).stages["plan"]
    assert plan["deps"] == ["data", "domain.yml", "config.yml", "extra"]
