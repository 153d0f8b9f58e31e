"""The workflows for pull requests and the action, step by step, at a local forge."""

from __future__ import annotations

import json
import re

import pytest
from e2e.project import ROOT
from forge.conftest import decision
from forge.fakes import FORK, GitHub, ended, opened
from forge.server import serving
from ruamel.yaml import YAML
from ship.expressions import filled
from ship.github import TEMPLATES, Runner, load
from ship.programs import programs
from surfaces.run import BOT, MORE, NEW_INTENT

from dvcinc.render.decision import read_decision
from dvcinc.render.outputs import outputs

DECIDE = TEMPLATES / "github/dvcinc.yml"
COMMENT = TEMPLATES / "github/dvcinc-comment.yml"


@pytest.fixture
def github():
    with serving(GitHub()) as server:
        yield server


@pytest.fixture
def pulled(repo, github, tmp_path):
    """A runner for a pull request that adds files, its merge checked out."""

    def make(files, head_repository="acme/bot", bot=BOT):
        made = repo(bot)
        base = made.commits[0]
        made.git("checkout", "-q", "-b", "topic")
        head = made.commit(files, "topic")
        made.git("checkout", "-q", "main")
        made.commit({"NOTES.md": "meanwhile\n"}, "of somebody else")
        made.git("merge", "-q", "--no-ff", "-m", "merge", "topic")
        made.git("update-ref", "refs/pull/7/merge", "HEAD")
        made.git("reset", "-q", "--hard", "HEAD^1")
        github.pulls[0]["head"] |= {
            "sha": head,
            "repo": {"full_name": head_repository},
            "label": f"{head_repository.partition('/')[0]}:topic",
        }
        event = opened(
            head={
                "sha": head,
                "ref": "topic",
                "repo": {"full_name": head_repository},
            },
            base={"sha": base, "ref": "main", "repo": {"full_name": "acme/bot"}},
        )
        return Runner(
            folder=tmp_path / "runner",
            origin=made.path,
            event=event,
            variables=job(github, "pull_request"),
            token=github.token,
            checkout="refs/pull/7/merge",
            programs=programs(tmp_path / "programs"),
        )

    return make


def job(github, event):
    return {
        "GITHUB_REPOSITORY": "acme/bot",
        "GITHUB_EVENT_NAME": event,
        "GITHUB_API_URL": github.origin,
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_RUN_ID": "42",
    }


def afterwards(runner, github, head=None):
    """The run of dvcinc-comment.yml after a fork's."""
    sha = head or runner.event["pull_request"]["head"]["sha"]
    return Runner(
        folder=runner.folder / "afterwards",
        # Nothing may be checked out.
        origin=runner.folder / "nothing",
        event=ended(sha) | {"workflow_run": ended(sha)["workflow_run"] | CONCLUDED},
        variables=job(github, "workflow_run"),
        token=github.token,
        artifacts=runner.artifacts,
        programs=runner.programs,
    )


CONCLUDED = {"conclusion": "success", "id": 4711}


# --- of the same repository -------------------------------------------------------


def test_a_pull_request_gets_comment_label_outputs_and_summary(pulled, github):
    runner = pulled(NEW_INTENT)
    ran = runner.workflow(DECIDE)["decide"]
    assert ran.ok, ran.log
    assert "Training mode: scratch" in github.comments[0]["body"]
    assert github.on == ["training: scratch"]
    assert ran.outputs == {"mode": "scratch", "should-train": "true"}
    assert "Training mode: scratch" in (runner.folder / "summary.md").read_text()
    assert "::warning file=data/more.yml,line=" in ran.log
    assert runner.artifacts == {}


def test_a_second_run_leaves_the_comment_alone(pulled, github):
    runner = pulled(MORE)
    assert runner.workflow(DECIDE)["decide"].ok
    assert runner.workflow(DECIDE)["decide"].ok
    assert len(github.comments) == 1
    assert github.asked("PATCH /repos/acme/bot/issues/comments") == []


def test_what_trains_nothing_is_not_commented_on(pulled, github):
    ran = pulled({"README.md": "words\n"}).workflow(DECIDE)["decide"]
    assert (ran.ok, github.comments) == (True, [])
    assert ran.outputs == {"mode": "none", "should-train": "false"}


