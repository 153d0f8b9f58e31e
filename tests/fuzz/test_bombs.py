"""No file, however made, takes more than seconds or a gigabyte, or a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fuzz.bombs import BOMBS
from fuzz.trying import MEMORY, SECONDS, Outcome

pytestmark = pytest.mark.bomb
TESTS = Path(__file__).parents[1]
# Five seconds are promised; on a core that others use too, a second may count double.
SLACK = 2
# What nobody can mean; the others may be read.
REFUSED = (
    "aliases that double in stories",
    "an alias within itself",
    "a merge of itself",
    "deep flow",
    "deep mappings",
    "deep blocks",
    "the same key over and over",
    "bytes of zero",
    "an unclosed quote",
    "deep lists",
    "deep, and closed",
    "no number",
    "a plan that is deep",
    "a lineage that is deep",
    "a lock that is deep",
    "a config that is deep",
    "a config that doubles",
    "parameters that double",
)


@pytest.fixture(scope="module")
def trying(tmp_path_factory) -> Iterator[subprocess.Popen[str]]:
    """A process that has imported the readers once, and forks for each bomb."""
    path = os.pathsep.join((str(TESTS), str(TESTS.parent)))
    with subprocess.Popen(
        [sys.executable, "-m", "fuzz.trying"],
        cwd=tmp_path_factory.mktemp("bombs"),
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        yield running


def outcome(trying: subprocess.Popen[str], name: str) -> Outcome:
    """How it went with a bomb."""
    assert trying.stdin is not None
    assert trying.stdout is not None
    trying.stdin.write(f"{name}\n")
    trying.stdin.flush()
    return Outcome(**json.loads(trying.stdout.readline()))


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_soon_in_little_memory_and_without_a_traceback(trying, name):
    found = outcome(trying, name)
    assert found.error == ""
    assert found.seconds < SLACK * SECONDS
    assert found.peak < MEMORY
    assert not (found.took and name in REFUSED)


def test_no_tag_runs_what_it_says(trying, tmp_path_factory):
    assert outcome(trying, "a Python object").error == ""
    assert not [*tmp_path_factory.getbasetemp().rglob("pwned")]


def test_those_that_are_refused_are_bombs():
    assert {*REFUSED} <= {*BOMBS}
