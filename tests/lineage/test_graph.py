"""Nodes of a history: each version, and the merges that join their branches."""

from __future__ import annotations

from itertools import count

import pytest
from lineages import written
from recorded import FILE, NAMES

from dvcinc.lineage.graph import newest, nodes
from dvcinc.lineage.history import read_history
from dvcinc.snapshot.git import open_git
from dvcinc.snapshot.sources import FolderSource


@pytest.fixture
def step(monkeypatch):
    """The clock goes on by a second for each commit that is made."""
    seconds = count()

    def on():
        when = f"2024-01-02T12:00:{next(seconds):02d}Z"
        monkeypatch.setenv("GIT_COMMITTER_DATE", when)

    return on


def build(made, step, script):
    """Follows a script of words.

    `a` commits a model, `x` another file, `-` takes the file away, `>s` branches,
    `=main` switches, `+s` merges, and `+s:d` does so with a model of its own.
    """
    for number, word in enumerate(script.split()):
        step()
        if word.startswith(">"):
            made.git("switch", "--quiet", "--create", word[1:])
        elif word.startswith("="):
            made.git("switch", "--quiet", word[1:])
        elif word.startswith("+"):
            branch, _, model = word[1:].partition(":")
            merge = ("merge", "--quiet", "--no-ff", "--no-commit", "-X", "ours")
            made.git(*merge, branch)
            made.commit({FILE: written(model)} if model else None, "merge")
        elif word == "-":
            made.commit({FILE: None}, "gone")
        else:
            known = {"x": f"{number}"} if word == "x" else {FILE: written(word)}
            made.commit(known, word)


def told(found):
    """`model<before` for each node; `m` for a merge without a model of its own."""
    names = {node.commit.name: _name(node) for node in found}
    return [
        f"{_name(node)}<{''.join(names[parent] for parent in node.parents)}"
        for node in found
    ]


def _name(node):
    lineages = [version.lineage for version in node.versions]
    if not lineages:
        return "m"
    return NAMES[lineages[0].model.digest] if lineages[0] else "-"


def graph(made, here=None):
    git = open_git(made.path)
    return nodes(git, read_history(git, git.head(), here))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("x", []),
        ("a", ["a<"]),
        ("x a x x b x", ["b<a", "a<"]),
        ("a - b", ["b<-", "-<a", "a<"]),
        ("a >s b =main c +s:d", ["d<cb", "c<a", "b<a", "a<"]),
        # The merge keeps a side's model, but joins both.
        ("a >s b =main c +s", ["m<cb", "c<a", "b<a", "a<"]),
        # A branch that trained nothing is none.
        ("a >s x =main b +s c", ["c<b", "b<a", "a<"]),
        # What the merge takes from the branch is the branch's line.
        ("a >s b =main x +s c", ["c<b", "b<a", "a<"]),
        ("a >s b =main c +s x x", ["m<cb", "c<a", "b<a", "a<"]),
        ("a >s b >t c =s d =main +t +s:e", ["e<cd", "c<b", "d<b", "b<a", "a<"]),
    ],
)
def test_versions_follow_each_other_as_their_commits_do(repo, step, script, expected):
    made = repo()
    build(made, step, script)
    found = told(graph(made))
    assert sorted(found) == sorted(expected)
    assert found[:1] == expected[:1]


def test_the_work_tree_comes_before_all(repo, step):
    made = repo()
    build(made, step, "a x")
    made.write({FILE: written("b")})
    assert told(graph(made, FolderSource(made.path))) == ["b<a", "a<"]
    made.write({FILE: written("a")})
    assert told(graph(made, FolderSource(made.path))) == ["a<"]


def test_before_the_first_commit_the_work_tree_is_all(repo):
    made = repo()
    made.write({FILE: written("b")})
    assert told(graph(made, FolderSource(made.path))) == ["b<"]


def test_a_shortened_graph_leads_to_nothing_that_is_left_off(repo, step):
    made = repo()
    build(made, step, "a b c")
    assert told(newest(graph(made), 2)) == ["c<b", "b<"]
