"""Where we run, from environment and event file alone; hostile ones are refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from forge.fakes import BASE, FORK, HEAD, REPOSITORY, GitHub, GitLab, ended, opened
from forge.fakes import pull as a_pull
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.errors import InputError
from dvcinc.forge.events import read_run
from dvcinc.forge.run import Kind, read_token
from dvcinc.render.links import Forge


@pytest.fixture
def told(tmp_path):
    """The run that an event of GitHub's tells."""

    def read(name, event, **changed):
        environment = GitHub().environment(tmp_path, name, event)
        return read_run({**environment, **changed})

    return read


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target"])
def test_a_pull_request_is_named_by_its_event(told, name):
    run = told(name, opened())
    assert (run.kind, run.number, run.head, run.base, run.base_branch) == (
        Kind.PULL,
        7,
        HEAD,
        BASE,
        "main",
    )


def test_a_fork_that_is_gone_has_no_repository(told):
    gone = {**a_pull(7), "head": {"sha": HEAD, "ref": "x", "repo": None}}
    assert told("pull_request", {"pull_request": gone}).head_repository is None


def test_a_run_that_ended_names_its_head_and_no_number(told):
    run = told("workflow_run", ended())
    assert (run.kind, run.number, run.head) == (Kind.AFTERWARDS, None, HEAD)
    assert (run.head_repository, run.head_branch) == (FORK, "topic")


@pytest.mark.parametrize("event", ["push", "schedule", "workflow_dispatch", None, 7])
def test_a_run_that_ended_for_no_pull_request_speaks_for_none(told, event):
    assert told("workflow_run", ended(event=event)).kind is Kind.OTHER


def test_a_merge_queue_has_two_sides_and_no_number(told):
    group = {"merge_group": {"head_sha": HEAD, "base_sha": BASE}}
    run = told("merge_group", group)
    assert (run.kind, run.number, run.base) == (Kind.QUEUE, None, BASE)


@pytest.mark.parametrize("name", ["push", "schedule", "issue_comment", "release"])
def test_other_events_have_no_pull_request(told, name):
    assert told(name, opened()).kind is Kind.OTHER


def test_outside_of_a_job_there_is_no_run():
    assert read_run({"CI": "true", "GITHUB_TOKEN": "x"}) is None


HOSTILE = [
    "",
    "not json",
    "[]",
    "null",
    "[" * 100_000,
    '{"pull_request": ' * 2000,
    {"pull_request": None},
    {"pull_request": []},
    opened(number=0),
    opened(number=-7),
    opened(number=True),
    opened(number=7.0),
    opened(number="7"),
    opened(number=10**30),
    opened(head={"sha": "main"}),
    opened(head={"sha": HEAD.upper()}),
    opened(head={"sha": HEAD + "\n"}),
    opened(head={"sha": HEAD[:39]}),
    opened(head={"sha": "--output=/etc/passwd"}),
    opened(head="a"),
    opened(base={"sha": None, "repo": {"full_name": REPOSITORY}}),
    opened(base={"sha": BASE, "repo": {"full_name": "mallory/bot"}}),
    opened(base={"sha": BASE, "repo": None}),
]


