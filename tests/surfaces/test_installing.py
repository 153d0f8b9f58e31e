"""`dvcinc install` sets up a merge driver, once, and leaves alone what is there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from surfaces.run import dvcinc

from dvcinc.stages.paths import TRACKED

OURS, THEIRS, BASE = (
    f"schema: '2.0'\nstages:\n  train:\n    cmd: dvcinc stage train\n    x: {who}\n"
    for who in "otb"
)


def prep(who: str) -> str:
    return f"  prep:\n    cmd: make\n    x: {who}\n"


@pytest.fixture(autouse=True)
def _programs(monkeypatch):
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")


def install(folder, *options: str) -> str:
    done = dvcinc(folder, "install", *options)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def settings(repository) -> str:
    return repository.git("config", "--local", "--list")


# --- set up and taken out ---------------------------------------------------------


@pytest.mark.parametrize(
    "before",
    [
        None,
        b"*.bin binary\n",
        b"*.bin binary",
        b"# mine\r\n*.bin binary\r\n",
        b"/dvc.lock -text\n\n",
    ],
)
def test_what_was_there_stays_byte_for_byte(repo, before):
    made = repo({"a": "1", ".gitattributes": before} if before else {"a": "1"})
    file, settled = made.path / ".gitattributes", settings(made)
    install(made.path)
    once = file.read_bytes(), settings(made)
    assert once[0].startswith(before or b"#")
    assert once[0].endswith(b"\r\n" if b"\r\n" in (before or b"") else b"\n")
    said = install(made.path, "--merge-driver")
    assert said == "merge driver: set up already\n"
    assert (file.read_bytes(), settings(made)) == once
    assert "is the team's, and stays" in install(made.path, "--uninstall")
    assert (file.read_bytes(), settings(made)) == (once[0], settled)
    install(made.path, "--uninstall", "--all")
    after = file.read_bytes() if file.exists() else None
    whole = before if before is None or before.endswith(b"\n") else before + b"\n"
    assert (after, settings(made)) == (whole, settled)
    install(made.path, "--uninstall")
    assert settings(made) == settled


def test_git_knows_the_driver_for_each_file_and_no_other(repo):
    made = repo({"bot/a": "1"})
    install(made.path / "bot")
    asked = [*(f"bot/{path}" for path in TRACKED), "dvc.lock", "bot/data/dvc.lock"]
    said = made.git("check-attr", "merge", "--", *asked).split("\n")
    drivers = {line.split(": ")[0]: line.split(": ")[2] for line in said}
    assert drivers == {
        **{f"bot/{path}": "dvcinc" for path in TRACKED},
        "dvc.lock": "unspecified",
        "bot/data/dvc.lock": "unspecified",
    }


def test_outside_of_a_repository_it_says_so(tmp_path):
    done = dvcinc(tmp_path, "install")
    assert done.returncode == 2
    assert "not in a Git repository" in done.stderr


# --- merges -----------------------------------------------------------------------


def merged(repo, base: dict, ours: dict, theirs: dict):
    """A repository where `other` is merged into `main`, and whether that went well."""
    made = repo(base)
    install(made.path)
    made.commit(message="attributes")
    made.git("checkout", "--quiet", "-b", "other")
    made.commit(theirs)
    made.git("checkout", "--quiet", "main")
    made.commit(ours)
    try:
        made.git("merge", "--no-edit", "other")
    except AssertionError:
        return made, False
    return made, True


@pytest.mark.parametrize(
    "path", ["plan/plan.json", "metrics.json", "plots/intents.csv"]
)
def test_a_file_of_numbers_stays_heads(repo, path):
    made, went_well = merged(repo, {path: "b\n"}, {path: "o\n"}, {path: "t\n"})
    assert went_well
    assert (made.path / path).read_text() == "o\n"


def test_files_that_both_added_stay_heads(repo):
    made, went_well = merged(
        repo,
        {"a": "1"},
        {"dvc.lock": OURS, "metrics.json": "o\n"},
        {"dvc.lock": THEIRS + prep("t"), "metrics.json": "t\n"},
    )
    assert went_well
    assert (made.path / "metrics.json").read_text() == "o\n"
    assert (made.path / "dvc.lock").read_text() == OURS + prep("t")


def test_somebody_elses_stage_is_merged_by_itself(repo):
    made, went_well = merged(
        repo,
        {"dvc.lock": BASE + prep("b")},
        {"dvc.lock": OURS + prep("b")},
        {"dvc.lock": THEIRS + prep("t")},
    )
    assert went_well
    assert (made.path / "dvc.lock").read_text() == OURS + prep("t")


def test_a_stage_that_both_changed_is_a_conflict_without_markers(repo):
    made, went_well = merged(
        repo,
        {"dvc.lock": BASE + prep("b")},
        {"dvc.lock": OURS + prep("o")},
        {"dvc.lock": THEIRS + prep("t")},
    )
    assert not went_well
    assert (made.path / "dvc.lock").read_text() == OURS + prep("o")
    assert made.git("diff", "--name-only", "--diff-filter=U") == "dvc.lock"
    assert made.git("show", ":3:dvc.lock") == (THEIRS + prep("t")).rstrip()


def test_a_lock_that_cannot_be_read_is_a_conflict(repo):
    made, went_well = merged(
        repo, {"dvc.lock": BASE}, {"dvc.lock": OURS}, {"dvc.lock": "[]\n"}
    )
    assert not went_well
    assert (made.path / "dvc.lock").read_text() == OURS


def test_without_the_setting_in_a_clone_git_merges_as_ever(repo, tmp_path):
    made = repo({"metrics.json": "b\n"})
    install(made.path)
    made.commit(message="attributes")
    made.git("checkout", "--quiet", "-b", "other")
    made.commit({"metrics.json": "t\n"})
    made.git("checkout", "--quiet", "main")
    made.commit({"metrics.json": "o\n"})
    clone = tmp_path / "clone"
    made.git("clone", "--quiet", str(made.path), str(clone))
    here = type(made)(clone)
    with pytest.raises(AssertionError):
        here.git("merge", "origin/other")
    assert "<<<<<<<" in (clone / "metrics.json").read_text()


def test_another_clone_is_not_told_to_commit_what_is_committed(repo):
    made = repo({"a": "1"})
    assert "commit .gitattributes" in install(made.path, "--merge-driver")
    made.git("add", ".gitattributes")
    made.git("commit", "--quiet", "--message", "attributes")
    install(made.path, "--uninstall", "--merge-driver")
    said = install(made.path, "--merge-driver")
    assert said == (
        "merge driver: set up in this clone; let everybody run dvcinc install\n"
    )
