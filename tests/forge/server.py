"""A real HTTP server that keeps what a forge keeps, and misbehaves where it is told to.

Forges are classes with routes; what stands in `trouble` is done instead of answering.
"""

from __future__ import annotations

import json
import re
import ssl
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit


class Request(NamedTuple):
    """What was asked."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: Any


class Answer(NamedTuple):
    """What is answered."""

    status: int
    value: Any = None
    headers: Mapping[str, str] = {}


Behaviour = Callable[[BaseHTTPRequestHandler], None]
Route = Callable[..., Answer]


@dataclass
class Trouble:
    """What happens instead of an answer, to requests of a kind, so many times."""

    pattern: str
    behaviour: Behaviour
    times: int

    def takes(self, line: str) -> bool:
        if self.times <= 0 or not re.match(self.pattern, line):
            return False
        self.times -= 1
        return True


@dataclass
class Server(ABC):
    """A forge of one repository; subclasses have the routes."""

    token: str = "s3cr3t-token-0123456789"  # noqa: S105 - made up
    requests: list[Request] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    origin: str = ""
    routes: list[tuple[str, Route]] = field(default_factory=list)

    def trouble(self, pattern: str, behaviour: Behaviour, times: int = 10**6) -> None:
        self.troubles.append(Trouble(pattern, behaviour, times))

    @abstractmethod
    def authorized(self, request: Request) -> bool:
        """Whether a request has the token, in the forge's own header."""

    def answer(self, request: Request) -> Answer:
        if not self.authorized(request):
            return Answer(401, {"message": "Bad credentials"})
        line = f"{request.method} {request.path}"
        for pattern, route in self.routes:
            if found := re.fullmatch(pattern, line):
                return route(request, *found.groups())
        return Answer(404, {"message": "Not Found"})

    def page(self, request: Request, entries: list[Any]) -> Answer:
        """One page of a list, with a link to the next."""
        size = min(int(request.query.get("per_page", ["30"])[0]), 100)
        at = int(request.query.get("page", ["1"])[0])
        shown = entries[(at - 1) * size : at * size]
        if at * size >= len(entries):
            return Answer(200, shown)
        rest = "&".join(f"{k}={v[0]}" for k, v in request.query.items() if k != "page")
        to = f"{self.origin}{request.path}?{rest}&page={{}}"
        last = -(-len(entries) // size)
        link = f'<{to.format(at + 1)}>; rel="next", <{to.format(last)}>; rel="last"'
        return Answer(200, shown, {"Link": link})

    def asked(self, pattern: str) -> list[Request]:
        """The requests of a kind."""
        return [r for r in self.requests if re.match(pattern, f"{r.method} {r.path}")]


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def serve(self) -> None:
            split = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            request = Request(
                self.command,
                split.path,
                parse_qs(split.query),
                {k.lower(): v for k, v in self.headers.items()},
                json.loads(body) if body else None,
            )
            line = f"{request.method} {self.path}"
            with server.lock:
                server.requests.append(request)
                odd = next((t for t in server.troubles if t.takes(line)), None)
            if odd is not None:
                self.close_connection = True
                odd.behaviour(self)
                return
            with server.lock:
                answer = server.answer(request)
            reply(self, answer.status, answer.value, answer.headers)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Says nothing."""

    return Handler


def reply(
    handler: BaseHTTPRequestHandler,
    status: int,
    value: Any = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Answers with JSON."""
    data = b"" if value is None else json.dumps(value).encode()
    handler.send_response(status)
    for name, text in (headers or {}).items():
        handler.send_header(name, text)
    handler.send_header("Content-Type", "application/json; charset=utf-8")
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


class _Quiet(ThreadingHTTPServer):
    """A client that leaves is no news."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None: ...


@contextmanager
def serving(server: Server, context: ssl.SSLContext | None = None):
    """Runs a forge on a port of its own, with TLS where a context is given."""
    with _Quiet(("127.0.0.1", 0), _handler(server)) as http:
        if context is not None:
            http.socket = context.wrap_socket(http.socket, server_side=True)
        scheme = "http" if context is None else "https"
        server.origin = f"{scheme}://127.0.0.1:{http.server_port}"
        threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server
        finally:
            http.shutdown()
