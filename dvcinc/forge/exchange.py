"""One request and its answer: bytes to one host, and no further.

Whatever an address says, only its path is used: the host, and so who sees the token, is
settled once. Answers are capped, and taken as they are sent: no unpacking.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.request import getproxies, proxy_bypass

from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Timeout, make_headers
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.util import Url, parse_url

from dvcinc.errors import InputError
from dvcinc.forge.deadline import within

# A page of a hundred comments of GitHub's longest is some 7 MB, with escapes 20.
LONGEST_ANSWER = 32 * 2**20
_CHUNK = 2**16
_CONNECT_S = 10.0
_READ_S = 15.0
_PORTS = {"http": 80, "https": 443}


class TooLongError(Exception):
    """An answer is longer than any that makes sense."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Sends requests to one origin.

    Attributes:
        origin: Scheme, host and port, as in `https://api.github.com`.
        root: The path below which the API lies.
    """

    origin: str
    root: str
    _manager: PoolManager = field(repr=False)

    def send(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | None,
        seconds: float,
    ) -> tuple[BaseHTTPResponse, bytes]:
        """The answer to one request, without a second try and without redirects.

        Raises:
            HTTPError: None came, or only half of one.
            TooLongError: It does not end in time to be read.
            TimeoutError: It takes too long as a whole.
        """

        def run() -> tuple[BaseHTTPResponse, bytes]:
            response = self._manager.urlopen(
                method,
                self.origin + target,
                headers=dict(headers),
                body=body,
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
                timeout=Timeout(connect=_CONNECT_S, read=_READ_S),
            )
            try:
                return response, _read(response)
            finally:
                # A connection with something left to read must not be used again.
                response.close()

        return within(seconds, run)

    def path(self, address: str) -> str | None:
        """The path and query of an address of this origin; `None` of any other."""
        try:
            url = parse_url(address)
        except HTTPError:
            return None
        if url.host is None and url.scheme is None:
            return url.request_uri if address.startswith("/") else None
        return None if url.auth or _origin(url) != self.origin else url.request_uri


def _read(response: BaseHTTPResponse) -> bytes:
    parts: list[bytes] = []
    left = LONGEST_ANSWER
    while part := response.read(min(_CHUNK, left + 1)):
        left -= len(part)
        if left < 0:
            raise TooLongError
        parts.append(part)
    return b"".join(parts)


def exchange(api: str, authority: Path | None = None) -> Exchange:
    """An exchange with an API, through the proxy that the environment names.

    Args:
        api: Its address.
        authority: A file of certificates to trust beside the system's.

    Raises:
        InputError: A token must not be sent there.
    """
    url = _parsed(api)
    if url.scheme != "https" and not _is_loopback(url.host or ""):
        raise InputError(
            f"{api} is not https: anybody on the way could read the token",
            "let the forge be reached by https",
        )
    manager = _manager(url, _trusted(authority))
    return Exchange(_origin(url), (url.path or "").rstrip("/"), manager)


def _parsed(api: str) -> Url:
    try:
        url = parse_url(api)
    except HTTPError as error:
        raise InputError(f"{api!r} is no address of an API") from error
    if url.scheme not in _PORTS or not url.host or url.auth or url.query:
        raise InputError(f"{api!r} is no address of an API", "as https://HOST/PATH")
    return url


def _origin(url: Url) -> str:
    port = url.port or _PORTS.get(url.scheme or "", 0)
    return f"{url.scheme}://{(url.host or '').lower()}:{port}"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _trusted(authority: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if authority is not None:
        try:
            context.load_verify_locations(cafile=authority)
        except OSError as error:
            raise InputError(f"{authority}: holds no certificates") from error
    return context


def _manager(url: Url, trusted: ssl.SSLContext) -> PoolManager:
    """Connections to a host: straight, or through the proxy of the environment."""
    host = url.host or ""
    proxy = getproxies().get(url.scheme or "")
    if not proxy or _is_loopback(host) or proxy_bypass(host):
        return PoolManager(ssl_context=trusted)
    try:
        parsed = parse_url(proxy if "://" in proxy else f"http://{proxy}")
    except HTTPError as error:
        # The address may hold a password: it is not shown.
        raise InputError("the environment's proxy is no address") from error
    secret = make_headers(proxy_basic_auth=parsed.auth) if parsed.auth else {}
    bare = Url(parsed.scheme, None, parsed.host, parsed.port).url
    return ProxyManager(bare, proxy_headers=secret, ssl_context=trusted)


def describe(error: Exception) -> str:
    """What went wrong with a request, in words that hold nothing of it."""
    if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return "did not answer in time"
    if isinstance(error, ProtocolError):
        return "broke off in the middle of an answer"
    words = {
        "NameResolutionError": "has no address that this machine knows",
        "SSLError": "has a certificate that cannot be trusted, or speaks no TLS",
        "ProxyError": "cannot be reached through the proxy of the environment",
    }
    return words.get(type(error).__name__, "cannot be reached")
