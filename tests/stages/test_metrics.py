"""`metrics.json` to numbers by dotted name."""

from __future__ import annotations

import pytest

from dvcinc.errors import InputError
from dvcinc.stages.metrics import read_metrics


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"{}", {}),
        (b'{"f1": 0.5, "intent": {"greet": {"f1": 1}}}',
         {"f1": 0.5, "intent.greet.f1": 1.0}),
        # no numbers, or none that a float can be
        (b'{"a": true, "b": "x", "c": null, "d": [1]}', {}),
        (b'{"a": 1' + 400 * b"0" + b', "b": -1e400, "c": 1}', {"c": 1.0}),
    ],
)  # fmt: skip
def test_numbers_have_dotted_names(data, found):
    assert read_metrics(data) == found


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "metrics.json:1:1: not JSON"),
        (b'{"a": NaN}', "NaN is no JSON"),
        (b'{"\\ud800": 1}', "half of a character"),
        (b'{"a":' * 900 + b"1" + b"}" * 900, "objects more than 50 deep"),
        (b"[" * 100_000, "too deep"),
    ],
)
def test_what_no_metrics_are_is_refused(data, message):
    with pytest.raises(InputError, match=message):
        read_metrics(data)
