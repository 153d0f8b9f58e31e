"""Our requests are those that GitHub describes: its own OpenAPI description says so.

The description is some 13 MB and not ours to ship. `tests/forge/README.md` tells how to
get it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from forge.conftest import decision
from forge.fakes import FORK, HEAD, GitHub, body, ended, opened
from forge.fakes import pull as a_pull
from forge.server import Request, serving
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DESCRIPTION = os.environ.get("DVCINC_GITHUB_OPENAPI", "")
NEEDED = pytest.mark.skipif(
    not DESCRIPTION,
    reason="no description of GitHub's API: npm install --prefix ../described "
    "@octokit/openapi && export DVCINC_GITHUB_OPENAPI="
    "../described/node_modules/@octokit/openapi/generated/api.github.com.json",
)
DOT = "<!-- dvcinc:comment project=. -->"
# GraphQL is no part of the REST description.
BESIDE = {"POST /graphql"}
NAME = "urn:github"


class Description:
    """What GitHub describes."""

    def __init__(self, value: dict[str, Any]) -> None:
        self.value = value
        whole = Resource(contents=value, specification=DRAFT202012)
        self.registry = Registry().with_resource(NAME, whole)
        self.paths = [
            (re.compile(re.sub(r"\{[^}]+\}", "([^/]+)", path)), path)
            for path in value["paths"]
        ]

    def resolved(self, value: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in value:
            at: Any = self.value
            for key in value["$ref"].removeprefix("#/").split("/"):
                at = at[key]
            value = at
        return value

    def operation(self, request: Request) -> tuple[str, dict[str, Any]]:
        """Where a request is described: literal paths come before templates."""
        fitting = [
            path
            for pattern, path in self.paths
            if pattern.fullmatch(request.path)
            and request.method.lower() in self.value["paths"][path]
        ]
        assert fitting, f"GitHub describes no {request.method} {request.path}"
        path = min(fitting, key=lambda path: path.count("{"))
        return path, self.value["paths"][path][request.method.lower()]

    def mistakes(self, request: Request) -> Iterator[str]:
        path, operation = self.operation(request)
        described = {
            one["name"]: one
            for one in map(self.resolved, operation.get("parameters", []))
        }
        for name, values in request.query.items():
            if described.get(name, {}).get("in") != "query":
                yield f"{path}: no query {name}"
            else:
                yield from self.wrong(described[name]["schema"], _typed(values[0]))
        content = operation.get("requestBody", {}).get("content", {})
        if request.body is None:
            return
        if "application/json" not in content:
            yield f"{path}: takes no body"
            return
        steps = [path, request.method.lower(), "requestBody", "content"]
        at = "/".join(_escaped(step) for step in [*steps, "application/json", "schema"])
        yield from self.wrong({"$ref": f"{NAME}#/paths/{at}"}, request.body)
        known = _properties(content["application/json"]["schema"])
        yield from (f"{path}: no {key}" for key in request.body if key not in known)

    def wrong(self, schema: dict[str, Any], value: Any) -> Iterator[str]:
        validator = Draft202012Validator(schema, registry=self.registry)
        yield from (error.message for error in validator.iter_errors(value))


def _typed(text: str) -> Any:
    return int(text) if text.isdecimal() else text


def _escaped(step: str) -> str:
    return (
        step.replace("~", "~0")
        .replace("/", "~1")
        .replace("{", "%7B")
        .replace("}", "%7D")
    )


def _properties(schema: dict[str, Any]) -> set[str]:
    choices = [schema, *schema.get("oneOf", []), *schema.get("anyOf", [])]
    return {name for choice in choices for name in choice.get("properties", {})}


@pytest.fixture(scope="module")
def description():
    return Description(json.loads(Path(DESCRIPTION).read_text(encoding="utf-8")))


def scenes(tmp_path, comment) -> Iterator[GitHub]:
    """All that is ever asked of GitHub."""
    scratch = [decision("scratch")]
    with serving(GitHub()) as server:
        job = server.environment(tmp_path, "pull_request", opened())
        comment(job, "--status", "--strict")
        comment(job, "--status", "--strict", decisions=scratch)
        server.add(body(DOT, "twice"))
        comment(job, "--strict")
        yield server
    with serving(GitHub()) as server:
        server.trouble("POST /graphql", lambda handler: handler.send_error(404))
        server.add(body(DOT, "by whom?"))
        job = server.environment(tmp_path, "pull_request", opened())
        comment(job, "--strict")
        yield server
    with serving(GitHub(pulls=[a_pull(7, repo=FORK)])) as server:
        for at in range(130):
            server.add(f"talk {at}", "ada")
        job = server.environment(tmp_path, "workflow_run", ended())
        comment(job, "--strict")
        comment(job, "--strict", "--pr", "7", decisions=scratch)
        server.pulls.append(a_pull(8, repo=FORK, base=("release/1", "c" * 40)))
        server.branches = {"release/1": [HEAD]}
        server.add(body("<!-- dvcinc:comment project=bots/old -->"))
        old = {**decision()["old"], "commit": HEAD}
        comment(job, "--strict", decisions=[{**decision(), "old": old}])
        yield server


ASKED = [
    "GET /repos/.*/pulls$",
    "GET /repos/.*/pulls/7",
    "GET /repos/.*/comments",
    "POST /repos/.*/comments",
    "PATCH /repos/.*/comments/",
    "DELETE /repos/.*/comments/",
    "GET /repos/.*/labels/",
    "POST /repos/.*/bot/labels",
    "POST /repos/.*/issues/7/labels",
    "DELETE /repos/.*/issues/7/labels/",
    "POST /repos/.*/statuses/",
    "GET /repos/.*/compare/",
    "GET /repos/.*/contents/bots%2Fold",
    "GET /user",
]


@NEEDED
def test_each_request_is_one_that_github_describes(description, tmp_path, comment):
    servers = list(scenes(tmp_path, comment))
    asked = [request for server in servers for request in server.requests]
    rest = [r for r in asked if f"{r.method} {r.path}" not in BESIDE]
    wrong = [mistake for request in rest for mistake in description.mistakes(request)]
    assert wrong == []
    missing = [p for p in ASKED if not any(server.asked(p) for server in servers)]
    assert missing == []
    kinds = {(r.method, description.operation(r)[0]) for r in rest}
    print(f"{len(rest)} requests of {len(kinds)} kinds validated")  # noqa: T201


WRONG = [
    Request("POST", "/repos/acme/bot/issues/7/comments", {}, {}, {"text": "x"}),
    Request("POST", "/repos/acme/bot/issues/7/comments", {}, {}, {"body": 7}),
    Request("POST", "/repos/acme/bot/statuses/abc", {}, {}, {"state": "red"}),
    Request("GET", "/repos/acme/bot/pulls", {"state": ["opened"]}, {}, None),
    Request("GET", "/repos/acme/bot/pulls", {"page_size": ["9"]}, {}, None),
    Request("GET", "/user", {}, {}, {"x": 1}),
]


@NEEDED
@pytest.mark.parametrize("request_", WRONG, ids=str)
def test_a_request_that_github_does_not_describe_is_noticed(description, request_):
    assert list(description.mistakes(request_))
