"""What GitHub and GitLab keep of one repository, by the requests they are sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from forge.server import Answer, Request, Server

REPOSITORY = "acme/bot"
HEAD = "a" * 40
BASE = "b" * 40
FORK = "mallory/bot"
NUMBER = 7


def body(marker: str, text: str = "old") -> str:
    return f"{marker}\n{text}"


@dataclass
class GitHub(Server):
    """One repository with pull request 7."""

    login: str = "github-actions[bot]"
    comments: list[dict[str, Any]] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    on: list[str] = field(default_factory=list)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    # Folders at the head; a base branch's commits, the newest last.
    folders: set[str] = field(default_factory=lambda: {"sub"})
    branches: dict[str, list[str]] = field(default_factory=dict)
    next_id: int = 1000

    def __post_init__(self) -> None:
        repo = f"/repos/{REPOSITORY}"
        self.pulls = self.pulls or [pull(NUMBER)]
        self.routes = [
            (r"POST (?:/api)?/graphql", self.viewer),
            (r"GET (?:/api/v3)?/user", lambda _: Answer(403, {"message": "no"})),
            *[
                (pattern.replace(" /", " (?:/api/v3)?/", 1), route)
                for pattern, route in [
                    (rf"GET {repo}/pulls", self.list_pulls),
                    (rf"GET {repo}/pulls/(\d+)", self.one_pull),
                    (rf"GET {repo}/issues/(\d+)/comments", self.listed),
                    (rf"POST {repo}/issues/(\d+)/comments", self.created),
                    (rf"PATCH {repo}/issues/comments/(\d+)", self.edited),
                    (rf"DELETE {repo}/issues/comments/(\d+)", self.deleted),
                    (rf"GET {repo}/labels/([^/]+)", self.label),
                    (rf"POST {repo}/labels", self.made),
                    (rf"POST {repo}/issues/\d+/labels", self.put_on),
                    (rf"DELETE {repo}/issues/\d+/labels/([^/]+)", self.taken_off),
                    (rf"POST {repo}/statuses/([0-9a-f]+)", self.stated),
                    (rf"GET {repo}/contents/([^/]+)", self.content),
                    (rf"GET {repo}/git/trees/{HEAD}", lambda _: Answer(200, {})),
                    (rf"GET {repo}/compare/(\w+)\.\.\.([^/]+)", self.compared),
                ]
            ],
        ]

    def content(self, _: Request, folder: str) -> Answer:
        there = unquote(folder) in self.folders
        return Answer(200, []) if there else Answer(404, {"message": "Not Found"})

    def compared(self, _: Request, commit: str, branch: str) -> Answer:
        there = self.branches.get(unquote(branch), [])
        if commit not in there:
            return Answer(200, {"status": "diverged", "ahead_by": 1, "behind_by": 1})
        ahead = len(there) - 1 - there.index(commit)
        status = "ahead" if ahead else "identical"
        return Answer(200, {"status": status, "ahead_by": ahead, "behind_by": 0})

    def authorized(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bearer {self.token}"

    def viewer(self, _: Request) -> Answer:
        return Answer(200, {"data": {"viewer": {"login": self.login}}})

    def list_pulls(self, request: Request) -> Answer:
        head = request.query.get("head", [""])[0]
        found = [p for p in self.pulls if p["head"]["label"] == head]
        return self.page(request, found)

    def one_pull(self, _: Request, number: str) -> Answer:
        found = [p for p in self.pulls if p["number"] == int(number)]
        if not found:
            return Answer(404, {"message": "Not Found"})
        return Answer(200, {**found[0], "labels": [{"name": n} for n in self.on]})

    def listed(self, request: Request, _: str) -> Answer:
        return self.page(request, self.comments)

    def add(self, text: str, login: str | None = None) -> dict[str, Any]:
        self.next_id += 1
        user = {"login": login or self.login, "type": "Bot"}
        self.comments.append({"id": self.next_id, "body": text, "user": user})
        return self.comments[-1]

    def created(self, request: Request, _: str) -> Answer:
        return Answer(201, self.add(request.body["body"]))

    def edited(self, request: Request, number: str) -> Answer:
        for comment in self.comments:
            if comment["id"] == int(number):
                comment["body"] = request.body["body"]
                return Answer(200, comment)
        return Answer(404, {"message": "Not Found"})

    def deleted(self, _: Request, number: str) -> Answer:
        before = len(self.comments)
        self.comments[:] = [c for c in self.comments if c["id"] != int(number)]
        return Answer(404 if len(self.comments) == before else 204)

    def label(self, _: Request, name: str) -> Answer:
        there = unquote(name) in self.labels
        return Answer(200, {}) if there else Answer(404, {"message": "Not Found"})

    def made(self, request: Request) -> Answer:
        if request.body["name"] in self.labels:
            return Answer(422, {"message": "Validation Failed"})
        self.labels.add(request.body["name"])
        return Answer(201, request.body)

    def put_on(self, request: Request) -> Answer:
        self.on += [n for n in request.body["labels"] if n not in self.on]
        return Answer(200, [{"name": name} for name in self.on])

    def taken_off(self, _: Request, name: str) -> Answer:
        if unquote(name) not in self.on:
            return Answer(404, {"message": "Label does not exist"})
        self.on.remove(unquote(name))
        return Answer(200, [])

    def stated(self, request: Request, commit: str) -> Answer:
        self.statuses.append({"sha": commit, **request.body})
        return Answer(201, {})

    def environment(self, folder: Path, name: str, event: Any) -> dict[str, str]:
        """What a job of this GitHub is told."""
        path = folder / "event.json"
        text = event if isinstance(event, str) else json.dumps(event)
        path.write_text(text, encoding="utf-8")
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.origin,
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(path),
            "GITHUB_RUN_ID": "42",
            "GITHUB_TOKEN": self.token,
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
            "GITHUB_OUTPUT": str(folder / "output.txt"),
        }


def pull(
    number: int,
    head: str = HEAD,
    repo: str = REPOSITORY,
    branch: str = "topic",
    base: tuple[str, str] = ("main", BASE),
):
    """A pull request as GitHub's API and events tell it."""
    into, commit = base
    return {
        "number": number,
        "state": "open",
        "head": {
            "sha": head,
            "ref": branch,
            "label": f"{repo.partition('/')[0]}:{branch}",
            "repo": {"full_name": repo},
        },
        "base": {"sha": commit, "ref": into, "repo": {"full_name": REPOSITORY}},
        "labels": [],
    }