@pytest.mark.e2e
def test_the_action_installs_itself_and_runs_no_module_of_the_checkout(pulled, github):
    traps = ("venv.py", "pip.py", "site.py", "json.py", "dvcinc.py", "click.py")
    runner = pulled({**MORE, **dict.fromkeys(traps, "raise SystemExit(77)\n")})
    runner.programs = None
    ran = runner.workflow(DECIDE)["decide"]
    assert ran.ok, ran.log
    assert "Training mode: finetune" in github.comments[0]["body"]
    packages = {path.name for path in runner.folder.glob("*/*/lib/*/site-packages/*")}
    assert "dvcinc" in packages
    assert not packages & {"dvc", "numpy", "tensorflow"}


def test_each_version_that_is_asked_for_is_installed_once(pulled, tmp_path):
    flow = load(DECIDE)
    checkout, action, _ = flow["jobs"]["decide"]["steps"]
    asked = ["0.1.0", "", "0.2.0", "0.1.0", ""]
    flow["jobs"]["decide"]["steps"] = [
        checkout,
        *({**action, "with": {"version": v, "comment": "false"}} for v in asked),
    ]
    YAML().dump(flow, tmp_path / "versions.yml")
    ran = pulled(MORE).workflow(tmp_path / "versions.yml")["decide"]
    assert ran.ok, ran.log
    installed = re.findall(r"pip install .* dvcinc\[comment\](.*)", ran.log)
    assert installed == ["==0.1.0", f" @ file://{ROOT}", "==0.2.0"]


def test_all_that_dvcinc_hands_on_is_an_output_of_the_action():
    found = outputs(read_decision(json.dumps(decision()).encode()))
    declared = load(ROOT / "action.yml")["outputs"]
    assert {*found} == {*declared} - {"decisions"}
    for name, said in declared.items():
        if name in found:
            assert said["value"] == f"${{{{ steps.tell.outputs.{name} }}}}"


def test_another_base_is_another_decision():
    assert "edited" in load(DECIDE)["on"]["pull_request"]["types"]


def test_the_token_stands_in_no_log(pulled, github):
    runner = pulled(NEW_INTENT)
    github.trouble(".*", lambda handler: handler.send_error(403))
    ran = runner.workflow(DECIDE)["decide"]
    assert ran.ok
    assert "not posted" in ran.log
    assert github.token not in ran.log


def test_names_of_projects_are_only_text(pulled, tmp_path):
    """Projects stand in a workflow; a script still takes them for no commands."""
    odd = "bots/$(touch hacked); `touch hacked` \"'"
    runner = pulled(
        {f"{odd}/{name}": text for name, text in MORE.items()},
        bot={f"{odd}/{name}": text for name, text in BOT.items()},
    )
    flow = DECIDE.read_text().replace("            .\n", f"            {odd}\n")
    (tmp_path / "odd.yml").write_text(flow)
    ran = runner.workflow(tmp_path / "odd.yml")["decide"]
    assert ran.outputs["mode"] == "finetune", ran.log
    assert not [*runner.folder.rglob("hacked")]


def test_several_projects_have_a_comment_each_and_the_dearest_label(
    pulled, github, tmp_path
):
    bots = {f"{d}/{n}": t for d in ("one", "two") for n, t in BOT.items()}
    more = {
        **{f"one/{n}": t for n, t in MORE.items()},
        **{f"two/{n}": t for n, t in NEW_INTENT.items()},
    }
    flow = DECIDE.read_text().replace(
        "            .\n", "            one\n            two\n"
    )
    (tmp_path / "two.yml").write_text(flow)
    ran = pulled(more, bot=bots).workflow(tmp_path / "two.yml")["decide"]
    assert ran.outputs["mode"] == "scratch", ran.log
    assert len(github.comments) == 2
    assert github.on == ["training: scratch"]


# --- from forks -------------------------------------------------------------------


