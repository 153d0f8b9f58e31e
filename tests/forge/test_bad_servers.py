"""A table of what servers do wrong: posted all the same, or told in the summary."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from forge import mischief as bad
from forge.bad_cases import ANY, LIST, POSTED, PULL, SUMMARY, WRITE
from forge.conftest import decision
from forge.fakes import GitHub, body, opened
from forge.server import serving

from dvcinc.errors import DvcincError
from dvcinc.forge.publish import Wish
from dvcinc.surfaces.commenting import Wanted, comment

DOT = "<!-- dvcinc:comment project=. -->"
LIMIT_S = 2.5
# The commands that are printed: what could not be posted, and a line of the diff.
_OURS = ("::warning title=dvcinc::", "::notice file=data/nlu.yml,line=3,")
# What is not bounded by the limit: reading files, and the last attempt's end.
SLACK_S = 2.0


@dataclass(frozen=True)
class Outcome:
    """How it ended, and all that anybody can read."""

    code: int
    shown: str
    summary: str
    seconds: float


@pytest.fixture
def outcome(tmp_path, capfd):
    """Posts a decision in this process, where each case costs little."""

    def run(
        github: GitHub,
        *,
        strict: bool = False,
        status: bool = False,
        seconds: float = LIMIT_S,
        **changed: str,
    ) -> Outcome:
        path = tmp_path / "decision.json"
        path.write_text(json.dumps(decision()))
        environment = github.environment(tmp_path, "pull_request", opened())
        Path(environment["GITHUB_STEP_SUMMARY"]).unlink(missing_ok=True)
        wanted = Wanted(
            decisions=(path,),
            dry_run=False,
            forge=None,
            strict=strict,
            wish=Wish(label=True, status=status),
            claimed=None,
            seconds=seconds,
        )
        began = time.monotonic()
        code, said = 0, ""
        try:
            comment(tmp_path, wanted, {**environment, **changed})
        except DvcincError as error:
            code, said = int(error.exit_code), f"{error!r} {error.hint}"
        took = time.monotonic() - began
        out, err = capfd.readouterr()
        summary = Path(environment["GITHUB_STEP_SUMMARY"])
        text = summary.read_text() if summary.exists() else ""
        return Outcome(code, out + err + said, text, took)

    return run


def check(github: GitHub, done: Outcome, code: int, seconds: float = LIMIT_S) -> None:
    """What holds however it ends."""
    assert done.code == code, done.shown
    assert github.token not in done.shown + done.summary
    assert "Traceback" not in done.shown
    assert "finetune" in done.summary
    assert done.seconds < seconds + SLACK_S
    lines = done.shown.replace("\r", "\n").split("\n")
    commands = [line for line in lines if line.strip().startswith("::")]
    assert all(line.startswith(_OURS) for line in commands)


@pytest.mark.parametrize(
    ("pattern", "behaviour", "times"),
    [row[1:] for row in POSTED],
    ids=[row[0] for row in POSTED],
)
def test_what_passes_is_waited_for(github, outcome, pattern, behaviour, times):
    github.trouble(pattern, behaviour, times)
    done = outcome(github, strict=True)
    check(github, done, 0)
    assert len(github.comments) == 1
    assert github.on == ["training: finetune"]


@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
@pytest.mark.parametrize(
    ("pattern", "behaviour", "message"),
    [row[1:] for row in SUMMARY],
    ids=[row[0] for row in SUMMARY],
)
def test_what_does_not_pass_is_told_in_the_summary(
    github, outcome, pattern, behaviour, message, strict
):
    github.trouble(pattern, behaviour)
    # How many pages are read is bounded by number; a slow machine needs its time.
    seconds = 30 if message == "without end" else LIMIT_S
    done = outcome(github, strict=strict, seconds=seconds)
    check(github, done, 1 if strict else 0, seconds)
    assert "::warning title=dvcinc::not posted: GitHub" in done.shown
    assert message in done.shown
    assert github.on == []


# --- what is done, though the answer is lost --------------------------------------

LOST: list[tuple[str, bad.Behaviour]] = [
    ("hangs up", bad.hang_up),
    ("502", bad.status(502)),
    ("504", bad.status(504)),
    ("half", bad.half),
    ("500, with a time", bad.status(500, Retry_After="0")),
]


@pytest.mark.parametrize(
    "behaviour", [row[1] for row in LOST], ids=[r[0] for r in LOST]
)
def test_a_comment_whose_answer_is_lost_is_not_written_twice(
    github, outcome, behaviour
):
    github.trouble(WRITE, bad.done_but_lost(github, behaviour))
    done = outcome(github, strict=True)
    check(github, done, 0)
    assert len(github.comments) == 1
    assert len(github.asked("POST .*/comments")) == 1


def test_a_comment_that_the_list_does_not_show_yet_is_not_written_twice(
    github, outcome
):
    github.trouble(LIST, bad.says([]))
    done = outcome(github, strict=True)
    check(github, done, 0)
    assert len(github.comments) == 1


def test_a_comment_of_another_run_at_the_same_time_is_the_one_that_stays(
    github, outcome
):
    def both(handler):
        github.add(body(DOT, "the other run's"))
        with github.lock:
            answer = github.answer(github.requests[-1])
        bad.reply(handler, answer.status, answer.value)

    github.trouble(WRITE, both, 1)
    done = outcome(github, strict=True)
    check(github, done, 0)
    (left,) = github.comments
    assert left["id"] == 1001
    assert "finetune" in left["body"]


def test_a_comment_that_somebody_takes_away_is_written_anew(github, outcome):
    github.add(body(DOT))

    def gone(handler):
        github.comments.clear()
        bad.reply(handler, 404, {"message": "Not Found"})

    github.trouble("PATCH", gone, 1)
    done = outcome(github, strict=True)
    check(github, done, 0)
    assert len(github.comments) == 1


# --- beside the comment -----------------------------------------------------------


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("pattern", ["POST .*/labels", "POST .*/statuses"])
def test_a_label_or_status_that_fails_costs_no_comment(
    github, outcome, pattern, strict
):
    github.trouble(pattern, bad.status(403, "Resource not accessible by integration"))
    done = outcome(github, strict=strict, status=True)
    check(github, done, 1 if strict else 0)
    assert len(github.comments) == 1
    assert "Resource not accessible" in done.shown


# --- where there is no such server ------------------------------------------------

ABSENT: list[tuple[str, Callable[[GitHub], dict[str, str]], str]] = [
    ("nobody listens", lambda _: {"GITHUB_API_URL": "http://127.0.0.1:9"}, "cannot be"),
    ("no such host", lambda _: {"GITHUB_API_URL": "https://no.invalid"}, "no address"),
    ("not https", lambda _: {"GITHUB_API_URL": "http://github.corp"}, "is not https"),
    ("no address", lambda _: {"GITHUB_API_URL": "github"}, "is no address"),
    (
        "a password",
        lambda _: {"GITHUB_API_URL": "https://a:b@github.corp"},
        "no address",
    ),
    ("no token", lambda _: {"GITHUB_TOKEN": ""}, "there is no token"),
    ("a torn token", lambda _: {"GITHUB_TOKEN": "two\nlines"}, "GITHUB_TOKEN holds"),
    ("a token with a line", lambda g: {"GITHUB_TOKEN": g.token + "\n"}, ""),
    ("another token", lambda _: {"GITHUB_TOKEN": "wr0ng"}, "not valid any more"),
    ("no event", lambda _: {"GITHUB_EVENT_PATH": ""}, "GITHUB_EVENT_PATH is not set"),
]


@pytest.mark.parametrize(
    ("change", "message"), [row[1:] for row in ABSENT], ids=[row[0] for row in ABSENT]
)
def test_where_nobody_can_be_asked_the_summary_is_there(
    github, outcome, change, message
):
    done = outcome(github, **change(github))
    assert done.code == 0
    assert "finetune" in done.summary
    assert message in done.shown
    assert (message == "") == (len(github.comments) == 1)
    assert "two" not in done.shown


def test_without_a_summary_the_text_is_printed(github, outcome):
    github.trouble(ANY, bad.status(403))
    done = outcome(github, GITHUB_STEP_SUMMARY="")
    assert "Training mode: finetune" in done.shown


def test_a_summary_that_cannot_be_written_is_printed(github, outcome):
    github.trouble(ANY, bad.status(403))
    done = outcome(github, GITHUB_STEP_SUMMARY="/nowhere/summary.md")
    assert done.code == 0
    assert "Training mode: finetune" in done.shown


# --- who sees the token -----------------------------------------------------------


@pytest.mark.parametrize("how", ["redirect", "page"])
def test_the_token_is_not_sent_to_another_server(github, outcome, how):
    with serving(GitHub()) as other:
        to = f"{other.origin}/repos/acme/bot/pulls/7"
        if how == "redirect":
            github.trouble(PULL, bad.redirect(to, 307))
        else:
            github.trouble(LIST, bad.says([], Link=f'<{to}>; rel="next"'))
        done = outcome(github)
        check(github, done, 0)
        assert other.requests == []