def opened(**changed: Any) -> dict[str, Any]:
    """The event of a pull request."""
    return {"action": "synchronize", "pull_request": {**pull(NUMBER), **changed}}


def ended(head: str = HEAD, repo: str = FORK, event: str = "pull_request"):
    """The event of a workflow that ended, on a fork's pull request."""
    return {
        "action": "completed",
        "workflow_run": {
            "event": event,
            "head_sha": head,
            "head_branch": "topic",
            "head_repository": {"full_name": repo},
            "repository": {"full_name": REPOSITORY},
            "pull_requests": [],
        },
    }


@dataclass
class GitLab(Server):
    """Project 12 with merge request 7."""

    me: int = 5
    notes: list[dict[str, Any]] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    on: list[str] = field(default_factory=list)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    head: str = HEAD
    folders: set[str] = field(default_factory=lambda: {"", "sub"})
    next_id: int = 1000

    def __post_init__(self) -> None:
        project = "/api/v4/projects/12"
        request = f"{project}/merge_requests/7"
        self.routes = [
            (r"GET /api/v4/user", lambda _: Answer(200, {"id": self.me})),
            (rf"GET {request}", self.one),
            (rf"PUT {request}", self.relabelled),
            (rf"GET {request}/notes", lambda r: self.page(r, self.notes)),
            (rf"POST {request}/notes", self.created),
            (rf"PUT {request}/notes/(\d+)", self.edited),
            (rf"DELETE {request}/notes/(\d+)", self.deleted),
            (rf"POST {project}/labels", self.made),
            (rf"GET {project}/repository/tree", self.tree),
            (rf"POST {project}/statuses/([0-9a-f]+)", self.stated),
        ]

    def authorized(self, request: Request) -> bool:
        return request.headers.get("private-token") == self.token

    def one(self, _: Request) -> Answer:
        value = {"iid": 7, "sha": self.head, "source_project_id": 12}
        return Answer(200, {**value, "labels": self.on})

    def tree(self, request: Request) -> Answer:
        there = request.query.get("path", [""])[0] in self.folders
        return Answer(200, [{"name": "x"}]) if there else Answer(404)

    def relabelled(self, request: Request) -> Answer:
        gone = request.body.get("remove_labels", "").split(",")
        come = [n for n in request.body.get("add_labels", "").split(",") if n]
        self.on = [name for name in self.on if name not in gone] + come
        return Answer(200, {})

    def add(self, text: str, author: int | None = None, **more: Any) -> dict[str, Any]:
        self.next_id += 1
        note = {"id": self.next_id, "body": text, "author": {"id": author or self.me}}
        self.notes.append({**note, "system": False, **more})
        return self.notes[-1]

    def created(self, request: Request) -> Answer:
        return Answer(201, self.add(request.body["body"]))

    def edited(self, request: Request, number: str) -> Answer:
        for note in self.notes:
            if note["id"] == int(number):
                note["body"] = request.body["body"]
                return Answer(200, note)
        return Answer(404, {"message": "404 Not found"})

    def deleted(self, _: Request, number: str) -> Answer:
        self.notes[:] = [n for n in self.notes if n["id"] != int(number)]
        return Answer(204)

    def made(self, request: Request) -> Answer:
        if request.body["name"] in self.labels:
            return Answer(409, {"message": "Label already exists"})
        self.labels.add(request.body["name"])
        return Answer(201, request.body)

    def stated(self, request: Request, commit: str) -> Answer:
        self.statuses.append({"sha": commit, **request.body})
        return Answer(201, {})

    def environment(self, **changed: str) -> dict[str, str]:
        """What a job of this GitLab is told."""
        return {
            "GITLAB_CI": "true",
            "CI_API_V4_URL": f"{self.origin}/api/v4",
            "CI_PROJECT_ID": "12",
            "CI_PROJECT_URL": "https://gitlab.example/acme/bot",
            "CI_PIPELINE_ID": "99",
            "CI_PIPELINE_SOURCE": "merge_request_event",
            "CI_MERGE_REQUEST_PROJECT_ID": "12",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": BASE,
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "CI_COMMIT_SHA": HEAD,
            "GITLAB_TOKEN": self.token,
            **changed,
        }
