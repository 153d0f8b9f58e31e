"""Two versions of `dvc.lock` become one; nobody's stage gets lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.errors import InputError
from dvcinc.snapshot.dvclock import read_lock
from dvcinc.stages.lockmerge import Side, merge_locks

HEAD = "schema: '2.0'\nstages:\n"


def stage(name: str, md5: str, command: str = "make") -> str:
    out = f"    outs:\n    - path: {name}\n      md5: {md5}\n"
    return f"  {name}:\n    cmd: {command}\n{out}"


def own(name: str, md5: str) -> str:
    return stage(name, md5, f"dvcinc stage {name}")


def lock(*stages: str) -> bytes:
    return (HEAD + "".join(stages)).encode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_a_line_ends_where_the_parser_says_so(end):
    for stages in ("{}\n", f"\n  a:\n    cmd: x{end}"):
        said = f"schema: '2.0'{end}other: 1\nstages: {stages}".encode()
        said = said.replace(b": \n", b":\n")
        merged = merge_locks(said, said, said, Side.OURS)
        assert (merged.data, merged.conflicts) == (said, ())


BASE = lock(own("train", "b1"), stage("prep", "b2"))


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        # nothing of anybody else's changed: one side as it stands
        (lock(own("train", "o1"), stage("prep", "b2")), BASE, "ours"),
        (lock(own("train", "o1"), stage("prep", "b2")), None, "ours"),
        # each side changed something
        (
            lock(own("train", "o1"), stage("prep", "o2")),
            lock(own("train", "t1"), stage("prep", "b2")),
            lock(own("train", "o1"), stage("prep", "o2")),
        ),
        (
            lock(own("train", "o1"), stage("prep", "b2")),
            lock(own("train", "t1"), stage("prep", "t2")),
            lock(own("train", "o1"), stage("prep", "t2")),
        ),
        # both changed it the same way
        (
            lock(own("train", "o1"), stage("prep", "x")),
            lock(own("train", "t1"), stage("prep", "x")),
            lock(own("train", "o1"), stage("prep", "x")),
        ),
        # a stage came on either side, one of ours on theirs alone
        (
            lock(own("train", "o1"), stage("prep", "b2"), stage("a", "1")),
            lock(own("train", "t1"), own("finetune", "t"), stage("prep", "b2")),
            lock(
                own("train", "o1"),
                stage("prep", "b2"),
                stage("a", "1"),
                own("finetune", "t"),
            ),
        ),
        # a stage went
        (
            lock(own("train", "o1")),
            lock(own("train", "t1"), stage("prep", "b2")),
            lock(own("train", "o1")),
        ),
        (lock(), lock(own("train", "b1")), lock(own("train", "b1"))),
    ],
)
def test_stages_are_merged_one_by_one(ours, theirs, merged):
    if theirs is None:
        theirs = ours
    found = merge_locks(BASE, ours, theirs, Side.OURS)
    assert found.conflicts == ()
    assert found.marked == found.data
    assert found.data == (ours if merged == "ours" else merged)


def test_our_stages_follow_the_side_that_is_asked_for():
    ours = lock(own("train", "o1"), stage("prep", "o2"))
    theirs = lock(stage("prep", "b2"), own("train", "t1"))
    found = merge_locks(BASE, ours, theirs, Side.THEIRS)
    assert found.data == lock(stage("prep", "o2"), own("train", "t1"))


@pytest.mark.parametrize("own_side", Side)
@pytest.mark.parametrize("base", [None, BASE])
def test_where_one_side_has_no_lock_the_others_is_taken(base, own_side):
    theirs = lock(own("train", "t1"), stage("prep", "b2"), stage("a", "1"))
    for versions in ((None, theirs), (theirs, None)):
        found = merge_locks(base, *versions, own_side)
        assert (found.data, found.conflicts) == (theirs, ())


@pytest.mark.parametrize("own_side", Side)
def test_a_stage_that_both_changed_is_left_for_a_person(own_side):
    ours = lock(own("train", "o1"), stage("prep", "o2"))
    theirs = lock(own("train", "t1"), stage("prep", "t2"))
    found = merge_locks(BASE, ours, theirs, own_side)
    assert found.conflicts == ("prep",)
    assert found.data == (ours if own_side is Side.OURS else theirs)
    marked = (
        f"<<<<<<< ours\n{stage('prep', 'o2')}=======\n"
        f"{stage('prep', 't2')}>>>>>>> theirs\n"
    )
    trained = own("train", "o1" if own_side is Side.OURS else "t1")
    assert found.marked == lock(trained, marked)


def test_what_a_person_has_decided_is_kept():
    ours = lock(own("train", "o1"), stage("prep", "o2"))
    theirs = lock(own("train", "t1"), stage("prep", "t2"))
    decided = lock(own("train", "x"), stage("prep", "mine"))
    found = merge_locks(BASE, ours, theirs, Side.THEIRS, decided)
    assert found.data == found.marked == lock(own("train", "t1"), stage("prep", "mine"))
    assert found.conflicts == ("prep",)


def test_a_stage_that_one_side_changed_and_the_other_dropped_is_a_conflict():
    ours = lock(own("train", "b1"))
    theirs = lock(own("train", "b1"), stage("prep", "t2"))
    found = merge_locks(BASE, ours, theirs, Side.OURS)
    assert found.conflicts == ("prep",)
    assert b"<<<<<<< ours\n=======\n  prep:" in found.marked


def test_our_stage_is_known_by_its_command_not_its_name():
    ours = lock(stage("x", "o", "[cd bot, dvcinc stage train]"), stage("train", "1"))
    theirs = lock(stage("x", "t", "dvcinc stage train"), stage("train", "2"))
    found = merge_locks(lock(), ours, theirs, Side.OURS)
    assert found.conflicts == ("train",)


def test_other_parts_of_the_file_are_kept():
    sets = "datasets:\n- name: a\n  url: x\n"
    ours = lock(own("train", "o1"))
    theirs = lock(own("train", "t1")) + sets.encode()
    found = merge_locks(BASE, ours, theirs, Side.OURS)
    assert b"datasets:\n- name: a\n" in found.data
    assert set(read_lock(found.data)) == {"train"}


@pytest.mark.parametrize(
    "broken",
    [
        b"<<<<<<< ours\n",
        b"stages: {a: {cmd: x}, b: {cmd: y}}\n",
        b"[]\n",
        b"stages: 3\n",
    ],
)
def test_what_dvc_would_not_write_is_refused(broken):
    dropped = lock(stage("b", "1"))
    with pytest.raises(InputError):
        merge_locks(dropped, broken, lock(stage("b", "1")), Side.OURS)


def test_an_alias_that_lost_its_anchor_is_refused():
    anchored = HEAD.encode() + b"  a: &a\n    cmd: x\n"
    with pytest.raises(InputError):
        merge_locks(anchored, anchored + b"  b: *a\n", lock(), Side.OURS)


NAMES = st.sampled_from(["a", "b", "train", "plan"])
LOCKS = st.dictionaries(NAMES, st.sampled_from("123")).map(
    lambda found: lock(
        *(own(n, v) if len(n) > 1 else stage(n, v) for n, v in found.items())
    )
)


@given(LOCKS, LOCKS, LOCKS)
def test_the_result_is_a_lock_and_no_new_or_changed_stage_is_lost(base, ours, theirs):
    found = merge_locks(base, ours, theirs, Side.OURS)
    merged = read_lock(found.data) if b"stages: {}" not in found.data else {}
    before, mine, other = (
        dict(read_lock(data)) if data.count(b"\n") > 2 else {}
        for data in (base, ours, theirs)
    )
    for name in {*mine, *other} - set(found.conflicts):
        sides = (mine.get(name), other.get(name))
        if len(name) > 1:
            assert merged[name] == (sides[0] or sides[1])
        elif name in merged:
            assert merged[name] in sides
        else:
            assert before[name] in sides
    assert not found.conflicts or b"<<<<<<<" in found.marked


@given(LOCKS, LOCKS)
def test_what_only_one_side_changed_is_its_version(base, ours):
    found = merge_locks(base, ours, ours, Side.OURS)
    assert (found.data, found.conflicts) == (
        ours if ours != lock() else HEAD.replace("stages:\n", "stages: {}\n").encode(),
        (),
    )
