"""A fork's pull request is posted to from a job that runs afterwards, and no other."""

from __future__ import annotations

import pytest
from forge.conftest import decision
from forge.fakes import BASE, FORK, HEAD, ended, opened
from forge.fakes import pull as a_pull

OTHER = "c" * 40


@pytest.fixture
def afterwards(github, tmp_path):
    github.pulls = [
        a_pull(7, HEAD, FORK),
        a_pull(8, OTHER, FORK, "other"),
        a_pull(9, HEAD, "eve/bot"),
    ]
    return github.environment(tmp_path, "workflow_run", ended())


def test_the_pull_request_is_found_by_the_runs_head(github, afterwards, comment):
    done = comment(afterwards, "--strict")
    assert (done.code, len(github.comments)) == (0, 1), done.err
    assert github.asked("POST .*/issues/7/comments")


def test_a_number_is_taken_if_its_head_is_the_runs(github, afterwards, comment):
    done = comment(afterwards, "--strict", "--pr", "7")
    assert (done.code, len(github.comments)) == (0, 1), done.err


@pytest.mark.parametrize("number", [8, 9, 404])
def test_a_number_that_is_claimed_is_not_believed(github, afterwards, comment, number):
    done = comment(afterwards, "--pr", str(number))
    assert done.code == 0
    assert (github.comments, github.on) == ([], [])
    assert "finetune" in done.summary
    assert "::warning" in done.out
    assert comment(afterwards, "--strict", "--pr", str(number)).code == 1


def test_of_several_with_one_head_a_number_says_which(github, afterwards, comment):
    github.pulls.append(a_pull(10, HEAD, FORK))
    assert "#7, #10 have the same head" in comment(afterwards).out
    assert comment(afterwards, "--strict", "--pr", "10").code == 0
    assert github.asked("POST .*/issues/10/comments")


def test_a_head_that_moved_on_is_left_to_its_own_run(github, afterwards, comment):
    github.pulls[0]["head"]["sha"] = OTHER
    done = comment(afterwards, "--strict")
    assert (done.code, github.comments) == (0, [])


def test_a_fork_that_is_gone_gets_nothing(github, afterwards, comment):
    github.pulls[0]["head"]["repo"] = None
    done = comment(afterwards, "--pr", "7")
    assert (done.code, github.comments) == (0, [])


def test_in_a_pull_requests_own_job_another_number_is_refused(
    github, tmp_path, comment
):
    job = github.environment(tmp_path, "pull_request", opened())
    done = comment(job, "--pr", "8")
    assert (done.code, github.comments) == (0, [])
    assert "the event is one of #7, not #8" in done.out


@pytest.mark.parametrize("name", ["push", "merge_group"])
def test_without_a_pull_request_there_is_the_summary(github, tmp_path, comment, name):
    event = {"merge_group": {"head_sha": HEAD, "base_sha": BASE}}
    job = github.environment(tmp_path, name, event)
    done = comment(job, "--strict", decisions=[decision("scratch")])
    assert done.code == 0
    assert "scratch" in done.summary
    assert github.requests == []
    assert "has no pull request" in done.err
