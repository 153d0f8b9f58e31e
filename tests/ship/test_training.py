"""dvcinc-train.yml: a push is trained once, on the right runner, without a loop."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from e2e.project import NEW_INTENT, TRAINING, Project, create, nlu
from ruamel.yaml import YAML
from ship.expressions import evaluate
from ship.github import TEMPLATES, Runner, load
from ship.programs import programs

pytestmark = pytest.mark.train

TRAIN = TEMPLATES / "github/dvcinc-train.yml"
RUNNERS = {"DVCINC_SCRATCH_RUNNER": "big", "DVCINC_RUNNER": "small"}
COMMITTED = {
    "dvc.lock",
    "lineage.json",
    "metrics.json",
    "plan/plan.json",
    "reports/finetune.json",
    "reports/train.json",
    "reports/verify.json",
}


class Forge:
    """A repository that people push to, and a runner for each push."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bare = folder / "bot.git"
        self.runs = 0

    def push(self, project: Project) -> None:
        project.git("push", "-q", f"file://{self.bare}", "HEAD:main")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(self.bare), *arguments],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def runner(self, event: str = "push", of: str = "main", **more) -> Runner:
        self.runs += 1
        return Runner(
            folder=self.folder / f"run-{self.runs}",
            origin=self.bare,
            event={},
            variables={
                "GITHUB_REPOSITORY": "acme/bot",
                "GITHUB_REF": "refs/heads/main",
                "GITHUB_EVENT_NAME": event,
                "GITHUB_SHA": self.git("rev-parse", of),
            },
            repository_variables=RUNNERS,
            programs=programs(self.folder / f"programs-{self.runs}"),
            **more,
        )

    def work(self) -> Project:
        """A clone of somebody's."""
        path = self.folder / f"clone-{self.runs}"
        self.git("worktree", "prune")
        subprocess.run(["git", "clone", "-q", str(self.bare), str(path)], check=True)
        return Project(path)


def trainings(log: str) -> list[str]:
    return TRAINING.findall(log)


def written(forge: Forge, commit: str = "main") -> set[str]:
    said = forge.git("diff-tree", "--no-commit-id", "--name-only", "-r", commit)
    return {*said.splitlines()}


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """The very first push, and what its run did."""
    folder = tmp_path_factory.mktemp("forge")
    project = create(folder / "ada")
    remote = folder / "remote"
    project.run("dvc", "remote", "add", "-q", "-d", "store", str(remote))
    project.commit("remote")
    project.run(
        "git", "clone", "-q", "--bare", str(project.path), str(folder / "bot.git")
    )
    forge = Forge(folder)
    runner = forge.runner()
    return forge, runner.workflow(TRAIN), runner


@pytest.fixture
def forge(first, tmp_path):
    """After the first run; each test pushes to a copy."""
    kept, _, _ = first
    made = Forge(tmp_path)
    subprocess.run(
        ["git", "clone", "-q", "--bare", str(kept.bare), str(made.bare)], check=True
    )
    return made


# --- the first push ---------------------------------------------------------------


def test_the_first_push_is_trained_on_the_runner_for_that(first):
    _, ran, _ = first
    assert ran["decide"].outputs == {"mode": "scratch"}
    assert ran["train"].ok, ran["train"].log
    assert ran["train"].runs_on == "big"
    assert trainings(ran["train"].log) == ["training"]


def test_what_repro_writes_is_committed_and_nothing_else(first):
    forge, _, _ = first
    ignoring = {f"{folder}/.gitignore" for folder in ("models", "plan", "plots")}
    assert written(forge) == COMMITTED | ignoring
    assert forge.git("log", "-1", "--format=%an", "main") == "github-actions[bot]"


def test_only_what_is_asked_for_is_installed(first):
    _, ran, _ = first
    at = "git+https://github.com/OWNER/REPO@COMMIT"
    assert f"pip install --quiet dvcinc @ {at}\n" in ran["decide"].log
    assert f"pip install --quiet dvcinc[train] @ {at} dvc[]\n" in ran["train"].log


def test_the_token_is_in_no_log_and_no_setting(first):
    _, ran, runner = first
    assert all(runner.token not in one.log for one in ran.values())
    for config in runner.folder.glob("work-*/.git/config"):
        assert runner.token not in config.read_text()


# --- no loop ----------------------------------------------------------------------


