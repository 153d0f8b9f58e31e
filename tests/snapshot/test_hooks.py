"""Real hooks that run `dvcinc classify`: they see the commit that is being made."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from repositories import Repository, put
from shapes import ROOT, bot, nlu

from dvcinc.snapshot.git import open_git

Make = Callable[..., Repository]


def hooked(made: Repository, command: str, name: str = "pre-commit") -> Path:
    """Sets a hook; what it prints is written to the file that is given back."""
    seen = made.path.parent / "seen.json"
    common = made.git("rev-parse", "--path-format=absolute", "--git-common-dir")
    hook = Path(common) / "hooks" / name
    run = f"PYTHONPATH={shlex.quote(str(ROOT))} {shlex.quote(sys.executable)} -m dvcinc"
    put(hook, f"#!/bin/sh\nexec 1>{shlex.quote(str(seen))}\n" + command.format(run=run))
    hook.chmod(0o755)
    return seen


def seen_examples(seen: Path) -> dict[str, int]:
    said = json.loads(seen.read_text("utf-8"))
    return {intent["name"]: intent["added"] for intent in said["intents"]}


STAGED = "{run} classify --staged --json\n"
BELOW = "{run} --project bots/a classify --staged --json\n"
INSIDE = "cd bots/a && {run} classify --staged --json\n"


@pytest.mark.parametrize("command", [BELOW, INSIDE])
@pytest.mark.parametrize("how", [["--all"], ["bots/a/data/nlu.yml"], ["-i", "bots"]])
def test_what_a_commit_takes_along_is_what_its_hook_judges(
    repo: Make, command: str, how: list[str]
) -> None:
    """With `-a` or paths, git makes an index for the commit alone."""
    made = repo(bot(below="bots/a/"))
    seen = hooked(made, command)
    made.write({"bots/a/data/nlu.yml": nlu("hi", "hello", "hey", "yo")})
    made.git("commit", "-q", "-m", "more", *how)
    assert seen_examples(seen) == {"greet": 2}


def test_a_commit_of_paths_leaves_out_what_else_is_staged(repo: Make) -> None:
    made = repo({**bot(), "data/more.yml": nlu("hi")})
    seen = hooked(made, STAGED)
    made.write({"data/nlu.yml": nlu("hi", "hello", "hey")})
    made.write({"data/more.yml": nlu("hi", "yo", "hoi")})
    made.git("add", "--all")
    made.git("commit", "-q", "-m", "one", "data/nlu.yml")
    assert seen_examples(seen) == {"greet": 1}


@pytest.mark.parametrize("command", [BELOW, INSIDE])
def test_a_hook_in_a_linked_work_tree_judges_that_one(
    repo: Make, tmp_path: Path, command: str
) -> None:
    """There, git tells hooks of a `GIT_DIR`, which hides where the top is."""
    made = repo(bot(below="bots/a/"))
    made.git("worktree", "add", "-q", str(tmp_path / "other"))
    linked = Repository(tmp_path / "other")
    seen = hooked(linked, command)
    linked.write({"bots/a/data/nlu.yml": nlu("hi", "hello", "hey")})
    linked.git("commit", "-q", "-a", "-m", "more")
    assert seen_examples(seen) == {"greet": 1}


def test_a_hook_that_judges_another_repository_sees_that_ones_index(repo: Make) -> None:
    other = repo(bot(), name="other")
    other.write({"data/nlu.yml": nlu("hi", "hello", "hey")})
    other.git("add", "--all")
    made = repo(bot("a", "b"))
    seen = hooked(made, "{run} --project ../other classify --staged --json\n")
    made.git("commit", "-q", "--allow-empty", "-a", "-m", "nothing")
    assert seen_examples(seen) == {"greet": 1}


def test_a_separate_git_directory_is_found_by_its_environment(
    repo: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = repo(bot())
    (made.path / ".git").rename(tmp_path / "apart.git")
    monkeypatch.setenv("GIT_DIR", "../apart.git")
    monkeypatch.setenv("GIT_WORK_TREE", ".")
    seen = hooked(made, STAGED)
    made.write({"data/nlu.yml": nlu("hi", "hello", "hey")})
    made.git("commit", "-q", "-a", "-m", "more")
    assert seen_examples(seen) == {"greet": 1}


@pytest.mark.parametrize("below", ["", "bots/a/"])
@pytest.mark.parametrize("absolute", [False, True])
def test_a_separate_git_directory_is_found_from_elsewhere(
    repo: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    below: str,
    *,
    absolute: bool,
) -> None:
    made = repo(bot(below=below))
    (made.path / ".git").rename(tmp_path / "apart.git")
    monkeypatch.chdir(tmp_path)
    start = tmp_path if absolute else Path()
    monkeypatch.setenv("GIT_DIR", str(start / "apart.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(start / made.path.name))
    git = open_git(made.path / below)
    assert git.prefix == below
    assert git.top == made.path.resolve()
    paths = [entry.path for entry in git.index(["data"])]
    assert paths == ["data/nlu.yml"]
    assert [entry.path for entry in git.tree(git.commit("HEAD"), ["data"])] == paths


def test_a_hook_before_a_push_is_taken_reads_the_pushed_objects_in_quarantine(
    repo: Make, tmp_path: Path
) -> None:
    made = repo(bot())
    made.git("clone", "-q", "--bare", str(made.path), str(tmp_path / "server.git"))
    server = Repository(tmp_path / "server.git")
    seen = hooked(
        server, "read old new ref; {run} classify --json $old $new\n", "pre-receive"
    )
    made.commit({"data/nlu.yml": nlu("hi", "hello", "hey")})
    made.git("push", "-q", str(server.path), "main")
    assert seen_examples(seen) == {"greet": 1}


def test_the_first_commit_of_a_repository_is_told_by_its_hook(repo: Make) -> None:
    made = repo()
    seen = hooked(made, "{run} classify --staged 2>&1; exit 0\n")
    made.write(bot())
    made.git("add", "--all")
    made.git("commit", "-q", "-m", "first")
    assert "there is no commit yet" in seen.read_text("utf-8")
