"""How much a hook does: the modules that a warm run imports, and how often git runs.

Wall clock depends on the machine; these do not, and are most of what a run takes.
"""

from __future__ import annotations

import json

import pytest
from corpora import nlu_yaml
from surfaces.run import MORE, PIPELINE, dvcinc, python

RUN = """
import sys
from dvcinc.surfaces.cli import cli
try:
    cli({arguments!r}, standalone_mode=False)
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""
# For other formats, for data outside of Git, for people who ask for them, for mistakes.
NEVER = {
    "bz2",
    "configparser",
    "csv",
    "dvc",
    "dvcinc.corpus.readers.jsonl",
    "dvcinc.corpus.readers.markdown",
    "dvcinc.corpus.readers.rasa_json",
    "dvcinc.corpus.readers.table",
    "dvcinc.lineage.record",
    "dvcinc.plan.load",
    "dvcinc.render.json",
    "dvcinc.render.markdown",
    "dvcinc.render.rule",
    "dvcinc.snapshot.dvccache",
    "dvcinc.text.ngrams",
    "dvcinc.text.tokenizer",
    "git",
    "lzma",
    "numpy",
    "rich",
    "tempfile",
    "textwrap",
}
# For those who have a change to judge.
JUDGES = {
    "difflib",
    "dvcinc.changes",
    "dvcinc.corpus.markup",
    "dvcinc.corpus.pipeline",
    "dvcinc.corpus.readers",
    "dvcinc.decision.rules",
    "dvcinc.plan.gathering",
    "dvcinc.plan.make",
    "dvcinc.plan.swift",
    "dvcinc.text.patterns",
}


@pytest.fixture
def planned(bot):
    """A bot with a committed plan, that has been looked at once."""
    bot.write({"config.yml": PIPELINE})
    assert dvcinc(bot.path, "stage", "plan").returncode == 0
    bot.commit()
    dvcinc(bot.path, "classify", "--staged")
    return bot


@pytest.fixture(params=["bot", "planned"])
def warm(request):
    """A bot that has been looked at once, without a plan and with one."""
    made = request.getfixturevalue(request.param)
    dvcinc(made.path, "classify", "--staged")
    return made


def imported(folder, *arguments):
    done = python(folder, RUN.format(arguments=[*arguments]))
    assert done.returncode == 0, done.stderr
    return done.stdout, set(done.stderr.split())


def git_runs(folder, traces, *arguments):
    traces.unlink(missing_ok=True)
    told = {"GIT_TRACE2_EVENT": str(traces)}
    assert dvcinc(folder, *arguments, environment=told).returncode == 0
    events = map(json.loads, traces.read_text(encoding="utf-8").splitlines())
    return [e["argv"] for e in events if e["event"] == "start"]


def test_help_imports_the_command_line_alone(tmp_path):
    done = python(tmp_path, RUN.format(arguments=["explain", "--help"]))
    known = {name for name in done.stderr.split() if name.startswith("dvcinc.")}
    assert all(name.startswith("dvcinc.surfaces") for name in known)


def test_a_change_is_judged_without_what_it_does_not_need(warm):
    warm.write(MORE)
    warm.git("add", "--all")
    dvcinc(warm.path, "classify", "--staged")
    said, modules = imported(warm.path, "classify", "--staged")
    assert said.startswith("finetune: ")
    assert modules & NEVER == set()


def test_that_nothing_changed_is_told_without_what_judges(warm):
    warm.write({"README.md": "# why\n"})
    warm.git("add", "--all")
    said, modules = imported(warm.path, "classify", "--staged")
    assert said.startswith("none: ")
    assert modules & (NEVER | JUDGES) == set()


def test_a_hook_reads_no_tests_whatever_was_added(warm):
    warm.write(MORE)
    warm.git("add", "--all")
    said, modules = imported(warm.path, "hook", "check")
    assert said.startswith("dvcinc: finetune: ")
    assert modules & {"dvcinc.lineage.closer", "dvcinc.lineage.tested"} == set()


def test_git_runs_a_few_times_whatever_has_changed(warm, tmp_path):
    """To find the repository, to read objects, to list the index; for other plans.

    A person is told of new examples that are tests, too: tests are listed by one more.
    """
    traces = tmp_path / "traces.json"
    warm.write({"README.md": "# why\n"})
    warm.git("add", "--all")
    assert len(git_runs(warm.path, traces, "classify", "--staged")) == 3
    warm.write(MORE)
    warm.git("add", "--all")
    assert len(git_runs(warm.path, traces, "classify", "--staged")) <= 5


def test_git_runs_as_often_for_many_commits_as_for_one(bot, tmp_path):
    for number in range(12):
        texts = " | ".join(f"hi {other}" for other in range(number + 1))
        bot.commit({"data/more.yml": nlu_yaml(f"greet: {texts}")})
    traces = tmp_path / "traces.json"
    one = git_runs(bot.path, traces, "log", "-n", "1")
    assert len(git_runs(bot.path, traces, "log")) == len(one) == 3
