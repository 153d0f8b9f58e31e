"""What each model cost and saved, what stood before it, and what it answered."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from lineages import digest, lineage, record, written

from dvcinc.config import Mode
from dvcinc.lineage.history import read_history
from dvcinc.lineage.story import Mover, movers, story
from dvcinc.snapshot.git import open_git
from dvcinc.snapshot.sources import FolderSource

FILE = "lineage.json"
INTENTS, CONFUSION = "plots/intents.csv", "plots/confusion.csv"
HEAD = "intent,f1,precision,recall,support\n"
NAMES = {digest(name): name for name in ("a", "b", "c", "d")}


def told(made, most=100, *, here=False):
    git = open_git(made.path)
    tree = FolderSource(git.project, git=git) if here else None
    return story(git, read_history(git, git.head(), tree), most)


def names(found):
    return [NAMES[one.digest] for one in found.told]


def scratch(model, base, base_seconds=60.0, **said):
    """A model as it was trained, with its base."""
    usual = {"mode": Mode.SCRATCH, "ran": "passed on", "seconds": 0.0}
    made = lineage(model, base, **{**usual, **said})
    return replace(made, base=record(base, seconds=base_seconds)).to_bytes()


def test_models_are_told_oldest_first_with_what_stood_before(repo):
    found = told(repo({FILE: written("a")}, {FILE: written("b")}, {"x": "1"}))
    assert names(found) == ["a", "b"]
    assert [one.before for one in found.told] == [(), (digest("a"),)]
    assert found.before(found.told[1]) is found.told[0]
    assert found.current is found.told[1]


def test_a_merge_stands_after_both_sides(repo):
    made = repo({FILE: written("a")})
    made.git("switch", "--quiet", "--create", "side")
    made.commit({FILE: written("b")})
    made.git("switch", "--quiet", "main")
    made.commit({FILE: written("c")})
    made.git("merge", "--quiet", "--no-ff", "--no-commit", "-X", "ours", "side")
    made.commit({FILE: written("d")})
    found = told(made)
    last = {NAMES[digest] for digest in found.by_digest[digest("d")].before}
    assert last == {"b", "c"}


def test_a_revert_holds_the_old_model_again(repo):
    made = repo({FILE: written("a")}, {FILE: written("b")}, {FILE: written("a")})
    found = told(made)
    assert names(found) == ["a", "b"]
    assert found.current is found.told[0]


def test_the_model_of_the_work_tree_counts_where_that_is_looked_at(repo):
    made = repo({FILE: written("a")})
    made.write({FILE: written("b"), INTENTS: f"{HEAD}greet,0.5,1,1,8\n"})
    assert names(told(made)) == ["a"]
    found = told(made, here=True)
    assert names(found) == ["a", "b"]
    assert found.current.intents == {"greet": (0.5, 8)}


# --- what it cost -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("versions", "took", "saved"),
    [
        # What comes with its base costs what that took, and saves nothing.
        ([scratch("a", "base")], 60.0, None),
        ([scratch("a", "base"), written("b")], 5.0, 55.0),
        ([scratch("a", "base"), scratch("b", "base")], 0.0, 60.0),
        ([scratch("a", "base"), scratch("b", "other", 70.0)], 70.0, None),
        ([written("a")], 65.0, None),
        # Dearer than from scratch: nothing is hidden.
        ([scratch("a", "base"), written("b", seconds=75.0)], 75.0, -15.0),
        # A base that was restored tells of no cost.
        ([scratch("a", "base", 0.0), written("b")], 5.0, None),
    ],
)
def test_a_model_saves_what_its_base_took_less_its_own(repo, versions, took, saved):
    last = told(repo(*({FILE: data} for data in versions))).told[-1]
    assert (last.took, last.saved) == (took, saved)


def test_all_together_is_told(repo):
    versions = (scratch("a", "base"), written("b"), written("c", seconds=7.0))
    found = told(repo(*({FILE: data} for data in versions)))
    assert (found.took, found.saved) == (72.0, 108.0)


# --- what there is ------------------------------------------------------------------


def test_the_newest_are_told_and_the_others_counted(repo):
    found = told(repo(*({FILE: written(name)} for name in "abcd")), most=3)
    assert names(found) == ["b", "c", "d"]
    assert found.more == 1


def test_bases_are_those_of_the_models_that_are_told(repo):
    made = repo({FILE: written("a", "other")}, {FILE: written("b")})
    assert [*told(made).bases] == [digest("base"), digest("other")]
    assert [*told(made, most=1).bases] == [digest("base")]


def test_a_history_without_models_tells_nothing(repo):
    found = told(repo({"x": "1"}))
    assert (found.told, found.current, found.last_pair) == ((), None, None)
    assert found.missing == ()


def test_some_of_what_cannot_be_read_is_named_and_the_rest_counted(repo):
    made = repo(*({FILE: f"no {at}"} for at in range(5)), {FILE: written("a")})
    said = told(made).missing
    assert len(said) == 4
    assert said[0].startswith(made.commits[4][:10])
    assert said[3] == "2 more versions of lineage.json cannot be read"


# --- what it answered ---------------------------------------------------------------


def test_f1_comes_from_the_commit_that_brought_the_model(repo):
    made = repo(
        {FILE: written("a"), INTENTS: f"{HEAD}greet,0.9,1,1,10\n"},
        {FILE: written("b"), INTENTS: f"{HEAD}greet,0.75,1,1,10\n"},
        {INTENTS: f"{HEAD}greet,0.1,1,1,10\n"},
    )
    assert [one.intents["greet"] for one in told(made).told] == [(0.9, 10), (0.75, 10)]


def test_f1_comes_from_the_cache_of_dvc(repo):
    data = f"{HEAD}greet,0.9,1,1,10\n".encode()
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    lock = (
        "schema: '2.0'\nstages:\n  evaluate:\n    cmd: x\n    outs:\n"
        f"    - path: {INTENTS}\n      hash: md5\n      md5: {md5}\n      size: 1\n"
    )
    stages = f"stages:\n  evaluate:\n    cmd: x\n    plots: [{INTENTS}]\n"
    made = repo(
        {FILE: written("a"), "dvc.lock": lock, "dvc.yaml": stages, ".dvc/config": ""}
    )
    assert told(made).told[0].intents == {}
    made.write({f".dvc/cache/files/md5/{md5[:2]}/{md5[2:]}": data})
    assert told(made).told[0].intents == {"greet": (0.9, 10)}


def test_confusions_are_counted_and_errors_sorted(repo):
    rows = "actual,predicted\na,a\na,b\nb,a\nb,a\nb,b\n"
    found = told(repo({FILE: written("a"), CONFUSION: rows}))
    right = {("a", "a"): 1, ("b", "b"): 1}
    assert found.confused == {**right, ("a", "b"): 1, ("b", "a"): 2}
    assert found.errors == [(("b", "a"), 2), (("a", "b"), 1)]


@pytest.mark.parametrize("data", ["", "x,y\n1,2\n", "actual\na\n", b"\xff\x00\n\x01"])
def test_a_table_that_is_none_tells_nothing(repo, data):
    found = told(repo({FILE: written("a"), CONFUSION: data, INTENTS: data}))
    assert found.confused == {}
    assert found.told[0].intents == {}


def test_the_biggest_movers_come_first_and_the_new_and_gone_last(repo):
    made = repo(
        {
            FILE: written("a"),
            INTENTS: f"{HEAD}up,0.5,1,1,90\ndown,0.9,1,1,90\n"
            "still,0.7,1,1,90\ngone,0.6,1,1,90\n",
        },
        {
            FILE: written("b"),
            INTENTS: f"{HEAD}up,0.75,1,1,90\ndown,0.5,1,1,90\n"
            "still,0.71,1,1,90\nnew,0.6,1,1,90\n",
        },
    )
    found = movers(*told(made).last_pair)
    assert [one.name for one in found] == ["down", "up", "still", "gone", "new"]
    assert [round(one.change, 2) for one in found] == [-0.4, 0.25, 0.01, 0, 0]
    assert [one.is_noise for one in found[:3]] == [False, False, True]


def test_few_test_examples_are_noise():
    few = Mover(name="a", before=0.5, after=0.6, support=10)
    assert few.is_noise
    assert not replace(few, support=100).is_noise


@pytest.mark.parametrize("without", [0, 1])
def test_nothing_moves_where_a_side_has_no_plots(repo, without):
    files = [{FILE: written(name), INTENTS: f"{HEAD}x,1,1,1,9\n"} for name in "ab"]
    files[without][INTENTS] = "none"
    assert movers(*told(repo(*files)).last_pair) == ()
