"""The spread between seeds is read from a comparison, or the reason why not is told."""

from __future__ import annotations

import json

import pytest

from dvcinc.errors import InputError
from dvcinc.lineage.seeds import read_seeds

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SAID = {
    "schema": "dvcinc/comparison/1",
    "commit": COMMIT,
    "metrics": [
        {"name": "accuracy", "scratch": [0.9, 0.92, 0.94]},
        {"name": "entity_f1", "scratch": [0.5]},
        {"name": "responses_accuracy", "scratch": [1.0, None, 1.0]},
    ],
}


def test_the_spread_is_the_standard_deviation_of_what_was_trained_from_scratch():
    found = read_seeds(json.dumps(SAID).encode(), "x.json")
    assert (found.commit, found.count) == (COMMIT, 3)
    assert found.spread == pytest.approx(
        {"intent.accuracy": 0.02, "responses_accuracy": 0.0}
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"schema": "dvcinc/decision/1"}',
        b'{"schema": "dvcinc/comparison/1"}',
        b'{"schema": "dvcinc/comparison/1", "metrics": [1]}',
        b'{"schema": "dvcinc/comparison/1", "metrics": [{"name": 1}]}',
        b'{"schema": "dvcinc/comparison/1", "metrics": [], "commit": 7}',
    ],
)
def test_what_is_no_comparison_is_an_error_that_names_the_file(data):
    with pytest.raises(InputError, match=r"x\.json") as raised:
        read_seeds(data, "x.json")
    assert "dvcinc compare --json" in raised.value.hint


@pytest.mark.parametrize("values", [None, [], "x", [True, "1"], [1e999]])
def test_values_that_are_none_have_no_spread(values):
    said = {**SAID, "metrics": [{"name": "accuracy", "scratch": values}]}
    data = json.dumps(said).replace("Infinity", "1e999").encode()
    assert read_seeds(data, "x.json").spread == {}
