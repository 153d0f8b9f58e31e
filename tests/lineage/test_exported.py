"""What exports call a model follows from its record and its commit alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from exports import COMMIT, HOSTILE, THERE, base, found, model
from lineages import digest

from dvcinc.errors import InputError
from dvcinc.lineage.exported import (
    Hash,
    Origin,
    commit_id,
    digest_hex,
    moment,
    packages,
    read_hash,
    told,
)

HEX = "0123456789abcdef" * 4


def test_a_model_lies_where_its_project_does():
    assert (model().out, model().data) == ("models/nlu", "training-data")
    there = model(origin=THERE)
    assert there.out == "bots/shop/models/nlu"
    assert there.base.out == "bots/shop/models/base"
    assert there.base.data == "bots/shop/plan/base"


def test_a_base_has_no_base():
    assert (base().kind, base().base, base().out) == ("base", None, "models/base")


def test_a_run_is_the_same_in_every_clone_and_another_for_another_model():
    assert model().run == model(origin=THERE, by=replace(COMMIT, name="e" * 40)).run
    assert str(model().run) == "03c8997d-277a-5805-ba0e-e92fe675410d"
    runs = {model("a").run, model("b").run, model().base.run, base().run}
    assert len(runs) == 3
    assert {run.version for run in runs} == {5}


@pytest.mark.parametrize("said", ["", "sha256:", HEX, "sha256:xyz", HOSTILE])
def test_a_model_whose_digest_is_none_is_refused(said):
    with pytest.raises(InputError, match="is no digest of a model"):
        told(found(digest=said), Origin())


def test_a_base_whose_digest_is_none_is_refused():
    one = found()
    record = replace(one.base.record, digest="sha256:1")
    spoilt = replace(one, base=replace(one.base, record=record))
    with pytest.raises(InputError, match="'sha256:1' is no digest of a model"):
        told(spoilt, Origin())


@pytest.mark.parametrize(
    ("read", "said", "value"),
    [
        (digest_hex, f"sha256:{HEX}", HEX),
        (digest_hex, f"sha256:{HEX}\n", None),
        (digest_hex, f"sha256:{HEX.upper()}", None),
        (digest_hex, f"md5:{HEX}", None),
        (read_hash, f"{HEX[:32]}.dir", Hash(HEX[:32], is_folder=True)),
        (read_hash, HEX[:32], Hash(HEX[:32], is_folder=False)),
        (read_hash, f"{HEX[:32]}.dir.dir", None),
        (read_hash, "", None),
        (commit_id, HEX[:40], HEX[:40]),
        (commit_id, HEX, HEX),
        (commit_id, HEX[:41], None),
        (commit_id, "HEAD", None),
        (commit_id, None, None),
    ],
)
def test_an_id_is_one_or_nothing(read, said, value):
    assert read(said) == value


def test_packages_are_those_with_a_version():
    environment = {
        "numpy": "2.4.6",
        "python": "3.11.7",
        "platform": "Linux x86_64",
        "tensorflow": "",
        "dvcinc": "0.1.0 && x",
        "scipy": "1.11rc1+cpu",
    }
    assert [*packages(environment)] == [("numpy", "2.4.6"), ("scipy", "1.11rc1+cpu")]


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1_704_110_400, "2024-01-01T12:00:00Z"),
        (1 << 62, None),
        (1 << 45, None),
    ],
)
def test_a_time_is_the_commits_in_utc(time, said):
    assert moment(replace(COMMIT, time=time)) == said


def test_a_commit_has_a_uri_where_its_repository_is_known():
    assert Origin().commit_uri("abc") is None
    assert THERE.commit_uri("abc") == "git+https://github.com/acme/bots@abc"


def test_a_model_is_found_by_its_digest():
    assert model().sha256 == digest("a").removeprefix("sha256:")
