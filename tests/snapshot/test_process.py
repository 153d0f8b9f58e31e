"""How git is asked: in batches that no pipe and no command line is too short for."""

from __future__ import annotations

import ast
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from repositories import Repository

from dvcinc.errors import GitError
from dvcinc.snapshot.git import open_git
from dvcinc.snapshot.process import Objects, Place, batches
from dvcinc.snapshot.sources import CommitSource, IndexSource

Make = Callable[..., Repository]
OID = "3b18e512dba79e4c8300dd08aeb37f8e728b8dad"
LONG = "/".join(["d" * 99] * 40)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        (OID, f"{OID} missing"),
        (OID, f"{OID} submodule"),
        (OID[:5], f"{OID[:5]} ambiguous"),
        ("HEAD:data", f"{OID} submodule"),
        ("HEAD:a b c.yml", "HEAD:a b c.yml missing"),
        ("HEAD:a blob 4", "HEAD:a blob 4 missing"),
        (":0:missing", ":0:missing missing"),
    ],
)
def test_a_header_that_says_that_there_is_no_object(name: str, header: str) -> None:
    stream = io.BytesIO(f"{header}\n{OID} blob 6\nhello\n\n".encode())
    objects = Objects(Place(Path(), {}))
    assert objects._answer(stream, name.encode()) is None  # noqa: SLF001
    found = objects._answer(stream, OID.encode())  # noqa: SLF001
    assert found is not None
    assert found.data == b"hello\n"


@pytest.mark.parametrize("names", [[], ["é" * 40], ["a" * 30, "b", "c"], ["ab"] * 100])
def test_batches_are_bounded_in_bytes_and_lose_nothing(names: list[str]) -> None:
    found = list(batches(names, 32))
    assert [name for batch in found for name in batch] == names
    for batch in found:
        assert len(batch) == 1 or len("\n".join(batch).encode()) < 32


def test_thirty_long_paths_are_asked_for_without_a_deadlock(repo: Make) -> None:
    made = repo({"data/nlu.yml": "nlu:\n- intent: a\n  examples: |\n    - a\n"})
    paths = ", ".join(["data/nlu.yml", *(f"{LONG}{n}" for n in range(30))])
    made.commit({"params.yaml": f"data: {{nlu: [{paths}]}}\n", "config.yml": "{}"})
    command = [sys.executable, "-m", "dvcinc", "classify", "HEAD", "--staged"]
    done = subprocess.run(
        command, cwd=made.path, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("below", ["", "bot/"])
def test_more_paths_than_a_command_takes_are_asked_for_in_parts(
    repo: Make, below: str
) -> None:
    made = repo({f"{below}data/a.yml": "1", f"{below}data/empty.yml": ""})
    made.write({f"{below}data/announced.yml": "later"})
    made.git("add", "--intent-to-add", f"{below}data/announced.yml")
    git = open_git(made.path / below)
    paths = ["data", *(f"{LONG}{n}" for n in range(700)), "data/a.yml"]
    wanted = ["data/a.yml", "data/empty.yml"]
    for source in (CommitSource(git, "HEAD", git.commit("HEAD")), IndexSource(git)):
        assert [found.path for found in source.listed(paths)] == wanted
    assert git.skipped(paths) == []


def test_only_a_git_that_is_not_there_is_not_installed(
    repo: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = repo({"a": "1"})
    git = open_git(made.path)
    with pytest.raises(GitError, match=r"^git cannot be started: Argument list too"):
        git.run("rev-parse", "a" * (1 << 18))
    monkeypatch.setattr(os, "environ", {**os.environ, "PATH": str(tmp_path)})
    with pytest.raises(GitError, match=r"^git is not installed$"):
        open_git(made.path)


ROOT = Path(__file__).parents[2]
ASKING = {"run": 0, "try_run": 0, "_done": 0, "_over": 1}
"""What asks git, and which of its arguments names the command first."""


def first_word(node: ast.expr, known: Mapping[str, str]) -> str:
    if isinstance(node, ast.Starred):
        return first_word(node.value, known)
    if isinstance(node, ast.Name):
        return known.get(node.id, "")
    if isinstance(node, ast.Tuple | ast.List) and node.elts:
        return first_word(node.elts[0], known)
    return str(node.value) if isinstance(node, ast.Constant) else ""


def commands(code: str) -> Iterator[str]:
    tree = ast.parse(code)
    known = {
        target.id: first_word(node.value, {})
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            at = ASKING.get(node.func.attr, len(node.args))
            yield from (first_word(arg, known) for arg in node.args[at : at + 1])
        if isinstance(node, ast.List) and first_word(node, {}) == "git":
            words = [first_word(word, known) for word in node.elts[1:]]
            yield next((word for word in words if word[:1] not in {"", "-"}), "")


def test_the_docs_name_every_git_command_that_reading_runs() -> None:
    text = (ROOT / "docs/sources.md").read_text("utf-8")
    told = text.partition("**No program of a repository runs.**")[2].partition(";")[0]
    found = {
        command
        for package in ("snapshot", "plan", "lineage")
        for path in (ROOT / "dvcinc" / package).rglob("*.py")
        for command in commands(path.read_text("utf-8"))
        # For `dvcinc doctor` and `dvcinc init --git`.
        if command not in {"", "git", "--version", "init"}
    }
    assert {*re.findall(r"`git ([a-z-]+)`", told)} == found
