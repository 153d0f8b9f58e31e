"""What `dvc.yaml` says of the stages that run here."""

from __future__ import annotations

import pytest
from repositories import put

from dvcinc.stages.pipeline import deps, has_stage

SAID = """\
stages:
  other:
    cmd: make
    deps: [raw]
  record:
    cmd: dvcinc stage record
    deps:
      - ./plan/plan.json
      - models/nlu/
      - metrics.json: {frozen: true}
"""
LISTED = ("plan/plan.json", "models/nlu", "metrics.json")


@pytest.mark.parametrize(
    ("text", "name", "there", "listed"),
    [
        (SAID, "record", True, LISTED),
        (SAID, "evaluate", False, None),
        (SAID.replace("raw", "'${raw}'"), "record", True, LISTED),
        (SAID.replace("models", "${models}"), "record", True, None),
        ("stages:\n  record:\n    cmd: dvcinc stage record\n", "record", True, ()),
        ("stages:\n  record:\n    cmd: make\n", "record", False, None),
        ("stages: {}\n", "record", False, None),
        ("", "record", False, None),
        (None, "record", True, None),
    ],
)
def test_a_stage_is_known_by_its_command(tmp_path, text, name, there, listed):
    """Without a file nothing is known, so that no stage is missed."""
    if text is not None:
        put(tmp_path / "dvc.yaml", text)
    assert has_stage(tmp_path, name) == there
    assert deps(tmp_path, name) == listed
