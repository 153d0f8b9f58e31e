"""A forge's API: requests in, JSON out, bounded in time, size, tries and pages.

The token goes to one host and is in no message; what a server says is shown as one
short line. A request that may have been carried out is made again only where that does
no harm.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    SSLError,
)

from dvcinc.forge.answers import Json, read_json, said
from dvcinc.forge.deadline import Deadline
from dvcinc.forge.exchange import Exchange, TooLongError, describe
from dvcinc.forge.retrying import TRIES, Patience
from dvcinc.forge.secret import Token
from dvcinc.forge.values import ForgeError, LostAnswerError

# So long is waited for one answer, so that there is time for another try.
_ATTEMPT_S = 15.0
_REDIRECTS = 3
PAGES = 100
_NEXT = re.compile(r'<([^<>]*)>\s*(?:;[^,<>]*?)?;\s*rel="?next"?', re.ASCII)
_MOVED = frozenset({301, 302, 307, 308})
# Nothing was sent yet.
_UNSENT = (NewConnectionError, ConnectTimeoutError)
_OUTCOME_UNKNOWN = frozenset({500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Client:
    """Asks one API with one token.

    Attributes:
        name: What the forge is called in messages.
        exchange: The way to its host.
        headers: What each request carries.
        token: The secret that is among them.
        deadline: When nothing more is tried.
        hints: What to do about an HTTP status.
    """

    name: str
    exchange: Exchange
    headers: Mapping[str, str] = field(repr=False)
    token: Token
    deadline: Deadline
    hints: Mapping[int, str]

    def get(self, path: str) -> Json:
        """What lies at a path of the API."""
        return self._json(self._ask("GET", self.exchange.root + path, None)[1])

    def send(
        self, method: str, path: str, value: Json = None, *, once: bool = False
    ) -> Json:
        """Sends a value, and returns what is answered.

        Args:
            method: The HTTP method.
            path: The path below the API's address.
            value: What is sent, as JSON.
            once: Whether a second time would do harm.

        Raises:
            LostAnswerError: With `once`: it may have been done, or not.
            ForgeError: It was not done.
        """
        target = self.exchange.root + path
        _, data = self._ask(method, target, value, once=once)
        return self._json(data) if data else None

    def ask_beside(self, path: str, value: Json) -> Json:
        """Asks a path of the host that lies beside the API's: GraphQL."""
        return self._json(self._ask("POST", path, value)[1])

    def pages(self, path: str) -> Iterator[Json]:
        """The entries of a list over all its pages, as `Link` leads through them.

        Raises:
            ForgeError: A page is no list, or they lead nowhere, or have no end.
        """
        target: str | None = self.exchange.root + path
        seen: set[str] = set()
        while target is not None:
            if target in seen or len(seen) >= PAGES:
                raise ForgeError(f"{self.name} gives pages without end")
            seen.add(target)
            response, data = self._ask("GET", target, None)
            entries = self._json(data)
            if not isinstance(entries, list):
                raise ForgeError(f"{self.name} answers with something that is no list")
            yield from entries
            target = self._next(response)

    def _next(self, response: BaseHTTPResponse) -> str | None:
        found = _NEXT.search(response.headers.get("Link", "")[:8192])
        if found is None:
            return None
        target = self.exchange.path(found[1])
        if target is None:
            raise ForgeError(f"{self.name}'s next page is on another host")
        return target

    def _json(self, data: bytes) -> Json:
        try:
            return read_json(data)
        except ValueError as error:
            message = f"{self.name} answers with something that is no JSON"
            raise ForgeError(message) from error

    def _ask(
        self, method: str, target: str, value: Json, *, once: bool = False
    ) -> tuple[BaseHTTPResponse, bytes]:
        """The answer that counts, after as many tries and redirects as it takes."""
        patience = Patience.fresh()
        moves = 0
        while True:
            try:
                response, data = self._attempt(method, target, value)
            except (HTTPError, TimeoutError) as error:
                self._give_up(error, once=once)
                patience = self._wait(patience, error=error)
                continue
            if response.status in _MOVED and moves < _REDIRECTS:
                target = self._moved(response)
                moves += 1
            elif once and response.status in _OUTCOME_UNKNOWN:
                raise LostAnswerError(self._refusal(response, data))
            elif patience.asks_again(response):
                patience = self._wait(patience, response, data)
            else:
                self._check(response, data)
                return response, data

    def _attempt(
        self, method: str, target: str, value: Json
    ) -> tuple[BaseHTTPResponse, bytes]:
        seconds = min(_ATTEMPT_S, self.deadline.left)
        if not seconds:
            raise ForgeError(
                f"{self.name} did not answer within {self.deadline.seconds:g} s"
            )
        headers = dict(self.headers)
        body = None if value is None else json.dumps(value).encode()
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            return self.exchange.send(method, target, headers, body, seconds)
        except TooLongError as error:
            message = f"{self.name}'s answer is too long to be one"
            raise ForgeError(message) from error

    def _give_up(self, error: Exception, *, once: bool) -> None:
        """Raises what must not, or need not, be tried again."""
        message = f"{self.name} {describe(error)}"
        if isinstance(error, SSLError):
            raise ForgeError(message, "see SSL_CERT_FILE") from error
        if once and not isinstance(error, _UNSENT):
            raise LostAnswerError(message) from error

    def _wait(
        self,
        patience: Patience,
        response: BaseHTTPResponse | None = None,
        data: bytes = b"",
        error: Exception | None = None,
    ) -> Patience:
        """Waits for the next try; what is left of the patience.

        Raises:
            ForgeError: There is no patience left, or no time.
        """
        if response is None:
            message = f"{self.name} {describe(error or TimeoutError())}"
        else:
            message = self._refusal(response, data)
        status = None if response is None else response.status
        try:
            left = patience.increment("", "", response=response, error=error)
        except MaxRetryError as ended:
            message += f", as it did {TRIES} times before"
            raise ForgeError(message, status=status) from ended
        seconds = left.wait(response)
        if not self.deadline.sleep(seconds):
            message += f"; there is no time to try again in {seconds:.0f} s"
            raise ForgeError(message, status=status)
        return left

    def _moved(self, response: BaseHTTPResponse) -> str:
        target = self.exchange.path(response.headers.get("Location", ""))
        if target is None:
            raise ForgeError(
                f"{self.name} redirects to another host, which gets no token",
                "see the API's address, and the name of the repository",
                status=response.status,
            )
        return target

    def _check(self, response: BaseHTTPResponse, data: bytes) -> None:
        if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            hint = self.hints.get(response.status, "")
            raise ForgeError(
                self._refusal(response, data), hint, status=response.status
            )

    def _refusal(self, response: BaseHTTPResponse, data: bytes) -> str:
        reason = self.token.hidden(said(data))
        return f"{self.name} answers {response.status}{reason and f': {reason}'}"
