"""What a server may do instead of answering; each ends by itself."""

from __future__ import annotations

import gzip
import json
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any

from forge.server import Behaviour, Server, reply

# Longer than any test waits for it.
_PATIENCE_S = 12.0


def status(code: int, message: Any = "no", **headers: str) -> Behaviour:
    """An error, with headers whose `_` are read as `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: reply(handler, code, {"message": message}, named)


def says(value: Any, **headers: str) -> Behaviour:
    """Answers with a value of ours."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return lambda handler: reply(handler, 200, value, named)


def raw(data: bytes) -> Behaviour:
    """Sends bytes, and hangs up."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            handler.wfile.write(data)

    return behave


def answer(data: bytes, kind: str = "application/json", more: str = "") -> Behaviour:
    """A whole answer with any content."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{more}"
    return raw(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data)


def _repeat(first: bytes, again: bytes, pause: float) -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        until = time.monotonic() + _PATIENCE_S
        with suppress(OSError):
            handler.wfile.write(first)
            while time.monotonic() < until:
                handler.wfile.write(again)
                handler.wfile.flush()
                time.sleep(pause)

    return behave


_OK = b"HTTP/1.1 200 OK\r\n"
hang_up = raw(b"")
no_http = raw(b"SSH-2.0-OpenSSH_9.2\r\n")
html = answer(b"<html><body>Sign in</body></html>", "text/html")
half = raw(_OK + b'Content-Length: 5000\r\n\r\n[{"id": 1')
bad_chunk = raw(_OK + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n")
many_headers = raw(_OK + b"X-More: 1\r\n" * 200 + b"Content-Length: 2\r\n\r\n[]")
long_header = raw(_OK + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n[]")
no_utf8 = answer(b'[{"body": "\xff\xfe"}]')
deep = answer(b"[" * 200_000)
long_number = answer(b"[" + b"9" * 100_000 + b"]")
half_a_character = answer(b'[{"id": 1, "body": "\\ud800", "user": {"login": "x"}}]')
bomb = answer(gzip.compress(b" " * 50_000_000), more="Content-Encoding: gzip\r\n")
trickled_body = _repeat(_OK + b"Content-Length: 100000\r\n\r\n", b" ", 0.05)
trickled_headers = _repeat(_OK, b"X-A: 1\r\n"[:1], 0.05)
endless_continue = _repeat(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.01)
endless_body = _repeat(
    _OK + b"Transfer-Encoding: chunked\r\n\r\n",
    b"100000\r\n" + b" " * 2**20 + b"\r\n",
    0,
)
silence = _repeat(b"", b"", 0.05)


def redirect(to: str, code: int = 301) -> Behaviour:
    """Leads somewhere else."""
    return status(code, "moved", Location=to)


def done_but_lost(server: Server, then: Behaviour) -> Behaviour:
    """Carries a request out, and does not say so."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        with server.lock:
            server.answer(server.requests[-1])
        then(handler)

    return behave


def echo_token(handler: BaseHTTPRequestHandler) -> None:
    """A proxy that shows what it was sent."""
    sent = {**handler.headers}
    reply(handler, 400, {"message": f"bad request: {json.dumps(sent)}"})


def pages_without_end(handler: BaseHTTPRequestHandler) -> None:
    """Each page names another one."""
    at = time.monotonic_ns()
    path = handler.path.partition("?")[0]
    host = handler.headers["Host"]
    reply(handler, 200, [], {"Link": f'<http://{host}{path}?page={at}>; rel="next"'})


def page_to_itself(handler: BaseHTTPRequestHandler) -> None:
    """The next page is this one."""
    to = f"http://{handler.headers['Host']}{handler.path}"
    reply(handler, 200, [], {"Link": f'<{to}>; rel="next"'})
