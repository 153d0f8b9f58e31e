"""A table of what servers do wrong: posted all the same, or told in the summary."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

import pytest
from forge import mischief as bad
from forge.conftest import decision
from forge.fakes import GitHub, body, opened, pull
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

PULL = "GET .*/pulls/7"
LIST = "GET .*/comments"
WRITE = "POST .*/comments"
ANY = ".*"
SOON = str(int(time.time()) - 5)
LATER = str(int(time.time()) + 3600)
ELSEWHERE = "http://elsewhere.example/repos"
STRANGE = [1, None, "x", [], {}, {"id": True}, {"id": -1, "user": None, "body": 7}]

POSTED: list[tuple[str, str, bad.Behaviour, int]] = [
    ("429, come back at once", LIST, bad.status(429, Retry_After="0"), 1),
    ("429, come back in a second", WRITE, bad.status(429, Retry_After="1"), 1),
    ("429, with a date", LIST, bad.status(429, Retry_After=formatdate()), 1),
    ("429, with nonsense", LIST, bad.status(429, Retry_After="soon"), 1),
    ("429, with a year of no calendar", LIST, bad.status(429, Retry_After="-1"), 1),
    ("403, a second limit", WRITE, bad.status(403, Retry_After="1"), 1),
    (
        "403, the limit is over",
        WRITE,
        bad.status(403, X_RateLimit_Remaining="0", X_RateLimit_Reset=SOON),
        1,
    ),
    ("500 once", PULL, bad.status(500), 1),
    ("502 twice", LIST, bad.status(502), 2),
    ("503, come back", LIST, bad.status(503, Retry_After="0"), 1),
    ("hangs up once", LIST, bad.hang_up, 1),
    ("half an answer once", LIST, bad.half, 1),
    ("a broken chunk once", LIST, bad.bad_chunk, 1),
    ("no HTTP once", PULL, bad.no_http, 1),
    ("entries of any kind", LIST, bad.says(STRANGE), 1),
    ("half a character", LIST, bad.half_a_character, 1),
    ("moved on the same host", PULL, bad.redirect("/repos/acme/bot/pulls/7?x"), 1),
    (
        "a write is moved",
        WRITE,
        bad.redirect("/repos/acme/bot/issues/7/comments", 307),
        1,
    ),
    ("no GraphQL", "POST .*/graphql", bad.status(404), 9),
    ("GraphQL in error", "POST .*/graphql", bad.says({"errors": [{}]}), 9),
    ("a write hangs up", WRITE, bad.hang_up, 1),
    ("a write is answered 502", WRITE, bad.status(502), 1),
]

SUMMARY: list[tuple[str, str, bad.Behaviour, str]] = [
    ("401", ANY, bad.status(401, "Bad credentials"), "answers 401: Bad credentials"),
    (
        "403, a fork's token",
        WRITE,
        bad.status(403, "Resource not accessible by integration"),
        "workflow_run",
    ),
    ("403, locked", WRITE, bad.status(403, "Issue is locked"), "Issue is locked"),
    ("404", PULL, bad.status(404, "Not Found"), "cannot see this repository"),
    ("410", LIST, bad.status(410, "Issues are disabled"), "answers 410"),
    ("422, too long", WRITE, bad.status(422, "Validation Failed"), "answers 422"),
    (
        "429 for an hour",
        LIST,
        bad.status(429, Retry_After="3600"),
        "try again in 3600 s",
    ),
    ("429 for ever", LIST, bad.status(429, Retry_After="1"), "answers 429"),
    ("429 for an age", LIST, bad.status(429, Retry_After="9" * 30), "answers 429"),
    (
        "403 until an hour has gone",
        LIST,
        bad.status(
            403,
            "API rate limit exceeded",
            X_RateLimit_Remaining="0",
            X_RateLimit_Reset=LATER,
        ),
        "API rate limit exceeded",
    ),
    ("500 for ever", PULL, bad.status(500), "answers 500"),
    ("a write is always answered 500", WRITE, bad.status(500), "answers 500"),
    ("hangs up for ever", PULL, bad.hang_up, "broke off"),
    ("a write always hangs up", WRITE, bad.hang_up, "broke off"),
    ("half an answer for ever", LIST, bad.half, "broke off"),
    ("no HTTP", ANY, bad.no_http, "broke off"),
    ("too many headers", LIST, bad.many_headers, "broke off"),
    ("a header without end", LIST, bad.long_header, "broke off"),
    ("silence", PULL, bad.silence, "did not answer"),
    ("a body byte by byte", LIST, bad.trickled_body, "did not answer"),
    ("headers byte by byte", LIST, bad.trickled_headers, "did not answer"),
    ("100 Continue without end", LIST, bad.endless_continue, "did not answer"),
    ("a body without end", LIST, bad.endless_body, "too long"),
    ("HTML", PULL, bad.html, "no JSON"),
    ("HTML for a write", WRITE, bad.html, "no JSON"),
    ("no UTF-8", LIST, bad.no_utf8, "no JSON"),
    ("brackets", LIST, bad.deep, "no JSON"),
    ("a long number", LIST, bad.long_number, "no JSON"),
    ("a bomb", LIST, bad.bomb, "no JSON"),
    ("an object for a list", LIST, bad.says({"message": "x"}), "no list"),
    ("a list for an object", PULL, bad.says([]), "no pull request"),
    ("a head that is none", PULL, bad.says(pull(7, head="main")), "no pull request"),
    ("a number that is none", PULL, bad.says({**pull(7), "number": True}), "no pull"),
    ("elsewhere", PULL, bad.redirect(ELSEWHERE), "redirects to another host"),
    ("elsewhere, a write", WRITE, bad.redirect(ELSEWHERE, 307), "another host"),
    (
        "elsewhere, by a name in front",
        PULL,
        bad.redirect("http://127.0.0.1@elsewhere.example/"),
        "another host",
    ),
    (
        "elsewhere, without a scheme",
        PULL,
        bad.redirect("//elsewhere.example/x"),
        "another host",
    ),
    ("a scheme of its own", PULL, bad.redirect("file:///etc/passwd"), "another host"),
    ("to nowhere", PULL, bad.redirect(""), "another host"),
    ("in a circle", PULL, bad.redirect("/repos/acme/bot/pulls/7"), "answers 301"),
    (
        "a page elsewhere",
        LIST,
        bad.says([], Link=f'<{ELSEWHERE}>; rel="next"'),
        "on another host",
    ),
    ("a page that is itself", LIST, bad.page_to_itself, "without end"),
    ("pages without end", LIST, bad.pages_without_end, "without end"),
    ("the token in an answer", PULL, bad.echo_token, "***"),
    (
        "commands in an answer",
        PULL,
        bad.status(400, "\n::add-mask::x\r::error::\x1b[2J"),
        "answers 400",
    ),
    ("a complaint of a megabyte", PULL, bad.status(400, "x" * 2**20), "xxx…"),
    ("a complaint of any kind", PULL, bad.status(400, {"a": ["b"]}), "answers 400"),
]


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
        github: GitHub, *, strict: bool = False, status: bool = False, **changed: str
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
            seconds=LIMIT_S,
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


def check(github: GitHub, done: Outcome, code: int) -> None:
    """What holds however it ends."""
    assert done.code == code, done.shown
    assert github.token not in done.shown + done.summary
    assert "Traceback" not in done.shown
    assert "finetune" in done.summary
    assert done.seconds < LIMIT_S + SLACK_S
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
    done = outcome(github, strict=strict)
    check(github, done, 1 if strict else 0)
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
