"""`dvc.yaml` is extended line by line: what was there stays, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from adopt.projects import ALL, OWN
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.adopt.artifacts import with_artifact
from dvcinc.adopt.dvcfile import differing, entries, extended, read_pipeline
from dvcinc.adopt.pipeline import SECTIONS, stages
from dvcinc.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
BARE = stages(["data", "config.yml"], [])
TESTED = stages(["data", "config.yml"], ["tests"])
PREP = "  prep:\n    cmd: make  # quickly\n    deps: [raw]\n"


def said(data: bytes) -> dict:
    return dict(read_pipeline(data).stages)


def test_this_repositorys_own_stages_are_what_init_writes():
    own = (ROOT / "dvc.yaml").read_bytes()
    deps = ["data/nlu", "data/domain.yml", "data/config.yml"]
    wanted = stages(deps, ["data/test"])
    assert with_artifact(extended(None, wanted)) == own
    assert extended(own, wanted) == own
    assert list(differing(read_pipeline(own), wanted)) == []


@pytest.mark.parametrize(("wanted", "names"), [(BARE, OWN), (TESTED, ALL)])
def test_evaluate_is_there_where_tests_are(wanted, names):
    there = read_pipeline(extended(None, wanted))
    assert tuple(there.stages) == names
    metrics = "metrics.json" in entries(there.stages["record"], "deps")
    assert metrics == ("evaluate" in names)


KEPT = {
    "comments": b"# mine\n\nstages:  # all of them\n"
    + PREP.encode()
    + b"\n# the end\n",
    "other keys behind": b"stages:\n" + PREP.encode() + b"\nplots:\n  - a.csv\n",
    "other keys before": b"vars:\n  - a: 1\nstages:\n" + PREP.encode(),
    "four blanks": b"stages:\n    prep:\n        cmd: make\n",
    "no stages": b"plots:\n- a.csv\n",
    "empty stages": b"stages:\n",
    "stages in braces": b"stages: {}\n",
    "empty": b"",
    "a comment alone": b"# to come\n",
    "Windows": b"# mine\r\nstages:\r\n  prep:\r\n    cmd: make\r\n",
    "Windows, no end": b"stages:\r\n  prep:\r\n    cmd: make",
    "no end": b"stages:\n  prep:\n    cmd: make",
    "a byte-order mark": b"\xef\xbb\xbfstages:\n  prep:\n    cmd: make\n",
    "a block": b"stages:\n  prep:\n    cmd: |\n      make\n\n      # no comment\n",
    "a list over lines": b"stages:\n  prep:\n    cmd: make\n    deps: [a,\n      b]\n",
    "quotes": b"'stages':\n  \"prep\":\n    cmd: 'make'\n",
    "foreach": b"stages:\n  prep:\n    foreach: [a]\n    do: {cmd: x}\n",
    "tests that come": extended(b"stages:\n" + PREP.encode(), BARE),
    "a document's end": b"stages:\n  prep:\n    cmd: make\n...\n",
}


@pytest.mark.parametrize("before", KEPT.values(), ids=KEPT)
def test_what_was_there_stays(before):
    after = extended(before, TESTED)
    rows = iter(after.replace(b"\r\n", b"\n").split(b"\n"))
    kept = before.replace(b"\r\n", b"\n").replace(b" {}", b"").split(b"\n")
    assert all(row in rows for row in kept if row), "a line is gone, or moved"
    windows = b"\r\n" in before
    assert (after.count(b"\r\n") == after.count(b"\n")) == windows
    was = said(before)
    assert {n: s for n, s in said(after).items() if n in was and n not in ALL} == {
        n: s for n, s in was.items() if n not in ALL
    }
    assert {stage.name: stage.value for stage in TESTED}.keys() <= said(after).keys()


@pytest.mark.parametrize("before", KEPT.values(), ids=KEPT)
@pytest.mark.parametrize("wanted", [BARE, TESTED], ids=["bare", "tested"])
def test_twice_is_as_good_as_once(before, wanted):
    once = extended(before, wanted)
    assert extended(once, wanted) == once


def test_a_stage_comes_behind_the_one_before_it():
    after = extended(extended(None, BARE), TESTED)
    assert tuple(read_pipeline(after).stages) == ALL


LACKS = {
    "a dep": ("      - data\n", ""),
    "all deps of a stage": ("    deps:\n      - plan/base\n", ""),
    "an out with options": (
        "      - plan/plan.json:\n          cache: false\n          persist: true\n",
        "",
    ),
    "in brackets": (
        "    params:\n      - data\n      - policy\n      - train\n      - finetune\n",
        "    params: [data, policy]\n",
    ),
    "in empty brackets": (
        "    params:\n      - data\n      - policy\n      - train\n      - finetune\n",
        "    params: []\n",
    ),
    "nothing behind a key": ("    deps:\n      - plan/base\n", "    deps:\n"),
    "dashes below their key": (
        "    deps:\n      - data\n      - config.yml\n",
        "    deps:\n    - data  # all\n",
    ),
}


@pytest.mark.parametrize("case", LACKS)
def test_what_a_stage_lacks_is_added_to_it(case):
    old, new = LACKS[case]
    whole = extended(None, BARE).decode()
    assert old in whole
    before = whole.replace(old, new, 1).encode()
    after = extended(before, BARE)
    assert len(after) > len(before)
    for stage in BARE:
        there = said(after)[stage.name]
        for section in SECTIONS:
            listed = {entry.path for entry in stage.lists.get(section, ())}
            assert set(entries(there, section)) == listed


OWN_WORDS = {
    "more deps": ("      - data\n", "      - data\n      - extra.txt\n"),
    "a wider dep": ("      - config.yml\n", ""),
    "another description": ("seconds at most", "quick"),
    "a frozen stage": ("    cmd: dvcinc stage train\n", None),
    "a dot before a path": ("      - data\n", "      - ./data/\n"),
    "variables": ("      - data\n      - config.yml\n", "      - ${data}\n"),
    "a program around it": ("cmd: dvcinc stage", "cmd: uv run dvcinc stage"),
}


@pytest.mark.parametrize("case", OWN_WORDS)
def test_what_people_change_is_theirs(case):
    old, new = OWN_WORDS[case]
    wanted = stages(["data", "config.yml"], [])
    if case == "a wider dep":
        wanted = stages(["data", "data/config.yml"], [])
        old = "      - data/config.yml\n"
    new = f"{old}    frozen: true\n" if new is None else new
    whole = extended(None, wanted).decode()
    assert old in whole
    before = whole.replace(old, new).encode()
    assert extended(before, wanted) == before


def test_an_out_with_other_options_is_told():
    whole = extended(None, BARE).decode()
    changed = whole.replace("- plan/delta:\n          persist: true", "- plan/delta")
    there = read_pipeline(changed.encode())
    said_ = ["plan: plan/delta has to say persist: true"]
    assert list(differing(there, BARE)) == said_


BY_HAND = {
    "stages in braces": b"stages: {prep: {cmd: make}}\n",
    "a stage in braces": b"stages:\n  plan: {cmd: dvcinc stage plan}\n",
    "a merge key": (
        b"x: &x {deps: [a]}\nstages:\n  plan:\n    <<: *x\n    cmd: dvcinc stage plan\n"
    ),
    "all in braces": b"{}\n",
}


@pytest.mark.parametrize("before", BY_HAND.values(), ids=BY_HAND)
def test_a_form_that_cannot_be_extended_is_told_with_what_to_add(before):
    with pytest.raises(InputError, match="cannot extend") as caught:
        extended(before, BARE)
    assert "by hand" in caught.value.hint


@pytest.mark.parametrize("before", [b"[]\n", b"stages: [a]\n", b"a: [\n", b"\xff"])
def test_what_is_no_pipeline_is_told(before):
    with pytest.raises(InputError, match=r"dvc\.yaml"):
        extended(before, BARE)


# --- any order, any neighbours ----------------------------------------------------

_NAMES = st.sampled_from(["prep", "clean", "zip", "a-1"])
_BLOCKS = {stage.name: "\n".join(stage.rows(2)) + "\n" for stage in TESTED}


@st.composite
def pipelines(draw) -> bytes:
    """Some of dvcinc's stages among others, in any order, with comments between."""
    own = draw(st.lists(st.sampled_from(sorted(_BLOCKS)), unique=True))
    others = draw(st.lists(_NAMES, unique=True))
    blocks = [_BLOCKS[name] for name in own]
    blocks += [f"  {name}:\n    cmd: make {name}\n" for name in others]
    between = draw(st.sampled_from(["", "\n", "  # a word\n", "# far left\n\n"]))
    text = "stages:\n" + between.join(draw(st.permutations(blocks)))
    head, tail = draw(st.tuples(st.booleans(), st.booleans()))
    text = ("vars:\n- a: 1\n" if head else "") + text
    text += "plots:\n- a.csv\n" if tail else draw(st.sampled_from(["", "\n", "# end"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))).encode()


@given(pipelines())
def test_any_mixture_is_completed_once_and_keeps_its_order(before):
    after = extended(before, TESTED)
    assert extended(after, TESTED) == after
    was, now = said(before), said(after)
    assert [name for name in now if name in was] == list(was)
    assert all(now[name] == was[name] for name in was)
    assert set(now) == set(was) | set(ALL)
    rows = iter(after.splitlines())
    assert all(row in rows for row in before.splitlines())
