"""GitLab's template: what merge requests are told, and how the branch is trained."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from e2e.project import TRAINING, Project, create
from forge.fakes import GitLab
from forge.server import serving
from ship.gitlab import COMMENT, TRAIN, Runner, jobs
from ship.programs import programs
from surfaces.run import BOT, MORE, NEW_INTENT


@pytest.fixture
def gitlab():
    with serving(GitLab()) as server:
        yield server


# --- merge requests ---------------------------------------------------------------


@pytest.fixture
def requested(repo, gitlab, tmp_path):
    """A runner for the pipeline of a merge request that adds files."""

    def make(files, bot=BOT, **more):
        made = repo(bot)
        base = made.commits[0]
        made.git("checkout", "-q", "-b", "topic")
        head = made.commit(files, "topic")
        gitlab.head = head
        token = {"GITLAB_TOKEN": "", "DVCINC_GITLAB_TOKEN": gitlab.token}
        told = gitlab.environment(
            CI_COMMIT_SHA=head,
            CI_MERGE_REQUEST_DIFF_BASE_SHA=base,
            **{**token, **more},
        )
        return Runner(
            folder=tmp_path / "runner",
            origin=made.path,
            variables={"CI_DEFAULT_BRANCH": "main", **told},
            programs=programs(tmp_path / "programs"),
            ref="topic",
        )

    return make


def test_a_merge_request_gets_a_note_a_label_and_variables(requested, gitlab):
    (ran,) = requested(NEW_INTENT).pipeline(COMMENT).values()
    assert ran.ok, ran.log
    assert "Training mode: scratch" in gitlab.notes[0]["body"]
    assert gitlab.on == ["training: scratch"]
    assert "DVCINC_MODE=scratch\n" in (ran.workspace / "dvcinc.env").read_text()
    assert "pip install --quiet dvcinc[comment] @ git+https://" in ran.log


def test_several_projects_have_a_note_each(requested, gitlab):
    bots = {f"{d}/{n}": t for d in ("one", "a b") for n, t in BOT.items()}
    more = {f"{d}/{n}": t for d in ("one", "a b") for n, t in MORE.items()}
    (ran,) = requested(more, bot=bots).pipeline(COMMENT, projects="one\na b\n").values()
    assert ran.ok, ran.log
    assert len(gitlab.notes) == 2


def test_without_a_token_the_log_has_it(requested, gitlab):
    (ran,) = requested(NEW_INTENT, DVCINC_GITLAB_TOKEN="").pipeline(COMMENT).values()
    assert ran.ok, ran.log
    assert "Training mode: scratch" in ran.log
    assert gitlab.notes == []


# --- the default branch -----------------------------------------------------------


TOKEN = {"DVCINC_PUSH_TOKEN": "s3cr3t"}
SCOPE = {"dvcinc/push": TOKEN}


def pushed(folder, bare, **more) -> Runner:
    return Runner(
        folder=folder,
        origin=bare,
        variables={
            "CI_PIPELINE_SOURCE": "push",
            "CI_COMMIT_BRANCH": "main",
            "CI_COMMIT_SHA": Project(bare).git("rev-parse", "main"),
            "CI_DEFAULT_BRANCH": "main",
            "CI_PROJECT_URL": f"file://{bare.with_suffix('')}",
            **more,
        },
        programs=programs(folder / "programs"),
        scoped=SCOPE,
    )


@pytest.fixture
def bare(tmp_path):
    """The repository that people push to; it keeps what each push asks for."""
    project = create(tmp_path / "ada")
    project.run("dvc", "remote", "add", "-q", "-d", "store", str(tmp_path / "remote"))
    project.commit("remote")
    made = tmp_path / "bot.git"
    project.run("git", "clone", "-q", "--bare", str(project.path), str(made))
    Project(made).git("config", "receive.advertisePushOptions", "true")
    hook = made / "hooks/post-receive"
    hook.write_text('#!/bin/sh\necho "${GIT_PUSH_OPTION_0-no option}" >> pushes\n')
    hook.chmod(0o755)
    return made


@pytest.mark.train
def test_a_push_is_trained_once_by_the_job_for_it(bare, tmp_path):
    first = pushed(tmp_path / "first", bare).pipeline(TRAIN)
    assert [*first] == [
        "dvcinc:decide",
        "dvcinc:train",
        "dvcinc:scratch",
        "dvcinc:push",
    ]
    assert all(ran.ok for ran in first.values()), first
    assert "nothing for this job: the mode is scratch" in first["dvcinc:train"].log
    assert "pip install" not in first["dvcinc:train"].log
    assert TRAINING.findall(first["dvcinc:scratch"].log) == ["training"]
    assert "s3cr3t" not in "".join(ran.log for ran in first.values())
    told = {name for name, ran in first.items() if "s3cr3t" in ran.told.values()}
    assert told == {"dvcinc:push"}
    assert _subject(bare) == "Train (scratch)"
    assert (bare / "pushes").read_text() == "ci.skip\n"

    second = pushed(tmp_path / "second", bare).pipeline(TRAIN)
    assert "was trained from" in second["dvcinc:decide"].log
    logs = [second[name].log for name in ("dvcinc:train", "dvcinc:scratch")]
    assert logs == ["nothing for this job: the mode is none\n"] * 2
    assert second["dvcinc:push"].log == "nothing to commit: nothing was trained\n"

    by_hand = pushed(tmp_path / "hand", bare, CI_PIPELINE_SOURCE="web")
    assert "the mode is none" in by_hand.pipeline(TRAIN)["dvcinc:scratch"].log

    _push_examples(bare, tmp_path / "grace")
    third = pushed(tmp_path / "third", bare)
    # Somebody pushes while it trains; their pipeline may have begun before this commit.
    third.before = {"dvcinc:push": lambda: _push_words(bare, tmp_path / "joan")}
    ran = third.pipeline(TRAIN)
    assert TRAINING.findall(ran["dvcinc:train"].log) == ["learning"]
    assert "mode is finetune" in ran["dvcinc:scratch"].log
    assert _subject(bare) == "Train (finetune)"
    assert Project(bare).git("log", "-1", "--format=%s", "main^") == "words"
    # So this push starts another.
    assert (bare / "pushes").read_text().splitlines()[-1] == "no option"
    fourth = pushed(tmp_path / "fourth", bare).pipeline(TRAIN)
    assert "was trained from" not in fourth["dvcinc:decide"].log
    assert "the mode is none" in fourth["dvcinc:scratch"].log


def _subject(bare) -> str:
    return Project(bare).git("log", "-1", "--format=%s", "main")


def _clone(bare, folder) -> Project:
    subprocess.run(["git", "clone", "-q", str(bare), str(folder)], check=True)
    return Project(folder)


def _push_examples(bare, folder) -> None:
    other = _clone(bare, folder)
    other.add_examples("greet", "howdy partner", "howdy")
    other.commit("howdy")
    other.git("push", "-q", "origin", "HEAD:main")


def _push_words(bare, folder) -> None:
    other = _clone(bare, folder)
    other.write("README.md", "words\n")
    other.commit("words")
    other.git("push", "-q", "origin", "HEAD:main")


# --- what a training may hand over ------------------------------------------------


@pytest.fixture
def handed(bare, tmp_path):
    """The job that pushes, for a commit that training has handed over."""

    def run(change):
        trained = _clone(bare, tmp_path / "trained")
        change(trained)
        trained.git("bundle", "create", "-q", "dvcinc.bundle", "origin/main..HEAD")
        runner = pushed(tmp_path / "push", bare, DVCINC_TRAIN="finetune")
        job = jobs(TRAIN)["dvcinc:push"]
        workspace = runner.checked_out("dvcinc:push", job)
        shutil.copy(trained.path / "dvcinc.bundle", workspace)
        ran = runner.job("dvcinc:push", job, workspace, {})
        assert ran.ok, ran.log
        return ran.log

    return run


def test_only_what_repro_writes_is_committed(bare, handed):
    def change(work):
        work.write("metrics.json", "{}\n")
        work.write(".gitlab-ci.yml", "evil: {script: x}\n")
        work.commit("Trained")

    handed(change)
    changed = Project(bare).git("diff", "--name-only", "main^", "main")
    assert (_subject(bare), changed) == ("Train (finetune)", "metrics.json")


def test_a_commit_on_top_of_one_of_its_own_is_not_pushed(bare, handed):
    def change(work):
        work.write("data/nlu/evil.yml", "nlu: []\n")
        work.commit("evil")
        work.write("metrics.json", "{}\n")
        work.commit("Trained")

    before = Project(bare).git("rev-parse", "main")
    log = handed(change)
    assert "not committed: the branch is another one by now" in log
    assert Project(bare).git("rev-parse", "main") == before


# --- tokens -----------------------------------------------------------------------


def test_the_jobs_share_no_token():
    found = [
        set(re.findall(r"\w+_TOKEN", path.read_text())) for path in (COMMENT, TRAIN)
    ]
    assert found == [{"DVCINC_GITLAB_TOKEN"}, {"DVCINC_PUSH_TOKEN"}]


def test_the_token_to_push_is_told_to_no_job_that_trains():
    """By its scope, which is the environment of just the job that pushes."""
    found = jobs(TRAIN)
    training = {name for name, job in found.items() if "dvc repro --pull" in str(job)}
    assert training == {"dvcinc:train", "dvcinc:scratch"}
    scoped = {
        name: job["environment"] for name, job in found.items() if "environment" in job
    }
    assert scoped == {"dvcinc:push": {"name": "dvcinc/push", "action": "access"}}


def test_a_token_without_its_scope_stops_the_pipeline(bare, tmp_path):
    runner = pushed(tmp_path / "run", bare, **TOKEN)
    ran = runner.pipeline(TRAIN)
    assert [*ran] == ["dvcinc:decide"]
    assert not ran["dvcinc:decide"].ok
    assert "set its environment scope to dvcinc/push" in ran["dvcinc:decide"].log


# --- what GitLab is asked for -----------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({"CI_PIPELINE_SOURCE": "merge_request_event"}, ["dvcinc:comment"]),
        ({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "topic"}, []),
        ({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main"}, ["dvcinc:decide"]),
        ({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_TAG": "v1"}, []),
    ],
)
def test_what_runs_when(variables, wanted, tmp_path, monkeypatch):
    ran = []
    monkeypatch.setattr(Runner, "checked_out", lambda *_: tmp_path)
    monkeypatch.setattr(Runner, "job", lambda _, name, *__: ran.append(name) or _OK)
    told = {"CI_DEFAULT_BRANCH": "main", **variables}
    for path in (COMMENT, TRAIN):
        Runner(tmp_path, tmp_path, told, tmp_path).pipeline(path)
    assert ran == wanted


class _OK:
    ok = False


def test_trainings_run_one_after_the_other_on_runners_of_their_own():
    found = jobs(TRAIN, tags=["small"], scratch_tags=["big"])
    groups = {
        found[name]["resource_group"] for name in ("dvcinc:train", "dvcinc:scratch")
    }
    assert groups == {"dvcinc-train"}
    assert found["dvcinc:train"]["tags"] == ["small"]
    assert found["dvcinc:scratch"]["tags"] == ["big"]