@pytest.mark.parametrize("event", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_event_is_refused(told, event):
    with pytest.raises(InputError):
        told("pull_request", event)


HOSTILE_RUNS = [
    ended(head="x"),
    ended(repo=7),
    {"workflow_run": None, "pull_request": a_pull(7)},
    {"workflow_run": []},
    {"workflow_run": {**ended()["workflow_run"], "repository": {"full_name": FORK}}},
    {"workflow_run": {**ended()["workflow_run"], "head_branch": None}},
]


@pytest.mark.parametrize("event", HOSTILE_RUNS, ids=range(len(HOSTILE_RUNS)))
def test_a_hostile_run_is_refused(told, event):
    with pytest.raises(InputError):
        told("workflow_run", event)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
KEYS = st.sampled_from(
    ["pull_request", "number", "head", "base", "sha", "ref", "repo", "full_name"]
)
NEAR = st.recursive(
    st.none() | st.integers() | st.sampled_from([HEAD, BASE, REPOSITORY, "main"]),
    lambda inner: st.dictionaries(KEYS, inner),
)


@given(JSON | NEAR, st.sampled_from(["pull_request", "workflow_run", "merge_group"]))
def test_any_event_is_understood_or_refused(tmp_path_factory, event, name):
    folder = tmp_path_factory.mktemp("event")
    environment = GitHub().environment(folder, name, event)
    try:
        run = read_run(environment)
    except InputError:
        return
    assert run is not None
    assert run.kind is Kind.OTHER or run.head is not None


WRONG = [
    {"GITHUB_REPOSITORY": "bot"},
    {"GITHUB_REPOSITORY": "../bot"},
    {"GITHUB_REPOSITORY": "acme/.."},
    {"GITHUB_REPOSITORY": "acme/bot/../../user"},
    {"GITHUB_REPOSITORY": "acme/bot?x"},
    {"GITHUB_REPOSITORY": "acme/bot\n"},
    {"GITHUB_EVENT_NAME": ""},
    {"GITHUB_EVENT_PATH": "/nowhere"},
    {"GITHUB_EVENT_PATH": "/"},
]


@pytest.mark.parametrize("changed", WRONG, ids=str)
def test_an_environment_that_makes_no_sense_is_refused(told, changed):
    with pytest.raises(InputError):
        told("pull_request", opened(), **changed)


def test_an_event_without_end_is_not_read(told, tmp_path):
    big = tmp_path / "big.json"
    with big.open("wb") as file:
        file.truncate(30 * 2**20)
    with pytest.raises(InputError, match="too long"):
        told("pull_request", opened(), GITHUB_EVENT_PATH=str(big))


# --- GitLab -----------------------------------------------------------------------


def test_a_merge_request_is_named_by_its_job():
    run = read_run(GitLab(origin="https://gitlab.example").environment())
    assert (run.forge, run.kind, run.number) == (Forge.GITLAB, Kind.PULL, 7)
    assert (run.head, run.base, run.repository) == (HEAD, BASE, "12")


def test_a_pipeline_of_a_fork_speaks_of_the_project_that_is_merged_into():
    fork = {"CI_PROJECT_ID": "666", "CI_MERGE_REQUEST_PROJECT_ID": "12"}
    assert read_run(GitLab().environment(**fork)).repository == "12"


def test_a_pipeline_for_a_branch_has_no_merge_request():
    run = read_run(GitLab().environment(CI_MERGE_REQUEST_IID=""))
    assert (run.kind, run.number) == (Kind.OTHER, None)


WRONG_JOBS = [
    {"CI_MERGE_REQUEST_IID": "7/notes"},
    {"CI_MERGE_REQUEST_IID": "-1"},
    {"CI_MERGE_REQUEST_PROJECT_ID": "acme/bot"},
    {"CI_COMMIT_SHA": "HEAD"},
    {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "--all"},
    {"CI_API_V4_URL": ""},
]


@pytest.mark.parametrize("changed", WRONG_JOBS, ids=str)
def test_a_job_that_makes_no_sense_is_refused(changed):
    with pytest.raises(InputError):
        read_run(GitLab(origin="https://x").environment(**changed))


# --- tokens -----------------------------------------------------------------------


def test_a_token_of_our_own_comes_first():
    both = {"GITHUB_TOKEN": "theirs", "DVCINC_GITHUB_TOKEN": "ours"}
    assert read_token(Forge.GITHUB, both).value == "ours"


def test_a_token_does_not_print():
    token = read_token(Forge.GITLAB, {"GITLAB_TOKEN": "glpat-abc"})
    assert "glpat-abc" not in f"{token} {token!r} {[token]}"
    assert token.hidden("see glpat-abc\n::x") == "see *** ::x"


@pytest.mark.parametrize(
    "value", ["a b", "a\nb", "a\x00", "pass\u00e9", "\u201cx\u201d"]
)
def test_a_token_that_no_header_can_hold_is_refused_without_showing_it(value):
    with pytest.raises(InputError) as raised:
        read_token(Forge.GITHUB, {"GITHUB_TOKEN": value})
    assert value not in f"{raised.value} {raised.value.hint}"


# --- GitHub's own examples --------------------------------------------------------

EXAMPLES = os.environ.get("DVCINC_WEBHOOK_EXAMPLES", "")


@pytest.mark.skipif(
    not EXAMPLES,
    reason="no examples of GitHub's events: npm install --prefix ../described "
    "@octokit/webhooks-examples && export DVCINC_WEBHOOK_EXAMPLES="
    "../described/node_modules/@octokit/webhooks-examples/api.github.com/index.json",
)
def test_githubs_own_examples_are_understood(told):
    listed = json.loads(Path(EXAMPLES).read_text(encoding="utf-8"))
    wanted = {"pull_request", "workflow_run", "merge_group", "push"}
    kinds = []
    for entry in listed:
        for example in entry["examples"] if entry["name"] in wanted else []:
            of = example.get("workflow_run", example).get("repository", {})
            name = of.get("full_name", "x/y")
            run = told(entry["name"], example, GITHUB_REPOSITORY=name)
            kinds.append(run.kind)
    assert kinds.count(Kind.PULL) >= 25
    assert Kind.QUEUE in kinds
