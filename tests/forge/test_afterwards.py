"""A fork's pull request is posted to from a job that runs afterwards, and no other."""

from __future__ import annotations

import pytest
from forge.conftest import decision
from forge.fakes import BASE, FORK, HEAD, ended, opened
from forge.fakes import pull as a_pull
from forge.mischief import status

from dvcinc.surfaces.saying import OF_A_FORK

OTHER, OLD = "c" * 40, "d" * 40
BOTH = [7, 10]


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


def looked_at(github):
    """The numbers of the pull requests whose comments were read, and then written."""
    paths = [r.path for r in github.asked("GET .*/comments")]
    return [*dict.fromkeys(int(path.split("/")[-2]) for path in paths)]


def compared_with(commit):
    """A decision whose old side is a commit."""
    return {**decision(), "old": {"source": "base", "commit": commit, "digest": None}}


@pytest.fixture
def twice(github, afterwards):
    """The fork's branch has a pull request into main, and one into release."""
    github.pulls.append(a_pull(10, HEAD, FORK, base=("release", OTHER)))
    return afterwards


def test_of_several_with_one_head_a_number_says_which(github, twice, comment):
    assert comment(twice, "--strict", "--pr", "10").code == 0
    assert looked_at(github) == [10]


@pytest.mark.parametrize(("commit", "number"), [(BASE, 7), (OTHER, 10)])
def test_of_several_with_one_head_the_one_that_was_compared_with_is_chosen(
    github, twice, comment, commit, number
):
    done = comment(twice, "--strict", decisions=[compared_with(commit)])
    assert done.code == 0, done.err
    assert looked_at(github) == [number]
    assert not github.asked("GET .*/compare/")


BRANCHES = {
    "one has it": ({"main": [OLD, BASE], "release": [OTHER]}, [7]),
    "one has it as its newest": ({"main": [OLD, BASE], "release": [OLD]}, [10]),
    "both have it, as far back": ({"main": [OLD, BASE], "release": [OLD, OTHER]}, BOTH),
    "none has it": ({"main": [BASE]}, BOTH),
}


@pytest.mark.parametrize(("branches", "numbers"), BRANCHES.values(), ids=BRANCHES)
def test_base_branches_that_have_moved_on_are_asked(
    github, twice, comment, branches, numbers
):
    github.branches = branches
    done = comment(twice, "--strict", decisions=[compared_with(OLD)])
    assert done.code == 0, done.err
    assert looked_at(github) == numbers


def test_where_base_branches_cannot_be_asked_each_has_a_comment(github, twice, comment):
    github.trouble("GET .*/compare", status(403))
    done = comment(twice, "--strict", decisions=[compared_with(OLD)])
    assert done.code == 0, done.err
    assert looked_at(github) == BOTH


def test_no_old_side_leads_to_another_branchs_pull_request(github, afterwards, comment):
    for pull in github.pulls[1:]:
        pull["base"] |= {"ref": "release", "sha": OLD}
    github.branches = {"release": [OLD]}
    done = comment(afterwards, "--strict", decisions=[compared_with(OLD)])
    assert done.code == 0, done.err
    assert looked_at(github) == [7]


# --- what a fork says -------------------------------------------------------------


def test_a_forks_verdict_is_told_as_the_forks(github, afterwards, comment):
    done = comment(afterwards)
    assert OF_A_FORK in github.comments[0]["body"]
    assert OF_A_FORK in done.summary


def test_a_verdict_of_our_own_is_told_as_it_is(github, tmp_path, comment):
    for event in (opened(), ended(repo="Acme/Bot")):
        name = "workflow_run" if "workflow_run" in event else "pull_request"
        done = comment(github.environment(tmp_path, name, event))
        assert OF_A_FORK not in github.comments[0]["body"] + done.summary


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
