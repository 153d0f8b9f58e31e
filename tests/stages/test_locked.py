"""What `dvc.lock` says against the project: is a stage that follows up to date?"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from repositories import put

from dvcinc.stages.locked import Locked


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def lock(
    model: str = "m", test: str = "t", report: str = "r", drop: str = "0.05"
) -> str:
    return f"""\
schema: '2.0'
stages:
  package:
    cmd: dvcinc stage package
    outs:
    - {{path: models/nlu, md5: {md5("m")}.dir}}
  verify:
    cmd: dvcinc stage verify
    deps:
    - {{path: data/test.yml, md5: {md5(test)}}}
    - {{path: models/nlu, md5: {md5(model)}.dir}}
    params:
      params.yaml:
        policy.max_f1_drop: {drop}
    outs:
    - {{path: reports/verify.json, md5: {md5(report)}}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """No model lies there: a clone without a cache has none."""
    put(tmp_path / "data/test.yml", "t")
    put(tmp_path / "reports/verify.json", "r")
    put(tmp_path / "params.yaml", "policy: {max_f1_drop: 0.05}\n")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (lock(), ""),
        (lock(model="other"), "models/nlu changed"),
        (lock(test="other"), "data/test.yml changed"),
        (lock(report="other"), "reports/verify.json changed"),
        (lock(drop="null"), "policy.max_f1_drop changed"),
        (lock("x", "y"), "data/test.yml, models/nlu changed"),
        (lock().partition("  verify:")[0], "it has not passed"),
        ("stages: [", "it has not passed"),
    ],
)
def test_a_stage_is_stale_by_what_the_lock_has_of_the_others(
    project: Path, text: str, why: str
) -> None:
    assert Locked.of(project, text.encode()).is_stale("verify") == why


def test_without_a_lock_no_stage_has_run(project: Path) -> None:
    assert Locked.of(project, None).stages == {}


def test_the_projects_own_lock_is_read(project: Path) -> None:
    put(project / "dvc.lock", lock())
    assert Locked.of(project, None).is_stale("verify") == ""


def test_a_parameter_that_is_gone_has_moved(project: Path) -> None:
    put(project / "params.yaml", "policy: 3\n")
    found = Locked.of(project, lock().encode())
    assert found.moved_params("verify") == "policy.max_f1_drop"
