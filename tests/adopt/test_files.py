"""`params.yaml`, `.gitignore`, `.gitattributes`; and files written all or none."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest
from adopt.projects import contents, make
from hypothesis import given
from hypothesis import strategies as st
from repositories import put

from dvcinc.adopt.diff import diff
from dvcinc.adopt.ignored import (
    cached_outs,
    with_attributes,
    with_ignored,
    without_attributes,
)
from dvcinc.adopt.pipeline import stages
from dvcinc.adopt.settings import sections, with_sections
from dvcinc.adopt.write import Change, write_all
from dvcinc.config import Data
from dvcinc.errors import InputError
from dvcinc.params import read_params

ROOT = Path(__file__).resolve().parents[2]
DATA = Data(
    nlu=("data/nlu",),
    domain=("data/domain.yml",),
    config="data/config.yml",
    test=("data/test",),
    given=True,
)
SECTIONS = {"data", "policy", "train", "finetune", "trainer"}


# --- params.yaml ------------------------------------------------------------------


def test_this_repositorys_own_parameters_are_what_init_writes():
    own = (ROOT / "params.yaml").read_bytes()
    assert with_sections(None, DATA) == own
    assert with_sections(own, DATA) == own


BEFORE = {
    "nothing": b"",
    "comments": b"# mine\n",
    "other sections": b"rasa:\n  version: 3.6  # pinned\n\nother: [a, b]\n",
    "a section of dvcinc's": b"train:\n  seed: 7  # lucky\n",
    "data": b"data: {nlu: x, config: y.yml}\nx: 1\n",
    "no end": b"other: 1",
    "Windows": b"other: 1\r\ntrain:\r\n  seed: 7\r\n",
    "a byte-order mark": b"\xef\xbb\xbfother: 1\n",
    "empty sections": b"train: {}\nfinetune:\n",
}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_parameters_that_are_there_stay(before):
    after = with_sections(before, DATA)
    assert after.startswith(before)
    assert sections(after) == sections(before) | SECTIONS
    assert with_sections(after, DATA) == after
    assert (after.count(b"\r\n") == after.count(b"\n")) == (b"\r\n" in before)
    was, now = read_params(before), read_params(after)
    assert now.train == was.train
    assert now.data == (was.data if b"data" in before else DATA)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("policy:\n", "policy:\n  max_f1_drop: null\n"),
        ("policy: {}\n", "policy: {max_f1_drop: null}\n"),
        (
            "policy: {preset: strict}  # all\nx: 1\n",
            "policy: {preset: strict, max_f1_drop: null}  # all\nx: 1\n",
        ),
        (
            "policy: {rules: {DI201: finetune}}\n",
            "policy: {rules: {DI201: finetune}, max_f1_drop: null}\n",
        ),
        (
            "# mine\npolicy:\n    preset: strict  # so\n\n# next\nx: 1\n",
            (
                "# mine\npolicy:\n    preset: strict  # so\n    max_f1_drop: null\n"
                "\n# next\nx: 1\n"
            ),
        ),
        (
            "policy:\n  rules:\n    DI201: finetune",
            "policy:\n  rules:\n    DI201: finetune\n  max_f1_drop: null\n",
        ),
        (
            "policy:\r\n  preset: strict\r\n",
            "policy:\r\n  preset: strict\r\n  max_f1_drop: null\r\n",
        ),
    ],
)
def test_a_policy_gets_the_key_that_verify_names(before, expected):
    after = with_sections(before.encode(), DATA)
    assert after.decode().startswith(expected)
    assert with_sections(after, DATA) == after


@pytest.mark.parametrize(
    "before",
    [
        b"{}\n",
        b"{a: 1}\n",
        b"- a\n",
        b"a\n",
        b"policy: null\n",
        b"policy: {preset: strict}  # {x}\n",
        b"policy: {\n  preset: strict}\n",
    ],
)
def test_parameters_that_cannot_be_extended_are_told(before):
    with pytest.raises(InputError, match=r"params\.yaml"):
        with_sections(before, DATA)


PATHS = st.from_regex(r"[\w .:#'-]{1,12}(/[\w.]{1,5})?", fullmatch=True).filter(
    lambda path: path.strip() == path and not path.startswith("..")
)


@given(st.lists(PATHS, min_size=1, unique=True), PATHS)
def test_any_path_is_read_as_it_was_written(nlu, config):
    given_ = Data(nlu=tuple(nlu), domain=("d",), config=config, test=("t",), given=True)
    normal = read_params(with_sections(None, given_)).data
    assert set(normal.nlu) == {os.path.normpath(path) for path in nlu}
    assert normal.config == os.path.normpath(config)


# --- .gitignore -------------------------------------------------------------------

OUTS = cached_outs(stages(["data"], ["tests"]))


def test_what_dvc_keeps_is_what_git_must_not():
    assert "models/nlu" in OUTS
    assert not {"metrics.json", "plan/plan.json", "lineage.json"} & set(OUTS)


IGNORED = {
    "nothing": (b"", 12),
    "no end": (b"*.pyc", 12),
    "Windows": (b"*.pyc\r\n", 12),
    "all models": (b"/models/\n", 9),
    "models anywhere": (b"models\n", 9),
    "the plots, too": (b"models/\n/plots/\n", 3),
    "others alone": (b"/models/other\n!/models/nlu/\n", 12),
    "in a comment": (b"# /models/\n", 12),
}


@pytest.mark.parametrize("case", IGNORED)
def test_lines_that_are_missing_are_added_once(case):
    before, count = IGNORED[case]
    after = with_ignored(before, OUTS)
    assert after.startswith(before)
    new = after[len(before) :].split()
    assert len([line for line in new if line.startswith(b"/")]) == count
    assert with_ignored(after, OUTS) == after
    assert after.endswith(b"\r\n" if b"\r\n" in before else b"\n")


def test_git_ignores_what_dvc_keeps(repo):
    made = repo({".gitignore": with_ignored(None, OUTS)})
    assert made.git("check-ignore", *OUTS).split("\n") == OUTS


LINES = st.lists(
    st.sampled_from(["", "# x", "*.bin binary", "/models/", "/dvc.lock merge=dvcinc"])
)


@given(LINES, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_any_lines_stay_and_are_completed_once(rows, end, ended):
    before = (end.join(rows) + (end if ended and rows else "")).encode()
    for complete in (with_attributes, lambda data: with_ignored(data, OUTS)):
        after = complete(before)
        assert after.startswith(before)
        assert complete(after) == after


def test_attributes_are_taken_out_as_they_were_put_in():
    before = b"*.bin binary\n"
    assert without_attributes(with_attributes(before)) == before


# --- all or none ------------------------------------------------------------------


def test_all_changes_are_made(tmp_path):
    make(tmp_path, {"a": "1"})
    write_all(
        tmp_path, [Change("a", b"1", b"2"), Change("b/c/d", None, b"3")], tmp_path
    )
    assert contents(tmp_path) == {"a": b"2", "b/c/d": b"3"}


FAILING = {
    "a folder in the place": Change("folder", None, b"x"),
    "a file in the place of a folder": Change("file/x", None, b"x"),
    "a link that leads out": Change("link", b"", b"x"),
    "a folder that leads out": Change("out/x", None, b"x"),
    "in Git's own folder": Change(".git/config", None, b"x"),
}


@pytest.mark.parametrize("change", FAILING.values(), ids=FAILING)
@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
def test_after_a_failure_all_is_as_it_was(tmp_path, change, first):
    outside = tmp_path / "outside"
    put(outside / "file", "theirs")
    project = make(
        tmp_path / "p", {"a": "1", "folder/x": "1", "file": "1", ".git/y": "1"}
    )
    (project / "link").symlink_to(outside / "file")
    (project / "out").symlink_to(outside)
    before, theirs = contents(project), contents(outside)
    good = [Change("a", b"1", b"2"), Change("new/b", None, b"3")]
    with pytest.raises(InputError):
        write_all(project, [change, *good] if first else [*good, change], project)
    assert contents(project) == before
    assert contents(outside) == theirs
    names = {path.name for path in project.rglob("*")}
    assert names == {"a", "folder", "x", "file", ".git", "y", "link", "out"}


def test_a_link_within_stays_a_link_and_a_mode_stays(tmp_path):
    make(tmp_path, {"real.yml": "1"})
    (tmp_path / "real.yml").chmod(0o750)
    (tmp_path / "a.yml").symlink_to("real.yml")
    write_all(tmp_path, [Change("a.yml", b"1", b"2")], tmp_path)
    assert (tmp_path / "a.yml").is_symlink()
    assert (tmp_path / "real.yml").read_bytes() == b"2"
    assert stat.S_IMODE((tmp_path / "real.yml").stat().st_mode) == 0o750


# --- the diff ---------------------------------------------------------------------


@pytest.mark.parametrize("before", [b"a\nb\n", b"a\nb", b"a\r\nb\r\n", b"", None])
@pytest.mark.parametrize("after", [b"a\nc\n", b"a\nb\nc", b"a\r\nc\r\n"])
def test_git_applies_the_diff(tmp_path, before, after):
    if before is not None:
        put(tmp_path / "f", before)
    change = Change("f", before, after)
    text = "".join(f"{row}\n" for row in diff(change)).encode()
    done = subprocess.run(
        ["git", "apply", "-"],
        cwd=tmp_path,
        input=text,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "f").read_bytes() == after
