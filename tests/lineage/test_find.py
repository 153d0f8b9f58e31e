"""A model is found by its digest's beginning or by a revision that holds it."""

from __future__ import annotations

import pytest
from lineages import digest, written
from recorded import FILE, name_of

from dvcinc.errors import CannotTellError, GitError, InputError
from dvcinc.lineage.find import Search
from dvcinc.snapshot.git import open_git


@pytest.fixture
def made(repo):
    return repo({FILE: written("a")}, {FILE: written("b", "other")})


def found(made, name):
    return Search(open_git(made.path)).model(name)


@pytest.mark.parametrize(
    ("name", "model", "base"),
    [
        (None, "b", "other"),
        ("HEAD", "b", "other"),
        ("HEAD~1", "a", "base"),
        ("main", "b", "other"),
        (digest("a"), "a", "base"),
        (digest("a")[7:11], "a", "base"),
        (digest("a")[7:15].upper(), "a", "base"),
        (digest("other")[:20], "other", None),
    ],
)
def test_a_name_names_a_model_and_its_base(made, name, model, base):
    result = found(made, name)
    assert name_of(result.model) == model
    assert (name_of(result.base) if result.base else None) == base


def test_the_work_tree_has_a_model_before_any_commit(repo):
    made = repo()
    made.write({FILE: written("c")})
    model = found(made, None).model
    assert (name_of(model), model.version.is_committed) == ("c", False)
    with pytest.raises(GitError, match="begins no model's digest"):
        found(made, "ffffffff")


def test_a_digest_is_found_on_any_branch(made):
    made.git("switch", "--quiet", "--create", "side", "HEAD~1")
    made.commit({FILE: written("d")})
    made.git("switch", "--quiet", "main")
    assert name_of(found(made, digest("d")[:12]).model) == "d"
    assert name_of(found(made, "side").model) == "d"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ffffffff", "'ffffffff' begins no model's digest, and names no commit"),
        ("sha256:", "begins no model's digest"),
        ("nowhere", "begins no model's digest"),
        ("--all", "begins no model's digest"),
        ("HEAD:lineage.json", "begins no model's digest"),
    ],
)
def test_what_names_nothing_is_an_error_that_says_both(made, name, said):
    with pytest.raises(GitError, match=said) as raised:
        found(made, name)
    assert "lineage log" in raised.value.hint


def test_a_revision_without_a_record_has_no_model(made):
    made.commit({FILE: None})
    with pytest.raises(InputError, match=r"^HEAD has no lineage.json$"):
        found(made, "HEAD")


def test_a_revision_with_a_broken_record_says_why(made):
    commit = made.commit({FILE: "{}"})
    said = f"^HEAD has no {FILE} that can be read: {commit[:10]}:{FILE}: has schema"
    with pytest.raises(InputError, match=said):
        found(made, "HEAD")


def test_in_a_shallow_clone_an_unknown_revision_may_be_missing(made):
    made.git("clone", "--quiet", "--depth=1", made.path.as_uri(), "../shallow")
    there = type(made)(made.path.parent / "shallow")
    with pytest.raises(CannotTellError, match="in this shallow clone"):
        found(there, made.commits[0])
