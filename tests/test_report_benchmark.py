"""The benchmark of reports measures what it says."""

from __future__ import annotations

import re

import report


def test_a_row_for_each_number_of_models(capsys):
    report.main(["2", "3"])
    rows = capsys.readouterr().out.splitlines()[2:]
    assert [row.split(" | ")[0] for row in rows] == ["| 2", "| 3"]
    assert all(re.fullmatch(r"\| \d( \| \d+ \| \d+\.\d){2} \|", row) for row in rows)
