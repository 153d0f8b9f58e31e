"""Where CI takes dvcinc from: what people name, a release, or what pip took."""

from __future__ import annotations

import json

import pytest

from dvcinc.adopt import source
from dvcinc.adopt.source import Source, installed_from, known_source, read_source
from dvcinc.errors import InputError
from dvcinc.release import getting

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REPO = "https://github.com/ada/dvcinc"


@pytest.mark.parametrize(
    ("said", "requirement", "action"),
    [
        (f"ada/dvcinc@{COMMIT}", f"git+{REPO}@{COMMIT}", f"ada/dvcinc@{COMMIT}"),
        ("ada/dvcinc@v0.1.0", f"git+{REPO}@v0.1.0", "ada/dvcinc@v0.1.0"),
        ("ada/dvcinc@a/b", f"git+{REPO}@a/b", "ada/dvcinc@a/b"),
        (f"{REPO}@{COMMIT}", f"git+{REPO}@{COMMIT}", f"ada/dvcinc@{COMMIT}"),
        (f"git+{REPO}.git@x", f"git+{REPO}.git@x", "ada/dvcinc@x"),
        (
            "https://git.example.org:8443/a/b/c@x",
            "git+https://git.example.org:8443/a/b/c@x",
            None,
        ),
    ],
)
def test_a_source_is_named_by_repository_and_commit(said, requirement, action):
    found = read_source(said)
    assert (found.requirement, found.action) == (requirement, action)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "ada/dvcinc",
        "dvcinc@x",
        "ada/dvcinc@",
        "ada/dvcinc@${{ x }}",
        "ada/dvcinc@x # y",
        "ada/dvcinc@x\n- run: y",
        "ada/dvcinc/../..@x y",
        "http://github.com/ada/dvcinc@x",
        "https://user:secret@github.com/ada/dvcinc@x",
        "https://github.com/ada/dvcinc?a@x",
        "file:///ada/dvcinc@x",
    ],
)
def test_what_names_none_is_refused(said):
    with pytest.raises(InputError, match="does not say where dvcinc lies") as caught:
        read_source(said)
    assert "OWNER/REPO@COMMIT" in caught.value.hint


@pytest.mark.parametrize(
    ("ref", "wanted"), [(COMMIT, True), ("v1", False), (COMMIT[:9], False)]
)
def test_only_a_whole_commit_is_one_that_nobody_can_move(ref, wanted):
    assert Source(REPO, ref).is_commit is wanted


# --- what is known ----------------------------------------------------------------


@pytest.mark.parametrize("noted", [None, "x"])
def test_a_release_comes_before_anything_else(monkeypatch, noted):
    monkeypatch.setattr(source, "_direct_url", lambda: noted)
    found = known_source("v0.1.0")
    assert found is not None
    assert found.action == "dvcinc/dvcinc@v0.1.0"
    assert found.requirement == "git+https://github.com/dvcinc/dvcinc@v0.1.0"


def test_without_one_it_is_the_commit_that_pip_took(monkeypatch):
    noted = {"url": REPO, "vcs_info": {"vcs": "git", "commit_id": COMMIT}}
    monkeypatch.setattr(source, "_direct_url", lambda: json.dumps(noted))
    assert known_source(None) == Source(REPO, COMMIT)


@pytest.mark.parametrize(
    "noted",
    [
        None,
        "",
        "[]",
        "{",
        json.dumps({"url": "file:///home/ada/dvcinc", "dir_info": {"editable": True}}),
        json.dumps({"url": "https://x/a.whl", "archive_info": {}}),
        json.dumps({"url": "ssh://git@x/a", "vcs_info": {"commit_id": COMMIT}}),
        json.dumps({"url": f"{REPO} x", "vcs_info": {"commit_id": COMMIT}}),
        json.dumps({"url": REPO, "vcs_info": {"commit_id": None}}),
        json.dumps({"url": REPO, "vcs_info": []}),
    ],
)
def test_a_folder_or_a_file_is_nothing_that_ci_could_have(noted):
    assert installed_from(noted) is None


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("v1.0.0", "pip install 'dvcinc[train]'"),
        (None, "pip install '.[train]' in its clone"),
    ],
)
def test_a_hint_names_an_extra_where_pip_can_find_it(tag, said):
    assert said in getting("train", tag)
