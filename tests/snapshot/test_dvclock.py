"""What `dvc.lock` says of stages is read, whatever form DVC gave it."""

from __future__ import annotations

import pytest

from dvcinc.errors import InputError
from dvcinc.snapshot.dvclock import read_lock
from dvcinc.snapshot.dvcouts import MAX_POINTER


def test_a_lock_gives_deps_outs_and_params():
    lock = read_lock(
        b"schema: '2.0'\nstages:\n  train:\n    cmd: x\n    deps:\n    - path: a\n"
        b"      hash: md5\n      md5: 1.dir\n    params:\n      params.yaml:\n"
        b"        train: {seed: 1}\n    outs:\n    - path: m\n      md5: 2.dir\n"
    )
    train = lock["train"]
    assert (train.deps, train.outs) == ({"a": "1.dir"}, {"m": "2.dir"})
    assert train.params == {"params.yaml": {"train": {"seed": 1}}}


@pytest.mark.parametrize("data", [b"", b"[]", b"stages: 3\n"])
def test_a_lock_without_stages_is_refused(data):
    with pytest.raises(InputError, match=r"dvc\.lock: holds no stages"):
        read_lock(data)


def test_a_lock_that_is_larger_than_any_is_refused_unread():
    with pytest.raises(InputError, match="no such file is that large"):
        read_lock(b"#" * (MAX_POINTER + 1))


def test_a_folder_that_is_listed_by_file_has_the_hash_of_its_listing():
    """Cloud versioning keeps the files of a directory, each with its version."""
    listed = read_lock(
        b"stages:\n  plan:\n    outs:\n    - path: out\n      hash: md5\n      files:\n"
        b"      - {relpath: b, md5: 415290769594460e2e485922904f345d, size: 1}\n"
        b"      - {relpath: a, md5: 0cc175b9c0f1b6a831c399e269772661, size: 1}\n"
    )
    assert listed["plan"].outs == {"out": "e7080c3168ec7c271d98f8d9f87ec3cf.dir"}


@pytest.mark.parametrize("entry", ["a", "{path: a}", "{md5: a}", "{files: []}"])
def test_what_has_no_hash_or_no_path_is_passed_over(entry):
    lock = read_lock(f"stages: {{train: {{deps: [{entry}], outs: 3}}}}\n".encode())
    assert (lock["train"].deps, lock["train"].outs) == ({}, {})
