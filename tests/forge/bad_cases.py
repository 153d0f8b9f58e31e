"""What servers do wrong, and to which requests; with what must come of it."""

from __future__ import annotations

import time
from email.utils import formatdate

from forge import mischief as bad
from forge.fakes import pull

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