def test_the_commit_tells_what_it_was_trained_from_and_lets_checks_run(first):
    forge, _, _ = first
    said = forge.git("log", "-1", "--format=%B", "main")
    assert said == f"Train (scratch)\n\nTrained-From: {forge.git('rev-parse', 'main^')}"


def test_by_hand_a_run_for_the_commit_would_train_nothing(forge):
    ran = forge.runner("workflow_dispatch").workflow(TRAIN)
    assert ran["decide"].outputs == {"mode": "none"}
    assert [*ran] == ["decide"]


def test_even_the_job_that_trains_would_commit_nothing(forge, always):
    before = forge.git("rev-parse", "main")
    ran = forge.runner().workflow(always)
    assert ran["train"].ok, ran["train"].log
    assert trainings(ran["train"].log) == []
    assert "nothing to commit" in ran["commit"].log
    assert forge.git("rev-parse", "main") == before


@pytest.fixture
def always(tmp_path):
    """The workflow, but it trains whatever has been decided."""
    flow = TRAIN.read_text().replace("outputs.mode != 'none'", "outputs.mode")
    (tmp_path / "always.yml").write_text(flow)
    return tmp_path / "always.yml"


@pytest.mark.parametrize(
    ("event", "of", "trained_from", "wanted"),
    [
        ("push", "main", "HEAD", "none"),
        # By hand, there is no loop.
        ("workflow_dispatch", "main", "HEAD", "scratch"),
        # It was put on top of what somebody pushed meanwhile, which is not trained yet.
        ("push", "main", "HEAD^", "scratch"),
        # Of what it lies on, or of what has come since, there may be no other run.
        ("push", "main^", "HEAD", "scratch"),
        ("push", "main", None, "scratch"),
    ],
)
def test_a_push_of_its_own_is_never_trained_again_whatever_it_lacks(
    forge, event, of, trained_from, wanted
):
    """So there is no loop, whatever token pushes, and whatever never settles."""
    ada = forge.work()
    ada.write("data/nlu/n.yml", nlu({"pay": NEW_INTENT}))
    ada.commit("an intent")
    from_ = (
        [f"Trained-From: {ada.git('rev-parse', trained_from)}"] if trained_from else []
    )
    words = [word for said in ("Train (scratch)", *from_) for word in ("-m", said)]
    ada.git("commit", "-q", "--allow-empty", *words)
    forge.push(ada)
    flow = load(TRAIN)
    del flow["jobs"]["train"], flow["jobs"]["commit"]
    path = forge.folder / "decide.yml"
    YAML().dump(flow, path)
    ran = forge.runner(event, of).workflow(path)
    assert ran["decide"].outputs == {"mode": wanted}, ran["decide"].log


# --- what a training may hand over ------------------------------------------------


def test_only_what_repro_writes_is_committed(forge, always):
    runner = forge.runner()

    def change():
        work = Project(runner.folder / "work-2")
        work.write("metrics.json", "{}\n")
        work.write(".github/workflows/evil.yml", "on: push\n")
        work.write("data/nlu/evil.yml", "nlu: []\n")
        work.git("add", ".github", "data")

    before = forge.git("rev-parse", "main")
    runner.before = {"Hand over": change}
    ran = runner.workflow(always)["commit"]
    assert ran.ok, ran.log
    assert forge.git("rev-parse", "main^") == before
    assert written(forge) == {"metrics.json"}


def test_a_commit_on_top_of_one_of_its_own_is_not_pushed(forge, always):
    runner = forge.runner()

    def forged():
        work = Project(runner.folder / "work-2")
        work.git("reset", "-q", "--hard", "HEAD^")
        work.write("data/nlu/evil.yml", "nlu: []\n")
        work.commit("evil")
        work.write("metrics.json", "{}\n")
        work.commit("Trained")
        bundle = runner.folder / "temp-3/dvcinc-trained/commit.bundle"
        work.git("bundle", "create", "-q", str(bundle), "HEAD^^..HEAD")

    before = forge.git("rev-parse", "main")
    runner.before = {"Commit": forged}
    ran = runner.workflow(always)["commit"]
    assert ran.ok, ran.log
    assert "not committed: the branch is another one by now" in ran.log
    assert forge.git("rev-parse", "main") == before


