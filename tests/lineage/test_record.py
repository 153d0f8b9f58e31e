"""`lineage.json` says what was put into it, and refuses what is no lineage."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.config import Mode
from dvcinc.corpus.values import Example
from dvcinc.errors import InputError
from dvcinc.lineage.record import (
    DataRecord,
    Lineage,
    ReasonRecord,
    Record,
    read_lineage,
)
from dvcinc.lineage.unlearned import Unlearned
from dvcinc.text.visible import visible

counts = st.integers(0, 10**9)
data = st.builds(
    DataRecord,
    digest=st.text(),
    examples=counts,
    intents=counts,
    entities=counts,
    added=counts,
    removed=counts,
)
reasons = st.builds(ReasonRecord, code=st.text(), text=st.text(), place=st.text())
records = st.builds(
    Record,
    digest=st.text(),
    dvc=st.text(),
    mode=st.sampled_from(Mode),
    ran=st.text(),
    parent=st.none() | st.text(),
    data=data,
    reasons=st.lists(reasons, max_size=3).map(tuple),
    preset=st.text(),
    commit=st.none() | st.text(),
    seconds=st.floats(0, 1e6),
    steps=counts,
    unlearned=st.lists(
        st.builds(Example, st.text(), st.text(), st.just(())), max_size=30
    ).map(Unlearned.of),
    metrics=st.dictionaries(st.text(), st.floats(0, 1), max_size=3),
    environment=st.dictionaries(st.text(), st.text(), max_size=3),
)


@given(st.builds(Lineage, base=records, model=records))
def test_a_lineage_reads_back_as_it_was_written(lineage):
    assert read_lineage(lineage.to_bytes()) == lineage


def test_another_schema_is_refused_by_name():
    with pytest.raises(InputError, match="has schema 'x', not 'dvcinc/lineage/2'"):
        read_lineage(b'{"schema": "x"}')


@pytest.mark.parametrize("data", [b"", b"<<<<<<< HEAD\n", b"[" * 100_000])
def test_what_is_no_json_is_refused(data):
    with pytest.raises(InputError, match=r"lineage\.json:1:1: not JSON"):
        read_lineage(data)


def test_a_missing_key_is_named():
    value = {"schema": "dvcinc/lineage/2", "records": [{}, {}]}
    with pytest.raises(InputError, match=r"records\[0\]: data: must be an object"):
        read_lineage(json.dumps(value).encode())


def _lineage() -> Lineage:
    """A fine-tune, and its base."""
    corpus = DataRecord(digest="sha256:c", examples=9, intents=2, entities=0)
    base = Record(
        digest=f"sha256:{'b' * 64}",
        dvc="0b.dir",
        mode=Mode.SCRATCH,
        ran="trained",
        parent=None,
        data=corpus,
        reasons=(ReasonRecord(code="DI201", text="a new intent", place="a.yml:3"),),
        preset="strict",
        commit=None,
        seconds=9.0,
        steps=40,
    )
    why = ReasonRecord(code="DI101", text="two examples added", place="a.yml:5")
    model = replace(
        base,
        digest=f"sha256:{'a' * 64}",
        mode=Mode.FINETUNE,
        parent=base.digest,
        data=replace(corpus, examples=11, added=2),
        reasons=(why, replace(why, code="DI111")),
    )
    return Lineage(base=base, model=model)


def test_what_dvc_shows_stands_before_the_records():
    """DVC makes a column of each number and text, and none of what a list holds."""
    said = _lineage().to_json()
    assert [*said] == ["schema", *_lineage().columns(), "records"]
    assert _lineage().columns() == {
        "mode": "finetune",
        "reason": "DI101 two examples added (+1)",
        "model": "a" * 12,
        "base": "b" * 12,
        "parent": "b" * 12,
        "added": 2,
        "removed": 0,
    }


def test_a_base_that_is_served_as_it_is_has_no_reason_beyond_its_own():
    base = _lineage().base
    shown = Lineage(base=base, model=replace(base, reasons=())).columns()
    assert (shown["reason"], shown["parent"]) == ("", "")


@given(st.builds(Lineage, base=records, model=records))
def test_what_dvc_shows_is_short_and_talks_to_no_terminal(lineage):
    reason = str(lineage.columns()["reason"])
    assert visible(reason) == reason
    assert len(reason) < 100


@pytest.mark.parametrize("key", _lineage().columns())
def test_columns_that_are_not_those_of_the_records_are_refused(key):
    said = _lineage().to_json()
    for wrong in ({**said, key: "other"}, {k: v for k, v in said.items() if k != key}):
        with pytest.raises(InputError, match=f"{key} is .* by its records"):
            read_lineage(json.dumps(wrong).encode())


@pytest.mark.parametrize("count", [0, 1, 3])
def test_more_or_fewer_than_two_records_are_refused(count):
    said = _lineage().to_json()
    said["records"] = [said["records"][0]] * count
    with pytest.raises(InputError, match=f"the model and its base, not {count}"):
        read_lineage(json.dumps(said).encode())
