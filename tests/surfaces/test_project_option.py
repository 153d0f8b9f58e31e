"""`--project DIR` stands before a command or behind it, and means the same."""

from __future__ import annotations

import pytest
from surfaces.run import BOT, NEW_INTENT, dvcinc


@pytest.fixture
def bots(repo):
    """Two bots; of `bots/b`, an intent is not committed yet."""
    made = repo({f"bots/{name}/{p}": t for name in "ab" for p, t in BOT.items()})
    made.write({f"bots/b/{path}": text for path, text in NEW_INTENT.items()})
    return made


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["classify"], "intent order is new"),
        (["classify", "--json"], '"project": "bots/b"'),
        (["status"], ""),
        (["log"], ""),
        (["doctor"], "project bots/b"),
        (["init", "--dry-run"], "bots/b/dvc.yaml"),
        (["lineage", "show"], ""),
        (["stage", "record"], ""),
    ],
    ids=" ".join,
)
def test_it_means_the_same_on_both_sides(bots, arguments, word):
    before = dvcinc(bots.path, "--project", "bots/b", *arguments)
    behind = dvcinc(bots.path, *arguments, "--project", "bots/b")
    without = dvcinc(bots.path, *arguments)
    assert (behind.stdout, behind.stderr) == (before.stdout, before.stderr)
    assert behind.returncode == before.returncode
    assert word in behind.stdout
    if word:
        assert word not in without.stdout


def test_what_is_said_last_counts(bots):
    said = dvcinc(bots.path, "--project", "bots/a", "classify", "--project", "bots/b")
    assert "intent order is new" in said.stdout


def test_a_project_of_the_environment_is_overruled(bots):
    there = {"DVCINC_PROJECT": "bots/a"}
    said = dvcinc(bots.path, "classify", "--project", "bots/b", environment=there)
    assert "intent order is new" in said.stdout


def test_hooks_take_several(bots):
    said = dvcinc(bots.path, "hook", "check", "--help").stdout
    assert said.count("--project") == 1
    assert "may be repeated" in said
