"""Branches, merges, reverts, experiments and clones, with real Git and real DVC.

A training is counted by the line with which it begins. All tests start from copies of
one project: `intent` has cut a base for a new intent, `main` has learned examples.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from e2e.project import TRAINING, Project

pytestmark = pytest.mark.e2e

CONFLICTED = {"dvc.lock", "plan/plan.json", "lineage.json"}


def base_of(project: Project) -> str:
    return project.plan()["base"]["digest"]


def base_at(project: Project, revision: str) -> str:
    return json.loads(project.git("show", f"{revision}:plan/plan.json"))["base"][
        "digest"
    ]


def conflict(project: Project, *command: str) -> set[str]:
    """Runs a git command that ends in a conflict; the files that are in conflict."""
    done = project.run("git", *command, check=False)
    assert done.returncode, done.stdout
    return unmerged(project)


def unmerged(project: Project) -> set[str]:
    return set(project.git("diff", "--name-only", "--diff-filter=U").split())


def merge(project: Project, *command: str) -> None:
    """Merges, and resolves what that leaves in conflict."""
    assert conflict(project, *command) >= CONFLICTED
    project.dvcinc("resolve")
    assert unmerged(project) == set()


def clone(project: Project, target: Path, branch: str = "main") -> Project:
    made = Project(target)
    project.run("git", "clone", "-q", "-b", branch, str(project.path), str(target))
    return made


# --- branches ---------------------------------------------------------------------


def test_switching_back_and_forth_never_trains_twice(forked):
    digests = {}
    for branch in ("intent", "main", "intent"):
        forked.git("checkout", "-q", branch)
        assert forked.trainings() == []
        assert forked.git("status", "--porcelain") == ""
        assert digests.setdefault(branch, forked.digest()) == forked.digest()
    assert digests["intent"] != digests["main"]


# --- merges -----------------------------------------------------------------------


def test_a_merge_uses_the_base_that_fits_and_learns_the_rest(forked):
    theirs = base_at(forked, "intent")
    merge(forked, "merge", "intent")
    said = json.loads(forked.dvcinc("status", "--json"))
    planned = [s["name"] for s in said["stages"] if s["action"] == "run"]
    assert "train" not in planned
    assert forked.trainings() == ["finetune"]
    assert base_of(forked) == theirs
    assert forked.intents("howdy", "transfer money") == ["greet", "transfer_money"]
    forked.commit("merge")
    assert forked.trainings() == []
    assert forked.git("status", "--porcelain") == ""


def test_resolve_says_first_what_it_would_do_and_does_it_once(forked):
    before = conflict(forked, "merge", "intent")
    dry = json.loads(forked.dvcinc("resolve", "--dry-run", "--json"))
    assert unmerged(forked) == before
    said = json.loads(forked.dvcinc("resolve", "--json"))
    assert (said["side"], said["files"]) == ("theirs", dry["files"])
    assert {file["path"] for file in said["files"]} >= before
    status = json.loads(forked.dvcinc("status", "--json"))
    assert said["status"] == {k: v for k, v in status.items() if k != "schema"}
    again = forked.dvcinc("resolve")
    assert again.startswith("nothing that dvc repro writes is in conflict\n")


def test_data_in_conflict_have_to_be_resolved_first(forked):
    text = forked.read("data/nlu/nlu.yml")
    forked.write("data/nlu/nlu.yml", text.replace("- hi\n", "- hi you\n"))
    forked.commit("ours")
    forked.git("checkout", "-q", "intent")
    forked.write("data/nlu/nlu.yml", text.replace("- hi\n", "- hi there\n"))
    forked.commit("theirs")
    before = conflict(forked, "merge", "main")
    done = forked.run("dvcinc", "resolve", check=False)
    assert done.returncode == 1
    assert "data/nlu/nlu.yml: in conflict" in done.stderr
    assert unmerged(forked) == before


def test_a_rebase_and_its_sides_swapped(forked):
    theirs = base_at(forked, "intent")
    forked.git("checkout", "-q", "intent")
    merge(forked, "rebase", "main")
    forked.run("git", "-c", "core.editor=true", "rebase", "--continue")
    assert forked.trainings() == ["finetune"]
    assert base_of(forked) == theirs


def test_a_base_whose_data_a_rebase_has_lost_comes_from_the_remote(forked, tmp_path):
    theirs = base_at(forked, "intent")
    forked.git("checkout", "-q", "intent")
    merge(forked, "rebase", "main")
    forked.run("git", "-c", "core.editor=true", "rebase", "--continue")
    made = Project(tmp_path / "clone")
    # Only by a URL Git leaves behind what no branch leads to.
    url = forked.path.as_uri()
    forked.run("git", "clone", "-q", "-b", "intent", url, str(made.path))
    assert made.trainings() == ["finetune"]
    assert base_of(made) == theirs
    made.commit("trained")
    made.add_examples("goodbye", "so long")
    assert json.loads(made.dvcinc("classify", "--json"))["mode"] == "finetune"
    assert base_of(made) == theirs


def test_a_squash_merge(forked):
    theirs = base_at(forked, "intent")
    merge(forked, "merge", "--squash", "intent")
    forked.commit("squashed")
    assert forked.trainings() == ["finetune"]
    assert base_of(forked) == theirs


def test_with_the_merge_driver_there_is_nothing_to_resolve(forked):
    theirs = base_at(forked, "intent")
    forked.dvcinc("install", "--merge-driver")
    forked.git("merge", "-q", "--no-edit", "intent")
    assert forked.trainings() == ["finetune"]
    assert base_of(forked) == theirs


# --- reverts ----------------------------------------------------------------------


@pytest.mark.parametrize("is_data_only", [False, True])
def test_a_reverted_intent_gives_the_old_base_and_model_back(forked, is_data_only):
    forked.git("checkout", "-q", "intent")
    first = base_at(forked, "HEAD~1")
    if is_data_only:
        (forked.path / "data/nlu/transfer.yml").unlink()
        forked.commit("no transfers any more")
    else:
        forked.git("revert", "--no-edit", "HEAD")
    assert forked.trainings() == []
    assert base_of(forked) == first
    at_first = forked.lineage("HEAD~1~1")
    assert forked.digest() == at_first["model"]["digest"]


def test_what_gc_took_comes_from_the_remote_or_is_trained_again(forked):
    forked.git("checkout", "-q", "intent")
    forked.run("dvc", "checkout", "-q")
    forked.run("dvc", "gc", "-w", "-f", "-q")
    (forked.path / "data/nlu/transfer.yml").unlink()
    forked.commit("no transfers any more")
    first = base_at(forked, "HEAD~2")
    lonely = forked.copy(forked.path.with_name("lonely"))
    lonely.run("dvc", "remote", "remove", "store")
    assert forked.trainings() == []
    assert lonely.trainings() == ["train"]
    assert base_of(forked) == base_of(lonely) == first
    assert forked.digest() == lonely.digest()


# --- experiments ------------------------------------------------------------------


def test_experiments_fine_tune_from_the_committed_base(forked):
    before = base_of(forked)
    forked.add_examples("goodbye", "so long", "farewell friend")
    for how in (["-n", "here"], ["--temp", "-n", "apart"], ["--queue", "-n", "later"]):
        # DVC takes no untracked file along, and leaves this one untracked.
        forked.git("add", "data")
        assert forked.trainings("dvc", "exp", "run", *how) in ([], ["finetune"])
    forked.run("dvc", "exp", "run", "--run-all", "-j", "1")
    for name in ("here", "apart", "later"):
        ref = forked.git("for-each-ref", "--format=%(refname)", f"refs/exps/**/{name}")
        assert base_at(forked, ref) == before
        assert forked.lineage(ref)["model"]["digest"] == forked.digest()


# --- clones -----------------------------------------------------------------------


def objects(cache: Path) -> set[str]:
    """The hashes in a cache or remote."""
    found = cache.glob("files/md5/??/*")
    return {path.parent.name + path.name for path in found}


def needed(project: Project) -> set[str]:
    """The hashes that `dvc.lock` in the work tree names, files of folders included."""
    named = set(re.findall(r"md5: ([0-9a-f]{32}(?:\.dir)?)", project.read("dvc.lock")))
    inside = set()
    for name in named:
        path = project.path / ".dvc/cache/files/md5" / name[:2] / name[2:]
        if name.endswith(".dir") and path.exists():
            inside |= {entry["md5"] for entry in json.loads(path.read_text())}
    return named | inside


def test_a_clone_with_a_remote_fetches_just_what_it_needs(forked, tmp_path):
    made = clone(forked, tmp_path / "clone")
    assert made.trainings() == []
    assert made.digest() == forked.digest()
    assert objects(made.path / ".dvc/cache") <= needed(made)


def test_a_clone_where_an_intent_was_dropped_restores_the_base_before(forked, tmp_path):
    forked.git("checkout", "-q", "intent")
    first = base_at(forked, "HEAD~1")
    (forked.path / "data/nlu/transfer.yml").unlink()
    forked.commit("no transfers any more")
    made = clone(forked, tmp_path / "clone", "intent")
    assert made.trainings() == []
    assert base_of(made) == first
    assert objects(made.path / ".dvc/cache") <= needed(made)


@pytest.mark.parametrize("remote", ["none", "gone", "empty"])
def test_a_clone_that_gets_nothing_trains_the_committed_base(forked, tmp_path, remote):
    made = clone(forked, tmp_path / "clone")
    if remote == "none":
        made.run("dvc", "remote", "remove", "store")
    else:
        url = "ssh://nobody@127.0.0.1:1/x" if remote == "gone" else str(tmp_path / "e")
        made.run("dvc", "remote", "modify", "store", "url", url)
    done = made.run("dvc", "repro")
    said = done.stdout + done.stderr
    assert TRAINING.findall(said) == ["training", "learning"]
    assert base_of(made) == base_of(forked)
    assert "models/base: recorded " in said
    why = "no remote: trained here" if remote == "none" else "but not to be had (remote"
    assert why in said
