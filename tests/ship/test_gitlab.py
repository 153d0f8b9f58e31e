"""GitLab's template: what merge requests are told, and how the branch is trained."""

from __future__ import annotations

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
        told = gitlab.environment(
            CI_COMMIT_SHA=head, CI_MERGE_REQUEST_DIFF_BASE_SHA=base, **more
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
    (ran,) = requested(NEW_INTENT, GITLAB_TOKEN="").pipeline(COMMENT).values()
    assert ran.ok, ran.log
    assert "Training mode: scratch" in ran.log
    assert gitlab.notes == []


# --- the default branch -----------------------------------------------------------


def pushed(folder, bare) -> Runner:
    return Runner(
        folder=folder,
        origin=bare,
        variables={
            "CI_PIPELINE_SOURCE": "push",
            "CI_COMMIT_BRANCH": "main",
            "CI_DEFAULT_BRANCH": "main",
            "CI_PROJECT_URL": f"file://{bare.with_suffix('')}",
            "GITLAB_TOKEN": "s3cr3t",
        },
        programs=programs(folder / "programs"),
    )


@pytest.mark.train
def test_a_push_is_trained_once_by_the_job_for_it(tmp_path):
    project = create(tmp_path / "ada")
    project.run("dvc", "remote", "add", "-q", "-d", "store", str(tmp_path / "remote"))
    project.commit("remote")
    bare = tmp_path / "bot.git"
    project.run("git", "clone", "-q", "--bare", str(project.path), str(bare))
    subprocess.run(
        ["git", "-C", str(bare), "config", "receive.advertisePushOptions", "true"],
        check=True,
    )

    first = pushed(tmp_path / "first", bare).pipeline(TRAIN)
    assert [*first] == ["dvcinc:decide", "dvcinc:train", "dvcinc:scratch"]
    assert all(ran.ok for ran in first.values()), first
    assert "nothing for this job: the mode is scratch" in first["dvcinc:train"].log
    assert "pip install" not in first["dvcinc:train"].log
    assert TRAINING.findall(first["dvcinc:scratch"].log) == ["training"]
    assert "s3cr3t" not in "".join(ran.log for ran in first.values())
    assert _subject(bare) == "Train (scratch) [skip ci]"

    second = pushed(tmp_path / "second", bare).pipeline(TRAIN)
    logs = [second[name].log for name in ("dvcinc:train", "dvcinc:scratch")]
    assert logs == ["nothing for this job: the mode is none\n"] * 2

    other = _clone(tmp_path, bare)
    other.add_examples("greet", "howdy partner", "howdy")
    other.commit("howdy")
    other.git("push", "-q", "origin", "HEAD:main")
    third = pushed(tmp_path / "third", bare).pipeline(TRAIN)
    assert TRAINING.findall(third["dvcinc:train"].log) == ["learning"]
    assert "mode is finetune" in third["dvcinc:scratch"].log
    assert _subject(bare) == "Train (finetune) [skip ci]"


def _subject(bare) -> str:
    return Project(bare).git("log", "-1", "--format=%s", "main")


def _clone(folder, bare) -> Project:
    subprocess.run(["git", "clone", "-q", str(bare), str(folder / "grace")], check=True)
    return Project(folder / "grace")


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
    monkeypatch.setattr(Runner, "_job", lambda _, name, *__: ran.append(name) or _OK)
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
