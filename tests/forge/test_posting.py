"""What a pull request has after `dvcinc comment`: one comment, label and status."""

from __future__ import annotations

from threading import Thread

import pytest
from forge.conftest import decision, written
from forge.fakes import HEAD, NUMBER, body, opened
from surfaces.run import dvcinc

DOT = "<!-- dvcinc:comment project=. -->"
SUB = "<!-- dvcinc:comment project=sub -->"


@pytest.fixture
def job(github, tmp_path):
    return github.environment(tmp_path, "pull_request", opened())


def bodies(github):
    return [comment["body"] for comment in github.comments]


# --- one comment ------------------------------------------------------------------


def test_a_first_run_comments(github, job, comment):
    done = comment(job)
    assert done.code == 0, done.err
    assert [b.split("\n")[0] for b in bodies(github)] == [DOT]
    assert "finetune" in bodies(github)[0]


def test_a_second_run_leaves_the_comment_alone(github, job, comment):
    comment(job)
    asked = len(github.requests)
    done = comment(job, "--no-label")
    assert done.code == 0
    assert "up to date" in done.err
    assert {r.method for r in github.requests[asked:]} <= {"GET", "POST"}
    assert not github.asked("PATCH")
    assert len(github.comments) == 1


def test_the_forges_own_line_ends_are_no_change(github, job, comment):
    comment(job)
    github.comments[0]["body"] = github.comments[0]["body"].replace("\n", "\r\n") + "\n"
    comment(job)
    assert not github.asked("PATCH")


def test_another_verdict_edits_the_comment_in_place(github, job, comment):
    comment(job)
    done = comment(job, decisions=[decision("scratch")])
    assert (done.code, len(github.comments)) == (0, 1)
    assert "scratch" in github.comments[0]["body"]


def test_nothing_that_trains_begins_no_comment(github, job, comment):
    done = comment(job, decisions=[decision("none", reasons=0)])
    assert done.code == 0
    assert (github.comments, github.on) == ([], [])


def test_nothing_that_trains_any_more_is_told_where_a_comment_stands(
    github, job, comment
):
    comment(job)
    comment(job, decisions=[decision("none", reasons=0)])
    assert len(github.comments) == 1
    assert "none" in bodies(github)[0]


def test_each_project_has_its_own_comment(github, job, comment):
    both = [decision(), decision("scratch", project="sub")]
    comment(job, decisions=both)
    comment(job, decisions=both)
    assert [b.split("\n")[0] for b in bodies(github)] == [SUB, DOT]


def test_the_comment_is_found_on_a_late_page(github, job, comment):
    for at in range(250):
        github.add(f"talk {at}", "ada")
    own = github.add(body(DOT))
    done = comment(job)
    assert done.code == 0
    assert len(github.comments) == 251
    assert "finetune" in own["body"]


FOREIGN = [
    ("mallory", DOT + "\nmine"),
    ("mallory[bot]", DOT + "\nmine"),
    ("github-actions", DOT + "\nmine"),
    ("github-actions[bot]", "> " + DOT + "\nquoted"),
    ("github-actions[bot]", "talk of " + DOT),
    ("github-actions[bot]", "```\n" + DOT + "\n```"),
    ("github-actions[bot]", SUB + "\nanother project"),
    ("github-actions[bot]", None),
]


@pytest.mark.parametrize(("login", "text"), FOREIGN)
def test_somebody_elses_comment_is_not_touched(github, job, comment, login, text):
    github.add(text, login)
    done = comment(job)
    assert done.code == 0
    assert (len(github.comments), bodies(github)[0]) == (2, text)


def test_the_comment_of_an_account_is_found_by_its_name(github, job, comment):
    github.login = "Release-Robot"
    github.add(body(DOT), "release-robot")
    github.add(body(DOT), "github-actions[bot]")
    comment(job)
    assert "finetune" in bodies(github)[0]
    assert bodies(github)[1] == body(DOT)


def test_of_several_own_comments_the_oldest_stays(github, job, comment):
    oldest = github.add(body(DOT, "one"))
    github.add(body(DOT, "two"))
    comment(job)
    assert github.comments == [oldest]
    assert "finetune" in oldest["body"]


