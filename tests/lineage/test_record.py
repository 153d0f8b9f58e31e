"""`lineage.json` says what was put into it, and refuses what is no lineage."""

from __future__ import annotations

import json

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
    with pytest.raises(InputError, match="has schema 'x', not 'dvcinc/lineage/1'"):
        read_lineage(b'{"schema": "x"}')


@pytest.mark.parametrize("data", [b"", b"<<<<<<< HEAD\n", b"[" * 100_000])
def test_what_is_no_json_is_refused(data):
    with pytest.raises(InputError, match=r"lineage\.json:1:1: not JSON"):
        read_lineage(data)


def test_a_missing_key_is_named():
    value = {"schema": "dvcinc/lineage/1", "base": {}, "model": {}}
    with pytest.raises(InputError, match="base: data: must be an object"):
        read_lineage(json.dumps(value).encode())