def test_nothing_that_trains_is_told_the_token():
    """Nor could it change what the token is told to: that is another machine."""
    flow = load(TRAIN)
    told = {
        name: "TOKEN" in json.dumps(job) or "github.token" in json.dumps(job)
        for name, job in flow["jobs"].items()
    }
    assert told == {"decide": False, "train": False, "commit": True}
    assert "dvc repro --pull" not in json.dumps(flow["jobs"]["commit"])


@pytest.mark.parametrize(
    ("secrets", "wanted"),
    [({}, "s3cr3t"), ({"DVCINC_PUSH_TOKEN": "of-an-app"}, "of-an-app")],
)
def test_a_token_that_starts_checks_comes_before_the_jobs_own(secrets, wanted):
    (step,) = [step for step in load(TRAIN)["jobs"]["commit"]["steps"] if "env" in step]
    told = {"secrets": secrets, "github": {"token": "s3cr3t"}}
    assert evaluate(step["env"]["TOKEN"], told) == wanted


# --- pushes after that ------------------------------------------------------------


def test_more_examples_are_learned_from_the_base_of_the_remote(forge):
    ada = forge.work()
    ada.add_examples("greet", "howdy partner", "howdy", "greetings friend")
    ada.commit("howdy")
    forge.push(ada)
    ran = forge.runner().workflow(TRAIN)
    assert ran["decide"].outputs == {"mode": "finetune"}
    assert ran["train"].runs_on == "small"
    assert trainings(ran["train"].log) == ["learning"], ran["train"].log
    assert "reports/train.json" not in written(forge)
    assert forge.runner().workflow(TRAIN)["decide"].outputs == {"mode": "none"}


def test_what_trains_nothing_starts_no_training(forge):
    ada = forge.work()
    ada.write("README.md", "words\n")
    ada.commit("words")
    forge.push(ada)
    assert forge.runner().workflow(TRAIN)["decide"].outputs == {"mode": "none"}


def test_other_tests_are_run_again_and_nothing_is_trained(forge):
    ada = forge.work()
    ada.write("data/test/more.yml", nlu({"greet": ["hello you"]}))
    ada.commit("a test")
    forge.push(ada)
    ran = forge.runner().workflow(TRAIN)
    assert ran["decide"].outputs == {"mode": "refresh"}
    assert ran["train"].ok, ran["train"].log
    assert trainings(ran["train"].log) == []
    assert written(forge) == {"dvc.lock", "lineage.json", "metrics.json"}
    assert forge.runner().workflow(TRAIN)["decide"].outputs == {"mode": "none"}


def test_data_that_cannot_be_read_fail_the_run(forge):
    ada = forge.work()
    ada.write("data/nlu/slip.yml", "nlu:\n- intent: [\n")
    ada.commit("a slip")
    forge.push(ada)
    ran = forge.runner().workflow(TRAIN)
    assert not ran["decide"].ok
    assert "data/nlu/slip.yml" in ran["decide"].log


# --- while it trains --------------------------------------------------------------


def _meanwhile(forge, change):
    """Somebody pushes before the run commits."""

    def push():
        other = forge.work()
        change(other)
        other.commit("meanwhile")
        forge.push(other)

    ada = forge.work()
    ada.add_examples("greet", "howdy partner", "howdy")
    ada.commit("howdy")
    forge.push(ada)
    runner = forge.runner(before={"Commit": push})
    return runner.workflow(TRAIN)["commit"]


def test_what_is_trained_goes_on_top_of_what_was_pushed_meanwhile(forge):
    ran = _meanwhile(
        forge, lambda other: other.write("data/nlu/n.yml", nlu({"pay": NEW_INTENT}))
    )
    assert ran.ok, ran.log
    subjects = forge.git("log", "-3", "--format=%s", "main").splitlines()
    assert subjects == ["Train (finetune)", "meanwhile", "howdy"]
    # The run of the push in between has all the rest to do.
    assert forge.runner().workflow(TRAIN)["decide"].outputs == {"mode": "scratch"}


def test_a_model_that_was_pushed_meanwhile_is_left_alone(forge):
    ran = _meanwhile(forge, lambda other: other.write("lineage.json", "{}\n"))
    assert ran.ok, ran.log
    assert "::warning title=dvcinc::not committed" in ran.log
    assert forge.git("log", "-1", "--format=%s", "main") == "meanwhile"