def test_a_forks_run_posts_nothing_and_leaves_its_decision(pulled, github):
    runner = pulled(NEW_INTENT, head_repository=FORK)
    ran = runner.workflow(DECIDE)["decide"]
    assert ran.ok, ran.log
    assert github.requests == []
    assert "Training mode: scratch" in (runner.folder / "summary.md").read_text()
    (file,) = runner.artifacts["dvcinc-decisions"].iterdir()
    assert json.loads(file.read_text())["mode"] == "scratch"


def test_the_second_workflow_posts_a_forks_decision(pulled, github):
    runner = pulled(NEW_INTENT, head_repository=FORK)
    runner.workflow(DECIDE)
    ran = afterwards(runner, github).workflow(COMMENT)["comment"]
    assert ran.ok, ran.log
    assert "Training mode: scratch" in github.comments[0]["body"]
    assert github.on == ["training: scratch"]


def test_the_second_workflow_does_nothing_for_pull_requests_of_our_own(pulled, github):
    runner = pulled(NEW_INTENT)
    runner.workflow(DECIDE)
    after = afterwards(runner, github)
    after.event["workflow_run"]["head_repository"]["full_name"] = "ACME/Bot"
    assert after.workflow(COMMENT) == {}


@pytest.mark.parametrize("event", ["push", "workflow_dispatch", "schedule"])
def test_the_second_workflow_does_nothing_for_other_events(pulled, github, event):
    runner = pulled(NEW_INTENT, head_repository=FORK)
    runner.workflow(DECIDE)
    after = afterwards(runner, github)
    after.event["workflow_run"]["event"] = event
    assert after.workflow(COMMENT) == {}


def test_pull_requests_of_one_branch_of_a_fork_do_not_stop_each_other():
    """Each has a run of dvcinc.yml, whose name the event of its end hands on."""
    name, group = load(DECIDE)["run-name"], load(COMMENT)["concurrency"]["group"]

    def group_of(number, repository=FORK):
        event = {"pull_request": {"number": number}}
        run = {
            "head_repository": {"full_name": repository},
            "head_branch": "topic",
            "display_title": filled(name, {"github": {"event": event}}),
        }
        return filled(group, {"github": {"event": {"workflow_run": run}}})

    assert group_of(7) == group_of(7)
    assert group_of(7) != group_of(8)
    # A fork may give its runs any name.
    assert group_of(7) != group_of(7, "other/bot")


def test_a_decision_for_another_head_is_posted_nowhere(pulled, github):
    runner = pulled(NEW_INTENT, head_repository=FORK)
    runner.workflow(DECIDE)
    afterwards(runner, github, head="e" * 40).workflow(COMMENT)
    assert github.comments == []


def test_a_forged_artifact_is_refused(pulled, github, tmp_path):
    runner = pulled(NEW_INTENT, head_repository=FORK)
    forged = tmp_path / "forged"
    forged.mkdir()
    (forged / "1.json").write_text(json.dumps({**decision(), "more": "x"}))
    runner.artifacts["dvcinc-decisions"] = forged
    ran = afterwards(runner, github).workflow(COMMENT)["comment"]
    assert not ran.ok
    assert github.comments == []


def test_links_in_an_artifact_are_not_followed(pulled, github, tmp_path):
    runner = pulled(NEW_INTENT, head_repository=FORK)
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps(decision()))
    forged = tmp_path / "forged"
    forged.mkdir()
    (forged / "1.json").symlink_to(secret)
    runner.artifacts["dvcinc-decisions"] = forged
    ran = afterwards(runner, github).workflow(COMMENT)["comment"]
    assert github.comments == []
    assert not ran.ok


def test_nothing_of_an_artifact_is_run(pulled, github):
    runner = pulled(MORE, head_repository=FORK)
    runner.workflow(DECIDE)
    kept = runner.artifacts["dvcinc-decisions"]
    for name in ("venv.py", "pip.py", "sitecustomize.py", "pip.conf", "dvcinc"):
        (kept / name).write_text("raise SystemExit(77)\n")
        (kept / name).chmod(0o700)
    ran = afterwards(runner, github).workflow(COMMENT)["comment"]
    assert ran.ok, ran.log
    assert len(github.comments) == 1
