"""A report reads back as it was written, and DVC shows no more of it than matters."""

from __future__ import annotations

import json

import pytest

from dvcinc.errors import InputError
from dvcinc.lineage.unlearned import Unlearned
from dvcinc.stages.reports import Report, environment, read_report

REPORT = Report(
    ran="trained",
    seconds=1.5,
    steps=40,
    epochs=2,
    unlearned=Unlearned(),
    environment=environment(),
)


def test_a_report_reads_back_as_it_was_written():
    data = json.dumps(REPORT.to_json()).encode()
    assert read_report(data, "train.json") == REPORT


def test_the_environment_is_no_column_of_dvcs():
    shown = {k: v for k, v in REPORT.to_json().items() if not isinstance(v, list)}
    assert [*shown] == ["schema", "ran", "seconds", "steps", "epochs", "unlearned"]


@pytest.mark.parametrize("said", [[], [{}, {}], {}, None, ["numpy 2"]])
def test_another_form_of_the_environment_is_refused(said):
    data = json.dumps({**REPORT.to_json(), "environment": said}).encode()
    with pytest.raises(InputError, match=r"train\.json: environment"):
        read_report(data, "train.json")
