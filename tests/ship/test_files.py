"""Workflows, action and template as the forges and their checkers read them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from e2e.project import ROOT
from jsonschema import Draft7Validator
from ship import gitlab
from ship.github import TEMPLATES, load

from dvcinc.adopt.source import FORM, read_source
from dvcinc.adopt.workflows import Host, template

BIN = Path(sys.executable).parent
ACTION = ROOT / "action.yml"
WORKFLOWS = sorted((TEMPLATES / "github").glob("*.yml"))
GITHUB = [ACTION, *WORKFLOWS]
IDS = [path.name for path in GITHUB]
PIN = re.compile(r"uses: (\S+)@(\S+)(?: # (.*))?")
# A workflow_run without which no fork could be answered; releases of dvcinc's own.
MEANT = {"dangerous-triggers": 1, "unpinned-uses": 2}


def scripts() -> Iterator[tuple[str, str]]:
    """Every script, with the name of its file and step."""
    for path in WORKFLOWS:
        for job in load(path)["jobs"].values():
            for step in job["steps"]:
                if "run" in step:
                    yield f"{path.name}: {step['name']}", step["run"]
    for step in load(ACTION)["runs"]["steps"]:
        yield f"action.yml: {step['name']}", step["run"]
    for path in (gitlab.COMMENT, gitlab.TRAIN):
        for name, job in gitlab.jobs(path).items():
            yield f"GitLab: {name}", "\n".join(job["script"])


SCRIPTS = dict(scripts())


def _zizmor(*options: str, files: list[Path] = GITHUB) -> tuple[int, list[dict]]:
    done = subprocess.run(
        [BIN / "zizmor", "--offline", "--format=json", *options, *files],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


# --- zizmor -----------------------------------------------------------------------


@pytest.mark.parametrize("persona", ["regular", "pedantic"])
def test_zizmor_finds_nothing(persona):
    assert _zizmor(f"--persona={persona}") == (0, [])


def test_no_more_is_ignored_than_is_meant():
    _, found = _zizmor("--no-ignores")
    idents = [one["ident"] for one in found]
    assert {ident: idents.count(ident) for ident in idents} == MEANT


@pytest.mark.parametrize(
    ("ref", "unpinned"), [("v0.1.0", 2), ("0123456789abcdef" * 2 + "01234567", 0)]
)
def test_what_init_writes_is_as_clean_and_a_commit_needs_no_exception(
    tmp_path, ref, unpinned
):
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    for path in WORKFLOWS:
        said = template(Host.GITHUB, path.name, read_source(f"ada/dvcinc@{ref}"))
        (folder / path.name).write_text(said, encoding="utf-8")
    files = sorted(folder.iterdir())
    assert _zizmor("--persona=pedantic", files=files) == (0, [])
    _, found = _zizmor("--no-ignores", files=files)
    assert [one["ident"] for one in found].count("unpinned-uses") == unpinned


# --- schemas ----------------------------------------------------------------------


def _errors(name: str, document: object) -> list[str]:
    vendored = resources.files("check_jsonschema") / "builtin_schemas/vendor"
    schema = json.loads((vendored / f"{name}.json").read_text(encoding="utf-8"))
    found = Draft7Validator(schema).iter_errors(json.loads(json.dumps(document)))
    return [f"{error.json_path}: {error.message}" for error in found]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_one_to_githubs_schema(path):
    assert _errors("github-workflows", load(path)) == []


def test_the_action_is_one_to_githubs_schema():
    assert _errors("github-actions", load(ACTION)) == []


@pytest.mark.parametrize("path", [gitlab.COMMENT, gitlab.TRAIN], ids=lambda p: p.name)
def test_a_template_is_one_to_gitlabs_schema(path):
    head, _ = gitlab.parts(path)
    assert _errors("gitlab-ci", head) == []
    assert _errors("gitlab-ci", gitlab.load(path)) == []
    assert _errors("gitlab-ci", gitlab.load(path, tags=["a"])) == []


# --- scripts ----------------------------------------------------------------------


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_shellcheck_finds_nothing_in_a_script(script):
    for command in (["bash", "-n"], [BIN / "shellcheck", "--shell=bash", "-"]):
        done = subprocess.run(
            command,
            input=f"set -eo pipefail\n{script}",  # as both runners do
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_a_script_holds_no_expression(script):
    """What comes from outside reaches it through the environment alone."""
    assert "${{" not in script
    assert "$[[" not in script


# --- pins and permissions ---------------------------------------------------------


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_of_others_are_pinned_by_commit_and_say_their_version(path):
    for action, at, comment in PIN.findall(path.read_text(encoding="utf-8")):
        if action == "OWNER/REPO":
            assert at == "COMMIT"  # `dvcinc init` fills it in
            continue
        assert re.fullmatch("[0-9a-f]{40}", at), action
        assert re.fullmatch(r"v\d+\.\d+\.\d+", comment), action


def test_an_action_is_of_one_version_everywhere():
    found = {pin[:2] for path in GITHUB for pin in PIN.findall(path.read_text("utf-8"))}
    assert len({action for action, _ in found}) == len(found)


def test_what_is_installed_is_left_open_in_one_form():
    said = read_source(FORM).requirement
    train = load(TEMPLATES / "github/dvcinc-train.yml")
    assert train["env"]["DVCINC"] == said
    for path in (gitlab.COMMENT, gitlab.TRAIN):
        for job in gitlab.jobs(path).values():
            assert job["variables"]["DVCINC"] == said


def test_each_job_may_do_what_it_has_to_and_no_more():
    found = {}
    for path in WORKFLOWS:
        flow = load(path)
        assert flow["permissions"] == {}
        for name, job in flow["jobs"].items():
            found[f"{path.stem}: {name}"] = job["permissions"]
    assert found == {
        "dvcinc: decide": {"contents": "read", "pull-requests": "write"},
        "dvcinc-comment: comment": {
            "actions": "read",
            "contents": "read",
            "pull-requests": "write",
        },
        "dvcinc-train: decide": {"contents": "read"},
        "dvcinc-train: train": {"contents": "read"},
        "dvcinc-train: commit": {"contents": "write"},
    }


def test_the_workflow_for_forks_checks_nothing_out():
    text = (TEMPLATES / "github/dvcinc-comment.yml").read_text(encoding="utf-8")
    assert "checkout@" not in text


def test_the_second_workflow_waits_for_the_first_by_its_name():
    first, second = (
        load(TEMPLATES / f"github/{name}.yml") for name in ("dvcinc", "dvcinc-comment")
    )
    assert second["on"]["workflow_run"]["workflows"] == [first["name"]]
