"""GitLab in trouble: the same client, but answers, limits and hints of its own."""

from __future__ import annotations

import time

import pytest
from forge import mischief as bad

ONE = "GET .*/merge_requests/7$"
LIST = "GET .*/notes"
WRITE = "POST .*/notes"
LATER = str(int(time.time()) + 3600)

SUMMARY = [
    ("401", ".*", bad.status(401, "401 Unauthorized"), "CI_JOB_TOKEN may not comment"),
    ("403", WRITE, bad.status(403, "403 Forbidden"), "the role Reporter"),
    ("404", ONE, bad.status(404, "404 Project Not Found"), "cannot see this project"),
    ("a complaint", WRITE, bad.status(400, {"note": ["too long"]}), "too long"),
    ("429", LIST, bad.status(429, Retry_After="900"), "in 900 s"),
    (
        "a limit",
        LIST,
        bad.status(429, RateLimit_Remaining="0", RateLimit_Reset=LATER),
        "answers 429",
    ),
    ("sign in", ONE, bad.redirect("https://gitlab.example/users/sign_in", 302), "host"),
    ("HTML", LIST, bad.html, "no JSON"),
    ("no merge request", ONE, bad.says({"iid": 7, "sha": None}), "no merge request"),
    ("nobody", "GET .*/user", bad.says({"id": None}), "whose token"),
]


@pytest.mark.parametrize(
    ("pattern", "behaviour", "message"),
    [row[1:] for row in SUMMARY],
    ids=[row[0] for row in SUMMARY],
)
def test_what_gitlab_refuses_is_printed_in_the_jobs_log(
    gitlab, comment, pattern, behaviour, message
):
    gitlab.add("talk", 9)
    gitlab.trouble(pattern, behaviour)
    for strict in ([], ["--strict"]):
        done = comment(gitlab.environment(), "--within", "2", *strict)
        assert done.code == len(strict)
        assert "Training mode: finetune" in done.out
        assert message in done.err
        assert "::" not in done.err
        assert gitlab.token not in done.all
    assert len(gitlab.notes) == 1


PASSING = [
    ("500 once", LIST, bad.status(500)),
    ("hangs up once", ONE, bad.hang_up),
    ("429", WRITE, bad.status(429, Retry_After="0")),
    ("moved here", ONE, bad.redirect("/api/v4/projects/12/merge_requests/7?x=1")),
]


@pytest.mark.parametrize(
    ("pattern", "behaviour"),
    [row[1:] for row in PASSING],
    ids=[row[0] for row in PASSING],
)
def test_what_passes_is_waited_for(gitlab, comment, pattern, behaviour):
    gitlab.trouble(pattern, behaviour, 1)
    done = comment(gitlab.environment(), "--strict")
    assert (done.code, len(gitlab.notes)) == (0, 1), done.err


def test_a_note_whose_answer_is_lost_is_not_written_twice(gitlab, comment):
    gitlab.trouble(WRITE, bad.done_but_lost(gitlab, bad.hang_up))
    done = comment(gitlab.environment(), "--strict")
    assert (done.code, len(gitlab.notes)) == (0, 1), done.err


def test_a_label_that_gitlab_refuses_costs_no_note(gitlab, comment):
    gitlab.trouble("PUT .*/merge_requests/7", bad.status(403, "403 Forbidden"))
    done = comment(gitlab.environment())
    assert (done.code, len(gitlab.notes), gitlab.on) == (0, 1, [])
    assert "warning: not posted: GitLab answers 403" in done.err
