"""dvcinc's hooks as the real pre-commit builds and runs them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pages
import pytest
from corpora import nlu_yaml
from e2e.precommit import PreCommit, create
from repositories import Repository
from surfaces.hooking import planned, repro
from surfaces.run import BOT, dvcinc

pytestmark = pytest.mark.e2e

MORE = {"data/more.yml": nlu_yaml("greet: good day | hey")}
NEW = {"data/new.yml": nlu_yaml("order: a coffee | a tea please")}
STOPPED = "dvcinc: this commit needs training from scratch, not done yet\n"
SCRATCH = {"DVCINC_TRAINING_MODE": "scratch"}
HEAVY = {"dvc", "tensorflow", "numpy", "scipy", "pandas", "requests"}
MOST_MB = 60


@pytest.fixture(scope="session")
def pre_commit(tmp_path_factory) -> PreCommit:
    """Hooks that are built once; every repository of these tests takes them."""
    made = create(tmp_path_factory.mktemp("pre-commit"))
    first = Repository(tmp_path_factory.mktemp("first"))
    first.git("init", "-q")
    (first.path / ".pre-commit-config.yaml").write_text(made.config("dvcinc-check"))
    done = made.run(first.path, "install-hooks")
    assert done.returncode == 0, done.stdout + done.stderr
    return made


@pytest.fixture
def bot(repo, pre_commit):
    return pre_commit.installed(repo(BOT), "dvcinc-check")


@pytest.fixture
def commit(pre_commit):
    """Commits; whether that was done, and what was said."""

    def run(made, *arguments: str, **more: str) -> tuple[bool, str]:
        done = pre_commit.git(made.path, "commit", "-m", "change", *arguments, **more)
        return done.returncode == 0, done.stderr + done.stdout

    return run


def stage(made, files):
    made.write(files)
    made.git("add", "--all")


# --- what is built ----------------------------------------------------------------


def test_the_environment_is_small_and_holds_nothing_that_trains(pre_commit):
    built = pre_commit.built()
    files = [p for p in built.rglob("*") if p.is_file() and not p.is_symlink()]
    assert sum(p.stat().st_size for p in files) < MOST_MB * 1_000_000
    listed = subprocess.run(
        [built / "bin/python", "-m", "pip", "list", "--format=freeze"],
        capture_output=True,
        text=True,
        check=True,
    )
    names = {line.partition("==")[0].lower() for line in listed.stdout.split()}
    assert "dvcinc" in {re.split("[ @]", name)[0] for name in names}
    assert names.isdisjoint(HEAVY)


def test_a_hook_can_be_tried_without_being_installed(repo, pre_commit):
    bot = repo(BOT)
    stage(bot, NEW)
    done = pre_commit.run(
        bot.path, "try-repo", str(pre_commit.product.path), "dvcinc-check"
    )
    assert done.returncode == 1
    assert "hook id: dvcinc-check" in done.stdout
    assert STOPPED in done.stdout


def test_the_manifest_is_valid(pre_commit):
    manifest = pre_commit.product.path / ".pre-commit-hooks.yaml"
    done = pre_commit.run(pre_commit.product.path, "validate-manifest", str(manifest))
    assert done.returncode == 0, done.stdout


# --- commits ----------------------------------------------------------------------


def test_a_commit_that_needs_scratch_is_stopped_with_file_and_line(bot, commit):
    stage(bot, NEW)
    made, said = commit(bot)
    assert not made
    assert STOPPED in said
    assert "new: data/new.yml:5, data/new.yml:6" in said


@pytest.mark.parametrize("files", [MORE, {"README.md": "x"}])
def test_a_commit_that_does_not_is_made(bot, commit, files):
    stage(bot, files)
    made, said = commit(bot)
    assert made, said
    assert "Passed" in said


@pytest.mark.parametrize("how", [["-a"], ["data/nlu.yml"], ["-i", "data/nlu.yml"]])
def test_what_a_commit_takes_along_is_judged(bot, commit, how):
    bot.write({"data/nlu.yml": nlu_yaml("greet: hi | hello")})
    made, said = commit(bot, *how)
    assert not made
    assert "intent bye is gone" in said


@pytest.mark.parametrize("how", [["-a"], ["data/nlu.yml"]])
def test_what_a_commit_takes_along_may_be_fine(bot, commit, how):
    bot.write(
        {"data/nlu.yml": nlu_yaml("greet: hi | hello | hey\nbye: ciao | so long")}
    )
    made, said = commit(bot, *how)
    assert made, said


def test_of_a_file_that_is_staged_in_part_that_part_is_judged(bot, commit):
    grown = "greet: hi | hello | hey\nbye: ciao | so long"
    stage(bot, {"data/nlu.yml": nlu_yaml(grown)})
    bot.write({"data/nlu.yml": nlu_yaml(f"{grown}\norder: a coffee | a tea")})
    made, said = commit(bot)
    assert made, said
    assert "order" in (bot.path / "data/nlu.yml").read_text()
    made, said = commit(bot, "-a")
    assert not made
    assert "intent order is new" in said


def test_what_only_the_work_tree_breaks_does_not_count(bot, commit):
    stage(bot, MORE)
    bot.write({"data/more.yml": "nlu: ["})
    assert commit(bot)[0]


def test_a_deleted_file_is_judged(repo, pre_commit, commit):
    bot = pre_commit.installed(repo({**BOT, **NEW}), "dvcinc-check")
    bot.git("rm", "-q", *NEW)
    made, said = commit(bot)
    assert not made
    assert "intent order is gone" in said


def test_on_an_unborn_branch_nothing_is_compared(repo, pre_commit, commit):
    bot = repo()
    bot.write({**BOT, ".pre-commit-config.yaml": pre_commit.config("dvcinc-check")})
    assert pre_commit.run(bot.path, "install").returncode == 0
    bot.git("add", "--all")
    made, said = commit(bot)
    assert made, said


def test_data_that_cannot_be_read_are_stopped_and_mended(bot, commit):
    stage(bot, {"data/new.yml": "nlu: [\n"})
    made, said = commit(bot)
    assert not made
    assert "data/new.yml:2:1: not YAML" in said
    assert commit(bot, "--no-verify")[0]
    stage(bot, NEW)
    assert commit(bot)[0]


def test_an_amended_commit_is_judged_by_what_it_adds(bot, commit):
    stage(bot, NEW)
    assert commit(bot, **SCRATCH)[0]
    stage(bot, MORE)
    made, said = commit(bot, "--amend")
    assert made, said
    stage(bot, {"data/newer.yml": nlu_yaml("pay: the bill | let me pay")})
    assert not commit(bot, "--amend")[0]


def test_what_is_staged_with_its_training_passes(repo, pre_commit, commit):
    bot = planned(repo)
    pre_commit.installed(bot, "dvcinc-check")
    bot.write(NEW)
    bot.git("add", *NEW)
    made, said = commit(bot)
    assert not made, said
    repro(bot)
    bot.git("add", "--all")
    made, said = commit(bot)
    assert made, said


def forked(repo, pre_commit):
    """`other` adds an intent, `main` a few examples."""
    bot = pre_commit.installed(repo(BOT), "dvcinc-check")
    pre_commit.git(bot.path, "checkout", "-q", "-b", "other")
    stage(bot, NEW)
    pre_commit.git(bot.path, "commit", "-q", "--no-verify", "-m", "intent")
    pre_commit.git(bot.path, "checkout", "-q", "main")
    stage(bot, MORE)
    pre_commit.git(bot.path, "commit", "-q", "--no-verify", "-m", "examples")
    return bot


@pytest.mark.parametrize("how", [[], ["--no-commit"]])
def test_a_merge_that_brings_what_was_granted_passes(repo, pre_commit, commit, how):
    bot = forked(repo, pre_commit)
    done = pre_commit.git(bot.path, "merge", "--no-edit", *how, "other")
    assert done.returncode == 0, done.stderr
    if how:
        made, said = commit(bot)
        assert made, said
    assert len(bot.git("show", "-s", "--format=%P").split()) == 2


def test_a_merge_of_two_intents_is_stopped(repo, pre_commit):
    bot = forked(repo, pre_commit)
    stage(bot, {"data/newer.yml": nlu_yaml("pay: the bill | let me pay")})
    pre_commit.git(bot.path, "commit", "-q", "--no-verify", "-m", "intent")
    done = pre_commit.git(bot.path, "merge", "--no-edit", "other")
    assert done.returncode != 0
    assert STOPPED in done.stderr + done.stdout


# --- the other hooks --------------------------------------------------------------


def test_warn_is_heard_though_it_passes(repo, pre_commit, commit):
    bot = pre_commit.installed(repo(BOT), "dvcinc-warn")
    stage(bot, NEW)
    made, said = commit(bot)
    assert made
    assert STOPPED in said


def test_a_trailer_is_an_answer(repo, pre_commit, commit):
    bot = pre_commit.installed(repo(BOT), "dvcinc-commit-msg")
    stage(bot, NEW)
    made, said = commit(bot)
    assert not made
    assert STOPPED in said
    made, said = commit(bot, "-m", "Training-Mode: full")
    assert not made
    assert "say one of none, refresh, finetune, scratch" in said
    assert commit(bot, "-m", "Signed-off-by: Ada\nTraining-Mode: scratch")[0]


def test_the_trailer_is_written_and_others_survive(repo, pre_commit, commit):
    bot = pre_commit.installed(repo(BOT), "dvcinc-prepare-commit-msg")
    stage(bot, MORE)
    assert commit(bot, "-m", "Signed-off-by: Ada <a@b>")[0]
    message = bot.git("log", "-1", "--format=%B")
    assert message == ("change\n\nSigned-off-by: Ada <a@b>\nTraining-Mode: finetune")
    done = pre_commit.git(bot.path, "commit", "-q", "--amend", "-C", "HEAD~2")
    assert done.returncode == 0, done.stderr
    assert bot.git("log", "-1", "--format=%B") == "commit 1"


@pytest.fixture
def pushing(repo, pre_commit, tmp_path):
    """A bot whose pushes pre-commit runs hooks for; its remote has no usual branch."""

    def make(*hooks: str) -> Repository:
        bot = repo(BOT)
        bot.git("branch", "-m", "trunk")
        bot.git("init", "-q", "--bare", str(tmp_path / "remote.git"))
        bot.git("remote", "add", "origin", str(tmp_path / "remote.git"))
        return pre_commit.installed(bot, *(hooks or ("dvcinc-pre-push",)))

    return make


@pytest.fixture
def pushes(pre_commit):
    """Pushes; whether that was done, and what was said."""

    def run(bot, *refs: str, to: str = "origin", **more: str) -> tuple[bool, str]:
        done = pre_commit.git(bot.path, "push", "-q", to, *refs, **more)
        return done.returncode == 0, done.stdout + done.stderr

    return run


PUSH = "dvcinc: this push needs training from scratch, not done yet"


def test_a_push_is_judged(pushing, pushes, tmp_path):
    bot = pushing()
    assert pushes(bot, "trunk")[0]
    bot.commit(MORE)
    assert pushes(bot, "trunk")[0]
    bot.git("checkout", "-q", "-b", "intent")
    bot.commit(NEW)
    for to in ("origin", str(tmp_path / "remote.git")):
        made, said = pushes(bot, "intent", to=to)
        assert not made
        assert PUSH in said
    assert pushes(bot, "intent", **SCRATCH)[0]
    assert pushes(bot, ":intent")[0]


def test_a_pushed_branch_that_merged_main_is_judged_by_what_it_adds(pushing, pushes):
    """pre-commit names the parent of the branch's first commit, not the newer main."""
    bot = pushing()
    assert pushes(bot, "trunk")[0]
    bot.git("checkout", "-q", "-b", "feature")
    bot.commit(MORE)
    bot.git("checkout", "-q", "trunk")
    bot.commit(NEW)
    assert pushes(bot, "trunk", **SCRATCH)[0]
    bot.git("checkout", "-q", "feature")
    bot.git("merge", "-q", "--no-edit", "--no-verify", "trunk")
    made, said = pushes(bot, "feature")
    assert made, said
    bot.commit({"data/newer.yml": nlu_yaml("pay: the bill | let me pay")})
    made, said = pushes(bot, "feature:again")
    assert not made
    assert "intent pay is new" in said
    assert "intent order is new" not in said


