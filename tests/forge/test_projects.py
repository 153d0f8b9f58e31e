"""Several projects on one pull request, told at once or by a job each."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from forge.conftest import decision
from forge.fakes import FORK, ended, opened
from forge.fakes import pull as a_pull
from forge.mischief import status

from dvcinc.render.comment import gone

TRAINED = {**decision("scratch", "one"), "standing": "trained"}
REFRESHED = decision("refresh", "two")
TUNED = decision("finetune", "three")
ORDERS = [list(order) for order in permutations([TRAINED, REFRESHED, TUNED])]


@pytest.fixture
def job(github, tmp_path):
    return github.environment(tmp_path, "pull_request", opened())


def bodies(comments):
    """What each comment says, by the project in its first line."""
    found = {}
    for one in comments:
        line, _, rest = one["body"].partition("\n")
        found[line.partition("=")[2].removesuffix(" -->")] = rest
    return found


# --- in every order ---------------------------------------------------------------


@pytest.mark.parametrize("order", ORDERS, ids=range(len(ORDERS)))
def test_three_projects_are_told_the_same_in_every_order(
    github, job, tmp_path, comment, order
):
    done = comment(job, "--status", "--strict", decisions=order)
    assert done.code == 0, done.err
    lines = (tmp_path / "output.txt").read_text().splitlines()
    assert {"mode=scratch", "train-mode=finetune", "should-train=true"} <= {*lines}
    (listed,) = [line for line in lines if line.startswith("projects-to-train=")]
    names = [one["project"] for one in json.loads(listed.partition("=")[2])]
    assert names == ["three", "two"]
    assert github.on == ["training: finetune"]
    (state,) = github.statuses
    assert state["context"] == "dvcinc"
    assert state["description"].startswith("three of 3 projects: finetune")
    heads = [line for line in done.summary.splitlines() if line.startswith("###")]
    assert [head.rpartition(": ")[2].split(",")[0] for head in heads] == [
        "finetune",
        "refresh",
        "scratch",
    ]
    assert "title=DI101 finetune (three)::" in done.out


@pytest.mark.parametrize("order", ORDERS, ids=range(len(ORDERS)))
def test_gitlab_is_told_the_same_in_every_order(gitlab, tmp_path, comment, order):
    path = tmp_path / "dvcinc.env"
    comment(gitlab.environment(), "--status", "--dotenv", str(path), decisions=order)
    assert path.read_text().splitlines()[-1] == (
        "DVCINC_PROJECTS=three:finetune:finetune,two:refresh:refresh,one:scratch:none"
    )
    assert gitlab.on == ["training: finetune"]
    assert [state["name"] for state in gitlab.statuses] == ["dvcinc"]


# --- projects that are gone -------------------------------------------------------


@pytest.fixture(params=["pull_request", "workflow_run"])
def renamed(request, github, tmp_path, comment):
    """`old` had a comment; now `new` is judged, and only that is there."""
    event, repo = opened(), "acme/bot"
    if request.param == "workflow_run":
        event, repo = ended(), FORK
    github.pulls = [a_pull(7, repo=repo)]
    github.folders = {"old"}
    job = github.environment(tmp_path, request.param, event)
    comment(job, decisions=[decision(project="old")])
    github.folders = {"new"}
    return job


def test_the_comment_of_a_project_that_is_gone_says_so(github, renamed, comment):
    done = comment(renamed, "--strict", decisions=[decision(project="new")])
    assert done.code == 0, done.err
    found = bodies(github.comments)
    assert "Nothing here trains any more:** `old` is gone" in found["old"]
    assert "Training mode: finetune" in found["new"]
    assert "project old: not there any more" in done.err


def test_a_comment_that_says_so_is_left_alone(github, renamed, comment):
    comment(renamed, decisions=[decision(project="new")])
    asked = len(github.requests)
    comment(renamed, decisions=[decision(project="new")])
    later = github.requests[asked:]
    assert not [r for r in later if r.method == "PATCH" or "contents" in r.path]


def test_a_project_that_comes_back_has_its_comment_back(github, renamed, comment):
    comment(renamed, decisions=[decision(project="new")])
    comment(renamed, decisions=[decision(project="old")])
    assert "Training mode: finetune" in bodies(github.comments)["old"]


def test_a_project_that_is_there_is_another_jobs(github, renamed, comment):
    github.folders = {"new", "old"}
    comment(renamed, decisions=[decision(project="new")])
    assert "Training mode: finetune" in bodies(github.comments)["old"]


@pytest.mark.parametrize("code", [403, 404])
def test_who_may_not_look_changes_nothing(github, renamed, comment, code):
    github.trouble("GET .*/(contents|git)/", status(code))
    done = comment(renamed, "--strict", decisions=[decision(project="new")])
    assert done.code == 0, done.out
    assert "Training mode: finetune" in bodies(github.comments)["old"]


def test_a_forge_in_trouble_leaves_the_new_comment(github, renamed, comment):
    github.trouble("GET .*/contents/", status(400))
    done = comment(renamed, decisions=[decision(project="new")])
    assert "GitHub answers 400" in done.out
    assert {*bodies(github.comments)} == {"old", "new"}


def test_no_other_folder_is_asked_for_than_a_comment_names(github, job, comment):
    for name in ("sha256:" + "a" * 64, "..%2F..", "%2e%2e", "a b", "", "x/../../y"):
        github.add(f"<!-- dvcinc:comment project={name} -->\nold")
    comment(job)
    assert github.asked("GET .*/contents/") == []
    assert len(github.comments) == 7


def test_the_top_of_a_repository_is_never_gone(github, job, comment):
    github.add("<!-- dvcinc:comment project=. -->\nold")
    comment(job, decisions=[decision(project="sub")])
    assert bodies(github.comments)["."] == "old"
    assert github.asked("GET .*/contents/") == []


def test_many_comments_are_not_all_looked_after_at_once(github, job, comment):
    for number in range(50):
        github.add(f"<!-- dvcinc:comment project=p{number} -->\nold")
    comment(job)
    put_away = [c for c in github.comments if "is gone" in c["body"]]
    assert len(put_away) == 20
    comment(job)
    assert len([c for c in github.comments if "is gone" in c["body"]]) == 40


def test_gitlabs_note_of_a_project_that_is_gone_says_so(gitlab, comment):
    for name in ("old", "sub"):
        gitlab.add(f"<!-- dvcinc:comment project={name} -->\nold")
    comment(gitlab.environment(), "--strict")
    found = bodies(gitlab.notes)
    assert found["old"] == gone("old").partition("\n")[2]
    assert found["sub"] == "old"