def test_runs_at_once_leave_one_comment(github, job, tmp_path):
    command = ["comment", *written(tmp_path, [decision()])]
    runs = [
        Thread(target=dvcinc, args=(tmp_path, *command), kwargs={"environment": job})
        for _ in range(3)
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert len(github.comments) == 1


# --- labels and status ------------------------------------------------------------


def test_the_label_says_the_mode_and_is_made_with_a_colour(github, job, comment):
    comment(job)
    assert github.on == ["training: finetune"]
    (made,) = github.asked("POST /repos/acme/bot/labels$")
    assert set(made.body) == {"name", "color", "description"}


def test_a_new_label_takes_the_place_of_our_old_one_alone(github, job, comment):
    github.on = ["bug", "Training: Scratch", "training: ours", "training: none"]
    github.on[1] = "training: scratch"
    comment(job)
    assert github.on == ["bug", "training: ours", "training: finetune"]


def test_a_label_that_is_on_is_not_put_on_again(github, job, comment):
    github.on = ["training: finetune"]
    comment(job)
    assert not github.asked("(POST|DELETE) .*labels")


def test_the_dearest_project_gives_the_label(github, job, comment):
    comment(job, decisions=[decision("scratch", "sub"), decision("refresh")])
    assert github.on == ["training: scratch"]


def test_without_labels_none_is_touched(github, job, comment):
    github.on = ["training: scratch"]
    comment(job, "--no-label")
    assert github.on == ["training: scratch"]


def test_a_status_is_set_at_the_head_and_never_red(github, job, comment):
    comment(job, "--status", decisions=[decision("scratch", "sub")])
    (status,) = github.statuses
    assert (status["sha"], status["state"]) == (HEAD, "success")
    assert status["context"] == "dvcinc (sub)"
    assert status["target_url"] == "https://github.example/acme/bot/actions/runs/42"


# --- what else --------------------------------------------------------------------


def test_a_pull_request_that_moved_on_is_left_to_its_own_run(github, job, comment):
    github.pulls[0]["head"]["sha"] = "c" * 40
    done = comment(job, "--strict")
    assert done.code == 0
    assert f"#{NUMBER} has moved on" in done.err
    assert github.comments == []


def test_a_dry_run_prints_and_asks_nobody(github, job, comment):
    done = comment(job, "--dry-run")
    assert done.code == 0
    assert done.out.startswith(DOT)
    assert github.requests == []


def test_github_enterprise_is_asked_below_its_own_path(github, job, comment):
    github.add(body(DOT))
    done = comment({**job, "GITHUB_API_URL": f"{github.origin}/api/v3/"})
    assert done.code == 0, done.err
    assert "finetune" in bodies(github)[0]
    assert github.asked("POST /api/graphql")


# --- GitLab -----------------------------------------------------------------------


def test_gitlab_gets_one_note_over_all_pages(gitlab, comment):
    for at in range(120):
        gitlab.add(f"talk {at}", 9)
    gitlab.add(body(DOT), 9)
    own = gitlab.add(body(DOT))
    done = comment(gitlab.environment(), "--status")
    assert done.code == 0, done.err
    assert len(gitlab.notes) == 122
    assert "finetune" in own["body"]
    assert gitlab.on == ["training: finetune"]
    assert gitlab.statuses[0]["pipeline_id"] == 99


def test_gitlabs_note_is_begun_and_then_kept(gitlab, comment):
    comment(gitlab.environment())
    comment(gitlab.environment())
    assert (len(gitlab.notes), len(gitlab.asked("PUT .*/notes"))) == (1, 0)


def test_gitlabs_labels_exclude_each_other(gitlab, comment):
    gitlab.on = ["bug", "training: scratch"]
    gitlab.labels = {"training: finetune"}
    comment(gitlab.environment())
    assert gitlab.on == ["bug", "training: finetune"]


def test_a_pipeline_for_merged_results_knows_its_head(gitlab, comment):
    merged = {
        "CI_COMMIT_SHA": "d" * 40,
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": HEAD,
    }
    done = comment(gitlab.environment(**merged))
    assert (done.code, len(gitlab.notes)) == (0, 1), done.err


def test_a_job_token_is_not_tried(gitlab, comment):
    job = gitlab.environment(GITLAB_TOKEN="", CI_JOB_TOKEN="j0b")  # noqa: S106 - made up
    done = comment(job)
    assert done.code == 0
    assert "CI_JOB_TOKEN may not comment" in done.err
    assert "finetune" in done.out
    assert gitlab.requests == []
