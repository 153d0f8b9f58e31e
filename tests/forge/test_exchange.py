"""Who is spoken to: certificates, proxies and addresses."""

from __future__ import annotations

import base64
import ssl
import threading
from contextlib import contextmanager, suppress
from socket import create_connection, socket
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest
import trustme
from forge.conftest import decision
from forge.fakes import GitHub, opened
from forge.server import serving

from dvcinc.errors import InputError
from dvcinc.forge.exchange import exchange

PASSWORD = "pr0xy-pass"  # noqa: S105 - made up


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def secure(authority):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1", "forge.example").configure_cert(context)
    with serving(GitHub(), context) as server:
        yield server


@pytest.fixture
def certificates(authority, tmp_path):
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


def test_a_certificate_of_nobody_we_know_is_refused(secure, tmp_path, comment):
    job = secure.environment(tmp_path, "pull_request", opened())
    done = comment(job)
    assert done.code == 0
    assert "certificate that cannot be trusted" in done.out
    assert (secure.requests, secure.token in done.all) == ([], False)
    assert done.seconds < 5


def test_a_certificate_that_the_system_trusts_will_do(
    secure, tmp_path, comment, certificates
):
    job = secure.environment(tmp_path, "pull_request", opened())
    done = comment({**job, "SSL_CERT_FILE": certificates}, "--strict")
    assert (done.code, len(secure.comments)) == (0, 1), done.all


def test_a_certificate_for_another_host_is_refused(
    secure, tmp_path, comment, certificates
):
    job = secure.environment(tmp_path, "pull_request", opened())
    api = secure.origin.replace("127.0.0.1", "localhost")
    done = comment({**job, "SSL_CERT_FILE": certificates, "GITHUB_API_URL": api})
    assert "certificate that cannot be trusted" in done.out
    assert secure.requests == []


# --- proxies ----------------------------------------------------------------------


class _Proxy(StreamRequestHandler):
    """Opens tunnels, wherever they are said to lead."""

    def handle(self) -> None:
        asked = self.rfile.readline().decode()
        head = [asked]
        while (line := self.rfile.readline().decode()).strip():
            head.append(line)
        self.server.asked.append("".join(head))
        with create_connection(self.server.target) as there:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=_pump, args=(there, self.request))
            back.start()
            _pump(self.request, there)
            back.join()


def _pump(one: socket, other: socket) -> None:
    with suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(1)


@contextmanager
def proxy(target):
    with ThreadingTCPServer(("127.0.0.1", 0), _Proxy) as server:
        server.daemon_threads = True
        server.target, server.asked = target, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_the_proxy_of_the_environment_is_used_and_its_password_kept(
    secure, tmp_path, comment, certificates
):
    port = int(secure.origin.rpartition(":")[2])
    job = secure.environment(tmp_path, "pull_request", opened())
    with proxy(("127.0.0.1", port)) as way:
        address = f"127.0.0.1:{way.server_address[1]}"
        settings = {
            "HTTPS_PROXY": f"http://ada:{PASSWORD}@{address}",
            "SSL_CERT_FILE": certificates,
            "GITHUB_API_URL": "https://forge.example",
            "NO_PROXY": "",
        }
        done = comment({**job, **settings}, "--strict", decisions=[decision()])
    assert (done.code, len(secure.comments)) == (0, 1), done.all
    secret = base64.b64encode(f"ada:{PASSWORD}".encode()).decode()
    assert way.asked[0].startswith("CONNECT forge.example:443")
    assert secret in way.asked[0]
    # The proxy passes on what it cannot read.
    assert secure.token not in "".join(way.asked)


def test_a_proxy_that_is_not_there_is_told_without_its_password(
    github, tmp_path, comment
):
    job = github.environment(tmp_path, "pull_request", opened())
    settings = {
        "HTTPS_PROXY": f"http://ada:{PASSWORD}@127.0.0.1:9",
        "GITHUB_API_URL": "https://forge.example",
        "NO_PROXY": "",
    }
    done = comment({**job, **settings}, "--within", "2")
    assert done.code == 0
    assert "through the proxy" in done.out
    assert PASSWORD not in done.all


def test_this_machine_is_reached_without_a_proxy(github, tmp_path, comment):
    job = github.environment(tmp_path, "pull_request", opened())
    done = comment({**job, "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""})
    assert (done.code, len(github.comments)) == (0, 1), done.all


# --- addresses --------------------------------------------------------------------

REFUSED = [
    "",
    "github.example",
    "ftp://github.example",
    "http://github.example",
    "http://127.0.0.1.example",
    "http://localhost.example",
    "https://user@github.example",
    "https://github.example/?a=b",
    "https://",
    "https://[::1",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("api", REFUSED)
def test_a_token_goes_to_no_such_address(api):
    with pytest.raises(InputError):
        exchange(api)


ADDRESSES = [
    ("https://api.github.example/repos?page=2", "/repos?page=2"),
    ("https://API.github.example:443/repos", "/repos"),
    ("https://user@api.github.example/repos", None),
    ("https://api.github.example:444/repos", None),
    ("http://api.github.example/repos", None),
    ("https://api.github.example.evil.example/repos", None),
    ("https://evil.example/https://api.github.example/", None),
    ("https://evil.example\\@api.github.example/", None),
    ("https://api.github.example\\@evil.example/", None),
    ("https://api.github.example@evil.example/", None),
    ("//evil.example/repos", None),
    ("javascript:alert(1)", None),
    ("/repos/x", "/repos/x"),
    ("repos/x", None),
    ("https://[::1", None),
]


@pytest.mark.parametrize(("address", "path"), ADDRESSES)
def test_only_addresses_of_the_same_origin_have_a_path(address, path):
    found = exchange("https://api.github.example").path(address)
    assert found == path or (path is None and found and found.startswith("/%5C@"))


def test_whatever_an_address_says_the_host_is_ours(github):
    """The path alone is used, so no reading of an address can lead away."""
    way = exchange(github.origin)
    target = way.path(f"{github.origin}\\@evil.example/") or "/"
    way.send("GET", target, {}, None, 5)
    assert len(github.requests) == 1
