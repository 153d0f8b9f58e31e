"""Whatever lies in a project: `init` and `doctor` say what is wrong, and do no harm."""

from __future__ import annotations

from contextlib import suppress

import pytest
from adopt.projects import STARTER, TESTS, adopt, contents, prepared
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from repositories import put

from dvcinc.adopt.checks import look_over
from dvcinc.errors import DvcincError

LOCK = "schema: '2.0'\nstages:\n  train:\n    outs:\n    - path: models/base\n"
FILES = {
    "params.yaml": b"",
    "dvc.yaml": b"",
    "dvc.lock": LOCK.encode(),
    "config.yml": b"",
    "data/nlu.yml": b"",
    "tests/nlu.yml": b"",
    ".gitignore": b"",
    ".gitattributes": b"",
    ".dvc/config": b"[core]\n    remote = a\n['remote \"a\"']\n    url = /b\n",
    ".pre-commit-config.yaml": b"repos: []\n",
    "plan/plan.json": b'{"schema": "dvcinc/plan/1", "mode": "none"}\n',
    "lineage.json": b'{"schema": "dvcinc/lineage/2", "base": {}}\n',
    "metrics.json": b'{"calibration_error": 0}\n',
    ".git/hooks/pre-commit": b"#!/bin/sh\n",
}
JUNK = st.one_of(
    st.binary(max_size=20),
    st.sampled_from(
        [b"[]", b"{}", b"a", b"null", b"1", b"\xff", b"\0", b"- -", b"stages: {a: b}"]
    ),
    st.sampled_from(
        [
            b"stages:\n  plan: 1\n",
            b"stages:\n  plan:\n    cmd: [dvcinc stage plan]\n    deps: {a: b}\n",
            b"stages:\n  train:\n    cmd: dvcinc stage train\n    outs: a\n",
            b"stages:\n  record:\n    cmd: dvcinc stage record\n    deps: [{a: 1}]\n",
            b"stages:\n  x:\n    outs: [[a]]\n    wdir: [b]\n",
            b"data: {nlu: ., test: .}\n",
            b"data: {nlu: '', config: .git/config}\n",
            b"<<<<<<< a\n=======\n>>>>>>> b\n",
        ]
    ),
)


@pytest.fixture
def project(repo):
    made = repo({**STARTER, "tests/nlu.yml": TESTS})
    adopt(made.path)
    made.commit()
    for path, content in FILES.items():
        if content:
            put(made.path / path, content)
    return made


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.sampled_from(sorted(FILES)), JUNK, st.floats(0, 1), st.sampled_from([None, 0.3])
)
def test_junk_in_any_file_is_told_or_does_no_harm(project, path, junk, at, share):
    place = project.path / path
    before = place.read_bytes()
    cut = int(at * len(before))
    try:
        for text in (junk, before[:cut] + junk + before[cut:]):
            place.write_bytes(text)
            assert look_over(project.path, online=False)
            there = contents(project.path)
            with suppress(DvcincError):
                prepared(project.path, share=share)
            assert contents(project.path) == there
    finally:
        place.write_bytes(before)
