"""Where we run: environment and event file to a `Run`; nothing is guessed.

An event file is written by GitHub, but its branch names and titles by anybody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from dvcinc.errors import InputError
from dvcinc.forge.answers import Json, commit_id, member, number, read_json, text
from dvcinc.forge.run import Kind, Run
from dvcinc.render.links import Forge

# GitHub sends no event of more than 25 MB.
_LONGEST = 25 * 2**20
_REPOSITORY = re.compile(r"(?!\.{1,2}/)[\w.-]+/(?!\.{1,2}$)[\w.-]+", re.ASCII)
_COUNT = re.compile(r"[1-9][0-9]{0,17}")
_PULLS = frozenset({"pull_request", "pull_request_target"})

Environment = Mapping[str, str]
T = TypeVar("T")


def read_run(environment: Environment, forge: Forge | None = None) -> Run | None:
    """The job that this process is a part of; `None` outside of CI.

    Args:
        environment: The environment variables.
        forge: Whose job it must be; by default whosever it says it is.

    Raises:
        InputError: What the job is told makes no sense.
    """
    if forge in (None, Forge.GITHUB) and environment.get("GITHUB_ACTIONS"):
        return _github(environment)
    if forge in (None, Forge.GITLAB) and environment.get("GITLAB_CI"):
        return _gitlab(environment)
    return None


# --- GitHub -----------------------------------------------------------------------


def _github(environment: Environment) -> Run:
    repository = _needed(environment, "GITHUB_REPOSITORY")
    if not _REPOSITORY.fullmatch(repository):
        raise InputError(f"GITHUB_REPOSITORY is {repository!r}, not OWNER/NAME")
    server = environment.get("GITHUB_SERVER_URL") or "https://github.com"
    web = f"{server.rstrip('/')}/{repository}"
    job = environment.get("GITHUB_RUN_ID", "")
    bare = Run(
        forge=Forge.GITHUB,
        api=environment.get("GITHUB_API_URL") or "https://api.github.com",
        web=web,
        repository=repository,
        kind=Kind.OTHER,
        event=_needed(environment, "GITHUB_EVENT_NAME"),
        url=f"{web}/actions/runs/{job}" if _COUNT.fullmatch(job) else web,
    )
    event = _event(Path(_needed(environment, "GITHUB_EVENT_PATH")))
    if bare.event in _PULLS:
        return _of_pull(bare, event)
    if bare.event == "workflow_run":
        return _afterwards(bare, event)
    if bare.event == "merge_group":
        return _of_queue(bare, event)
    return bare


def _event(path: Path) -> Json:
    try:
        data = path.read_bytes() if path.stat().st_size <= _LONGEST else None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    if data is None:
        raise InputError(f"{path}: is too long for an event")
    try:
        return read_json(data)
    except ValueError as error:
        raise InputError(f"{path}: the event is no JSON") from error


def _of_pull(bare: Run, event: Json) -> Run:
    pull = member(event, "pull_request")
    into = _told(bare, "base.repo.full_name", text(pull, "base", "repo", "full_name"))
    if into.casefold() != bare.repository.casefold():
        raise InputError(
            f"the event's pull request is one of {into}, not of {bare.repository}"
        )
    return replace(
        bare,
        kind=Kind.PULL,
        number=_told(bare, "number", number(pull, "number")),
        head=_told(bare, "head.sha", commit_id(pull, "head", "sha")),
        base=_told(bare, "base.sha", commit_id(pull, "base", "sha")),
        base_branch=text(pull, "base", "ref"),
        # A fork may be gone.
        head_repository=text(pull, "head", "repo", "full_name"),
        head_branch=text(pull, "head", "ref"),
    )


def _afterwards(bare: Run, event: Json) -> Run:
    ended = member(event, "workflow_run")
    into = _told(bare, "repository", text(ended, "repository", "full_name"))
    if into.casefold() != bare.repository.casefold():
        raise InputError(f"the event's run is one of {into}, not of {bare.repository}")
    came = text(ended, "event")
    if came not in _PULLS:
        # A push to a branch of the same name must not speak for a pull request.
        return bare
    return replace(
        bare,
        kind=Kind.AFTERWARDS,
        head=_told(bare, "head_sha", commit_id(ended, "head_sha")),
        head_branch=_told(bare, "head_branch", text(ended, "head_branch")),
        head_repository=_told(
            bare, "head_repository", text(ended, "head_repository", "full_name")
        ),
    )


def _of_queue(bare: Run, event: Json) -> Run:
    group = member(event, "merge_group")
    return replace(
        bare,
        kind=Kind.QUEUE,
        head=_told(bare, "head_sha", commit_id(group, "head_sha")),
        base=_told(bare, "base_sha", commit_id(group, "base_sha")),
    )


# --- GitLab -----------------------------------------------------------------------


def _gitlab(environment: Environment) -> Run:
    # In a pipeline of a fork, CI_PROJECT_ID is the fork's.
    into = environment.get("CI_MERGE_REQUEST_PROJECT_ID")
    url = environment.get("CI_MERGE_REQUEST_PROJECT_URL")
    pipeline = environment.get("CI_PIPELINE_ID", "")
    bare = Run(
        forge=Forge.GITLAB,
        api=_needed(environment, "CI_API_V4_URL"),
        web=url or environment.get("CI_PROJECT_URL", ""),
        repository=_count(into or _needed(environment, "CI_PROJECT_ID"), "project"),
        kind=Kind.OTHER,
        event=environment.get("CI_PIPELINE_SOURCE") or "pipeline",
        url=environment.get("CI_JOB_URL", ""),
        pipeline=pipeline if _COUNT.fullmatch(pipeline) else "",
        authority=environment.get("CI_SERVER_TLS_CA_FILE", ""),
    )
    iid = environment.get("CI_MERGE_REQUEST_IID")
    if not iid:
        return bare
    # In a pipeline for merged results, CI_COMMIT_SHA is a merge that nobody made.
    head = environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")
    base = environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA")
    return replace(
        bare,
        kind=Kind.PULL,
        number=int(_count(iid, "CI_MERGE_REQUEST_IID")),
        head=_commit(head or _needed(environment, "CI_COMMIT_SHA"), "CI_COMMIT_SHA"),
        base=_commit(base, "CI_MERGE_REQUEST_DIFF_BASE_SHA") if base else None,
        base_branch=environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"),
        head_repository=environment.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID"),
        head_branch=environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"),
    )


def _count(value: str, name: str) -> str:
    if not _COUNT.fullmatch(value):
        raise InputError(f"{name} is {value!r}, not a number")
    return value


def _commit(value: str, name: str) -> str:
    if commit_id(value) is None:
        raise InputError(f"{name} is {value!r}, not the id of a commit")
    return value


# --- both -------------------------------------------------------------------------


def _needed(environment: Environment, name: str) -> str:
    value = environment.get(name)
    if not value:
        raise InputError(f"{name} is not set, as it is in each job")
    return value


def _told(bare: Run, name: str, value: T | None) -> T:
    if value is None:
        raise InputError(f"the event {bare.event} tells no {name} that makes sense")
    return value