def test_a_push_of_all_history_is_not_checked_and_strictly_stopped(pushing, pushes):
    bot = pushing("dvcinc-pre-push --strict")
    made, said = pushes(bot, "trunk")
    assert not made
    assert "not checked: refs/heads/trunk: nothing is known of what origin has" in said
    assert pushes(bot, "--no-verify", "trunk")[0]
    bot.commit(MORE)
    assert pushes(bot, "trunk")[0]


def test_projects_are_named_by_args(repo, pre_commit, commit):
    files = {f"{at}/{p}": text for at in ("a", "b") for p, text in BOT.items()}
    hooks = ("dvcinc-check --project a", "dvcinc-check --project b")
    bot = pre_commit.installed(repo(files), *hooks)
    stage(bot, {f"b/{path}": text for path, text in NEW.items()})
    made, said = commit(bot)
    assert not made
    assert "dvcinc: this commit of b needs training from scratch" in said
    assert said.count("Failed") == 1
    assert said.count("Passed") == 1


def test_what_install_writes_is_what_pre_commit_takes(repo, pre_commit):
    made = repo({**BOT, ".pre-commit-config.yaml": "# mine\nrepos: []\n"})
    assert dvcinc(made.path, "install", "--hooks").returncode == 0
    done = pre_commit.run(made.path, "validate-config")
    assert done.returncode == 0, done.stdout
    assert (made.path / ".pre-commit-config.yaml").read_text().startswith("# mine\n")


def test_no_tracked_file_is_touched(bot, commit):
    stage(bot, NEW)
    files = {p: p.stat() for p in Path(bot.path).rglob("*") if ".git" not in p.parts}
    status = bot.git("status", "--porcelain")
    assert not commit(bot)[0]
    assert bot.git("status", "--porcelain") == status
    for path, before in files.items():
        assert path.stat().st_mtime_ns == before.st_mtime_ns


# --- the documentation ------------------------------------------------------------


@pytest.fixture
def sample(repo, pre_commit):
    """This repository's sample with a plan, as it is committed after `dvc repro`."""
    made = repo()
    listed = ["data", "dvc.yaml", "params.yaml"]
    pre_commit.copy(made.path, *listed)
    assert dvcinc(made.path, "stage", "plan").returncode == 0
    made.commit({".gitignore": "/plan/base\n/plan/delta\n/plan/tables\n"})
    return pre_commit.installed(made, "dvcinc-check")


def test_the_documentation_shows_what_happens(sample, pre_commit):
    pages.run("docs/hooks.md", sample.path, pre_commit.environment())
