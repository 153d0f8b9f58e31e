"""`dvcinc lineage export --emit` sends OpenLineage's events to a real server."""

from __future__ import annotations

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from surfaces.exporting import export, two_models

from dvcinc.errors import InputError
from dvcinc.surfaces.emitting import emit


@pytest.fixture
def made(repo):
    return two_models(repo())


class Server:
    """Takes OpenLineage's events, or refuses them."""

    def __init__(self, status):
        self.taken = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                key = self.headers["Authorization"]
                outer.taken.append((self.path, key, json.loads(body)))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_said):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def server(monkeypatch):
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    started = []

    def serve(status=201):
        started.append(Server(status))
        return started[-1]

    yield serve
    for one in started:
        one.server.shutdown()
        one.server.server_close()


@pytest.mark.parametrize("path", ["", "/marquez/"])
def test_events_are_sent_as_they_are_printed(made, server, path):
    there = server()
    done = export(made, "openlineage", "--emit", f"{there.url}{path}")
    assert done.stdout == "4 events sent\n"
    printed = export(made, "openlineage").stdout.splitlines()
    assert [event for *_, event in there.taken] == [*map(json.loads, printed)]
    assert {at for at, *_ in there.taken} == {f"{path.rstrip('/')}/api/v1/lineage"}
    assert {key for _, key, _ in there.taken} == {None}


def test_a_key_is_sent_and_not_shown(made, server):
    there = server(403)
    key = {"OPENLINEAGE_API_KEY": "s3cret"}
    done = export(made, "openlineage", "--emit", there.url, code=3, environment=key)
    assert [key for _, key, _ in there.taken] == ["Bearer s3cret"]
    assert "s3cret" not in done.stdout + done.stderr
    assert "event 1 of 4 was not taken: 403" in done.stderr


@pytest.mark.parametrize("url", ["ftp://x", "x", "http://", "https://[x"])
def test_events_go_to_no_address_that_is_none(url):
    with pytest.raises(InputError, match="is no address of a server"):
        emit([], url)
