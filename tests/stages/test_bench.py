"""Stages work beside, and end with their parent."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import pytest

from dvcinc.errors import InputError
from dvcinc.snapshot.side import unwatched
from dvcinc.stages.bench import Bench
from dvcinc.stages.plan import run_plan

CHILD = (
    "import time; from dvcinc.stages.bench import end_with_parent;"
    "end_with_parent(); print('up', flush=True); time.sleep(60)"
)
PARENT = (
    "import subprocess, sys, time;"
    f"child = subprocess.Popen([sys.executable, '-c', {CHILD!r}]);"
    "print(child.pid, flush=True); time.sleep(60)"
)


class Silent:
    """Says nothing."""

    def say(self, text):
        pass

    warn = say

    def watching(self):
        return nullcontext(unwatched)

    def progress(self, _):
        return None


def test_a_stage_ends_when_its_parent_is_killed():
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True
    )
    lines = [parent.stdout.readline().strip() for _ in range(2)]
    child = int(next(line for line in lines if line.isdigit()))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 10
    while _lives(child):
        assert time.monotonic() < deadline, "the child lives on"
        time.sleep(0.05)


def _lives(process):
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_what_an_earlier_stage_did_not_write_is_named(tmp_path):
    bench = Bench(tmp_path, tmp_path, Silent())
    with pytest.raises(InputError, match="plan/base is missing") as caught:
        bench.need("plan/base", "plan")
    assert caught.value.hint == "run dvc repro plan"


PARAMS = (
    "data: {nlu: data/nlu, domain: domain.yml, config: config.yml, test: data/test}\n"
)
CONFIG = (
    "language: en\npipeline: [{name: WhitespaceTokenizer}, "
    "{name: CountVectorsFeaturizer}, {name: DIETClassifier}]\n"
)
LOOKUP = (
    "nlu:\n- intent: a\n  examples: |\n    - x\n- intent: b\n  examples: |\n    - y\n"
    "- lookup: town\n  examples: elsewhere/towns.txt\n"
)
FILES = {
    "params.yaml": PARAMS,
    "config.yml": CONFIG,
    "data/nlu/nlu.yml": LOOKUP,
    "elsewhere/towns.txt": "Leeds\nYork\n",
}
STAGE = "stages:\n  plan:\n    cmd: dvcinc stage plan\n    deps: [{deps}]\n"


def test_a_file_that_no_dep_covers_is_refused(repo):
    made = repo({**FILES, "dvc.yaml": STAGE.format(deps="data/nlu, config.yml")})
    with pytest.raises(InputError, match=r"elsewhere/towns\.txt is read by the plan"):
        run_plan(made.path, Silent())


def test_a_covered_lookup_file_is_part_of_the_base(repo):
    deps = "data/nlu, config.yml, elsewhere"
    made = repo({**FILES, "dvc.yaml": STAGE.format(deps=deps)})
    run_plan(made.path, Silent())
    written = (made.path / "plan/base/nlu.yml").read_text(encoding="utf-8")
    # Without a RegexFeaturizer a lookup trains nothing.
    assert "Leeds" not in written
    config = CONFIG.replace(
        "{name: DIETClassifier}", "{name: RegexFeaturizer}, {name: DIETClassifier}"
    )
    made.commit({"config.yml": config})
    run_plan(made.path, Silent())
    written = (made.path / "plan/base/nlu.yml").read_text(encoding="utf-8")
    assert "Leeds" in written


def test_a_plan_needs_no_commit(repo):
    made = repo()
    made.write(FILES)
    run_plan(made.path, Silent())
    assert (made.path / "plan/plan.json").exists()
