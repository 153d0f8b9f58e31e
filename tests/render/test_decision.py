"""A decision document is read as it was written; a hostile one is an `InputError`."""

from __future__ import annotations

import json
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from render.decisions import BASE, HEAD, WHOLE, documents, reason, whole

from dvcinc.changes import Kind
from dvcinc.config import Mode, Target
from dvcinc.errors import InputError
from dvcinc.lineage.standing import Standing
from dvcinc.lineage.warning import About
from dvcinc.render.decision import MAX_DEPTH, read_decision, schema
from dvcinc.render.document import IntentSaid, Spot
from dvcinc.render.written import MAX_BYTES, MAX_VALUES

MOST_SECONDS = 1.0


def data(value) -> bytes:
    return json.dumps(value).encode()


def refused(bad: bytes) -> str:
    """The error of a document, which must not take long to find; CPU time."""
    start = time.process_time()
    with pytest.raises(InputError) as raised:
        read_decision(bad)
    assert time.process_time() - start < MOST_SECONDS
    return raised.value.message


def test_a_document_is_read_as_it_says():
    read = read_decision(data(WHOLE))
    assert (read.mode, read.project) == (Mode.SCRATCH, "bots/one")
    assert read.targets == {Target.NLU: Mode.SCRATCH, Target.DIALOGUE: Mode.SCRATCH}
    assert (read.old.commit, read.new.commit) == (BASE, HEAD)
    assert (read.standing, read.due_since) == (Standing.NEW, None)
    assert read.change.mode is Mode.SCRATCH
    assert read.change.reasons == read.reasons
    assert all(reason.ours for reason in read.reasons)
    assert read.reasons[0].spots == (Spot("data/more.yml", 5),)
    assert read.reasons[1].spots == (Spot("data/nlu.yml", 9, old=True),)
    assert read.intents[0] == IntentSaid(name="bye", added=0, removed=1, now=11)
    assert read.warnings[0].spot == Spot("data/more.yml", 6)
    assert read.warnings[1].spot is None


@settings(max_examples=50)
@given(documents(st.text()))
def test_whatever_the_schema_allows_can_be_read(value):
    read_decision(data(value))


def test_the_schema_is_a_schema_of_its_own_draft():
    Draft202012Validator.check_schema(schema())


def test_the_schema_allows_no_key_that_it_does_not_name():
    def objects(value):
        if isinstance(value, dict):
            if isinstance(value.get("properties"), dict):
                yield value
            for inner in value.values():
                yield from objects(inner)

    found = list(objects(schema()))
    assert len(found) > 15
    for one in found:
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])


def test_the_schema_knows_all_kinds_of_warnings_and_changes():
    properties = schema()["properties"]
    kinds = properties["warnings"]["items"]["properties"]["kind"]["enum"]
    assert kinds == [about.value for about in About]
    pattern = schema()["$defs"]["reason"]["properties"]["kind"]["pattern"]
    validator = Draft202012Validator({"pattern": pattern})
    assert all(validator.is_valid(kind.value) for kind in Kind)


BAD = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b'"\xff"',
    "another schema": data(whole(schema="dvcinc/plan/1")),
    "no object": b"[]",
    "a key too many": data(whole(more="x")),
    "a key twice": data(WHOLE)[:-1] + b', "mode": "none"}',
    "a key too few": data({k: v for k, v in WHOLE.items() if k != "split"}),
    "another mode": data(whole(mode="SCRATCH")),
    "no commit": data(whole(new={**WHOLE["new"], "commit": "main"})),
    "a line after a commit": data(whole(new={**WHOLE["new"], "commit": HEAD + "\n"})),
    "a line after a kind": data(whole(reasons=[reason(kind="added\n")])),
    "a long name": data(whole(reasons=[reason(subject="x" * 201)])),
    "a long text": data(whole(reasons=[reason(text="x" * 601)])),
    "many reasons": data(whole(reasons=[reason()] * 1001)),
    "a count below zero": data(whole(reasons=[reason(count=-1)])),
    "a count of many digits": data(WHOLE).replace(b"1773", b"9" * 5000),
    "a fraction": data(whole(reasons=[reason(count=1.5)])),
    "no number": data(WHOLE).replace(b"61.0", b"NaN"),
    "an endless number": data(WHOLE).replace(b"61.0", b"Infinity"),
    "a number too large": data(WHOLE).replace(b"61.0", b"1e999"),
    "a flag for a number": data(whole(reasons=[reason(count=True)])),
    "half a character": data(whole(project="\ud800")),
    "a deep one": b"[" * 100_000 + b"]" * 100_000,
    "a deep one that JSON takes": b"[" * 900 + b"]" * 900,
    "too long": b" " * (MAX_BYTES + 1),
    "many values": b"[" + b"0," * (MAX_BYTES // 2 - 2) + b"0]",
    "many lists": b"[" + b"[]," * (MAX_BYTES // 3 - 2) + b"0]",
    "many keys": data({str(n): 0 for n in range(MAX_VALUES - 1)}),
    "many bad reasons": data(whole(reasons=[[]] * (MAX_VALUES - 500))),
    "one long text": data(whole(project="x" * (MAX_BYTES - 10_000))),
    "many backslashes": data(whole(project="\\" * (MAX_BYTES // 2 - 10_000))),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_document_is_refused_in_no_time(name):
    message = refused(BAD[name])
    assert message.startswith("decision.json: ")
    assert len(message) < 500


def test_the_largest_document_is_read_in_time():
    place = {"side": "new", "path": "data/" + "x" * 900, "line": 3}
    reasons = [reason(places=[place] * 5, text="x" * 500)] * 600
    intents = [{"name": "x" * 200, "added": 1, "removed": 1, "now": 1}] * 2000
    start = time.process_time()
    change = {**whole()["change"], "reasons": reasons[:150]}
    found = whole(reasons=reasons, intents=intents, change=change)
    read_decision(data(found))
    assert time.process_time() - start < MOST_SECONDS


def _paths(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        yield from _paths(inner, (*path, key))


PATHS = sorted(_paths(WHOLE), key=str)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=8,
)


def _put(value, path, instead):
    if not path:
        return instead
    value = dict(value) if isinstance(value, dict) else list(value)
    value[path[0]] = _put(value[path[0]], path[1:], instead)
    return value


@settings(max_examples=200)
@given(st.sampled_from(PATHS), anything)
def test_a_document_with_something_else_somewhere_is_read_or_refused(path, instead):
    bad = data(_put(WHOLE, path, instead))
    start = time.process_time()
    with suppress(InputError):
        read_decision(bad)
    assert time.process_time() - start < MOST_SECONDS


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(said):
    refused(said)


def test_the_schema_is_no_deeper_than_is_looked():
    def depth(value):
        inner = value.values() if isinstance(value, dict) else value
        deep = [depth(one) for one in inner] if isinstance(value, dict | list) else []
        return 1 + max(deep, default=0)

    assert depth(WHOLE) <= MAX_DEPTH
