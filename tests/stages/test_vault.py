"""Models out of DVC's cache: what is there, what is not, and what is not to be had."""

from __future__ import annotations

import json

import pytest

from dvcinc.errors import CannotTellError, CheckError
from dvcinc.snapshot.dvcouts import Out
from dvcinc.stages.hashes import md5_of
from dvcinc.stages.vault import Vault

FILES = {"model.json": b"{}", "inner/weights": b"\x00\x01"}


@pytest.fixture
def root(tmp_path):
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc/config").write_text("")
    return tmp_path


def put(root, md5, data):
    path = root / ".dvc/cache/files/md5" / md5[:2] / md5[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def stored(root, files=FILES):
    """Puts files and their listing into the cache; the out."""
    for data in files.values():
        put(root, md5_of(data), data)
    listed = [{"md5": md5_of(d), "relpath": name} for name, d in sorted(files.items())]
    return listing(root, json.dumps(listed).encode())


def listing(root, data):
    md5 = f"{md5_of(data)}.dir"
    put(root, md5, data)
    return Out("models/nlu", md5, legacy=False, pointer="lineage.json")


def read(root, out, *, remote=False):
    with Vault(root, remote).checked_out(out) as folder:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }


def test_a_stored_directory_is_had_as_it_was(root):
    assert read(root, stored(root)) == FILES


def test_what_is_checked_out_goes_and_what_is_stored_stays(root):
    out = stored(root)
    with Vault(root, remote=False).checked_out(out) as folder:
        assert folder.is_dir()
    assert not folder.exists()
    assert read(root, out) == FILES


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("remote", [False, True])
def test_a_file_that_is_missing_is_named(root, name, remote):
    out = stored(root)
    md5 = md5_of(FILES[name])
    put(root, md5, b"").unlink()
    with pytest.raises(CannotTellError, match=f"models/nlu/{name}: {md5} is not in"):
        read(root, out, remote=remote)


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_another_byte_is_broken(root, name):
    out = stored(root)
    put(root, md5_of(FILES[name]), FILES[name] + b"x")
    with pytest.raises(CheckError, match=f"models/nlu/{name}: .* has another MD5"):
        read(root, out)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}}",
        b'[{"md5": "x", "relpath": "a"}]',
        b'[{"md5": "%s", "relpath": "../a"}]' % (b"0" * 32),
        b'[{"md5": "%s", "relpath": "/a"}]' % (b"0" * 32),
    ],
)
def test_a_listing_that_is_none_of_dvcs_is_broken(root, data):
    with pytest.raises(CheckError):
        read(root, listing(root, data))


def test_without_a_cache_nothing_can_be_told(root):
    with pytest.raises(CannotTellError, match="there is no DVC cache here"):
        read(None, stored(root))


@pytest.mark.parametrize("second", ["model.json", "model.json/x", "./model.json"])
def test_a_listing_that_names_a_place_twice_writes_into_no_stored_file(root, second):
    stored(root)
    names = ["model.json", second]
    md5s = [md5_of(data) for data in FILES.values()]
    listed = [{"md5": m, "relpath": n} for m, n in zip(md5s, names, strict=True)]
    with pytest.raises(CheckError):
        read(root, listing(root, json.dumps(listed).encode()))
    assert read(root, stored(root)) == FILES
