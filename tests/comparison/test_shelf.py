"""Trials are kept whole or not at all, and never more than fit."""

from __future__ import annotations

import json
import os

import pytest
from comparison.trials import asked, trial
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.comparison import shelf as shelf_module
from dvcinc.comparison.shelf import Shelf, key_of
from dvcinc.comparison.stored import from_bytes, to_bytes
from dvcinc.comparison.trial import (
    SHARES,
    Answer,
    Entity,
    IntentScore,
    Scores,
    Spent,
    Trial,
    Way,
)
from dvcinc.errors import InputError

TESTS = asked("a", "b", "faq/x")
KEY = key_of({"base": "sha256:1"})
ONE = trial(TESTS, (1,))

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
COUNTS = st.integers(0, 1 << 40)
SECONDS = st.floats(0, 1e6)
ENTITIES = st.builds(Entity, COUNTS, COUNTS, NAMES, *[st.none() | NAMES] * 2)
ANSWERS = st.builds(
    Answer, st.just("") | NAMES, st.none() | NAMES, st.frozensets(ENTITIES, max_size=3)
)
SHARE = st.floats(0, 1)
TRIALS = st.builds(
    Trial,
    way=st.sampled_from(Way),
    seed=COUNTS,
    spent=st.none()
    | st.builds(
        Spent, seconds=SECONDS, cpu_seconds=SECONDS, peak_bytes=COUNTS, steps=COUNTS
    ),
    unlearned=COUNTS,
    scores=st.builds(
        Scores,
        overall=st.lists(SHARE, max_size=4).map(
            lambda values: tuple(zip(SHARES, values, strict=False))
        ),
        intents=st.lists(st.builds(IntentScore, NAMES, SHARE, COUNTS)).map(tuple),
    ),
    answers=st.lists(ANSWERS).map(tuple),
)


@given(TRIALS)
def test_what_is_written_is_read(made):
    assert from_bytes(to_bytes(made, KEY), "x.json", KEY) == made


def _changed(**said):
    return json.dumps(json.loads(to_bytes(ONE, KEY)) | said).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        to_bytes(ONE, KEY)[:-20],
        to_bytes(ONE, "other"),
        _changed(schema="dvcinc/trial/0"),
        _changed(way="both"),
        _changed(spent=[]),
        _changed(spent={"seconds": "long"}),
        _changed(overall={"accuracy": 2}),
        _changed(overall={"<script>": 1}),
        _changed(intents=[["a", 1]]),
        _changed(intents=[["a", "1", 2]]),
        _changed(answers={}),
        _changed(answers=[[0, -1]]),
        _changed(answers=[[99, -1, []]]),
        _changed(answers=[[-2, -1, []]]),
        _changed(answers=[[True, -1, []]]),
        _changed(answers=[[0, -1, [[1, 2]]]]),
        _changed(names=[1, 2]),
    ],
)
def test_what_is_damaged_is_refused_and_ignored(tmp_path, data):
    with pytest.raises(InputError):
        from_bytes(data, "x.json", KEY)
    (tmp_path / f"{KEY}.json").write_bytes(data)
    assert Shelf(tmp_path).get(KEY, len(TESTS)) is None


def test_a_trial_is_found_again_by_its_key_alone(tmp_path):
    shelf = Shelf(tmp_path / "not" / "there")
    assert shelf.get(KEY, len(TESTS)) is None
    shelf.put(KEY, ONE)
    assert shelf.get(KEY, len(TESTS)) == ONE
    assert shelf.get(key_of({"base": "sha256:2"}), len(TESTS)) is None


def test_a_trial_of_more_or_fewer_tests_is_ignored(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.put(KEY, ONE)
    assert shelf.get(KEY, len(TESTS) + 1) is None


def test_a_fresh_shelf_looks_at_nothing_and_replaces(tmp_path):
    Shelf(tmp_path).put(KEY, ONE)
    fresh = Shelf(tmp_path, is_fresh=True)
    assert fresh.get(KEY, len(TESTS)) is None
    other = trial(TESTS)
    fresh.put(KEY, other)
    assert Shelf(tmp_path).get(KEY, len(TESTS)) == other


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").write_bytes(to_bytes(ONE, KEY))
    (tmp_path / f"{KEY}.json").symlink_to(tmp_path / "elsewhere")
    assert Shelf(tmp_path).get(KEY, len(TESTS)) is None


def test_the_oldest_goes_where_there_is_no_room(tmp_path):
    size = len(to_bytes(ONE, KEY))
    shelf = Shelf(tmp_path, most_bytes=2 * size + size // 2)
    keys = [key_of({"number": number}) for number in range(3)]
    for at, key in enumerate(keys):
        shelf.put(key, ONE)
        os.utime(tmp_path / f"{key}.json", (at, at))
    shelf.put(keys[2], ONE)
    kept = [shelf.get(key, len(TESTS)) is not None for key in keys]
    assert kept == [False, True, True]


def test_what_is_too_large_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(shelf_module, "MOST_EACH", 10)
    Shelf(tmp_path).put(KEY, ONE)
    assert [*tmp_path.iterdir()] == []


def test_a_disk_that_takes_nothing_is_no_error(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    shelf = Shelf(tmp_path / "file" / "below")
    shelf.put(KEY, ONE)
    assert shelf.get(KEY, len(TESTS)) is None
