"""`dvcinc compare` beside DVC: what is recorded is not trained again."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.e2e


def test_the_base_that_the_cache_has_is_not_trained_and_nothing_is_written(project):
    project.add_examples("greet", "howdy partner", "howdy", "greetings friend")
    before = project.git("status", "--porcelain", "--ignored")
    outs = project.run("dvc", "data", "status", "--json").stdout
    done = project.run("dvcinc", "compare", "--seeds", "2", "--json")
    restored = [line for line in done.stderr.splitlines() if "restored" in line]
    assert len(restored) == 1
    assert restored[0].startswith("models/base: restored, recorded in dvc.lock")
    document = json.loads(done.stdout)
    assert document["delta"] == {"added": 3, "removed": 0}
    assert document["verdict"] == "cannot tell"
    assert document["tests"] == 6
    # The base of the other seed was trained, with steps that are told.
    assert "base, seed 42: step" not in done.stderr
    assert "base, seed 43: step" in done.stderr
    assert project.git("status", "--porcelain", "--ignored") == before
    assert project.run("dvc", "data", "status", "--json").stdout == outs


def test_a_fine_tune_that_is_committed_is_compared_from_a_clone(grown, tmp_path):
    """Its base comes from Git; without a cache it is trained."""
    clone = tmp_path / "clone"
    grown.run("git", "clone", "-q", str(grown.path), str(clone))
    here = type(grown)(clone)
    done = here.run("dvcinc", "compare", "HEAD", "--seeds", "1")
    assert done.stdout.startswith("Cannot tell from 1 seed")
    assert "delta: +3 −0 examples" in done.stdout
    assert "base, seed 42: step" in done.stderr
    assert here.git("status", "--porcelain") == ""
