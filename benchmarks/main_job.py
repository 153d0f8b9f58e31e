"""Measures the main job on the sample project, as whole processes.

    python benchmarks/main_job.py [--runs N]

In a temporary copy: the first `dvc repro`, a repro after three new examples, after a
synonym, and with nothing to do; the seconds of each stage; and how long the command
line takes to start, against `python -c pass`.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = ("data", ".dvcignore", "dvc.yaml", "params.yaml")
EXAMPLES = """\
version: "3.1"
nlu:
- intent: lost_property
  examples: |
    - my umbrella is still on the train to [Leeds]{"entity": "station", "role": "to"}
    - has anybody handed in a violin
    - the kids forgot their teddy on board
"""
SYNONYM = """\
version: "3.1"
nlu:
- synonym: Leeds
  examples: |
    - leeds city
"""
STAGE = re.compile(r"^> dvcinc stage (\w+)")


def main() -> None:
    """Runs all measurements and prints tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs of quick commands")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        create(project)
        for title, change in (
            ("first repro", None),
            ("+3 examples", ("data/nlu/more.yml", EXAMPLES)),
            ("synonym", ("data/nlu/more_synonyms.yml", SYNONYM)),
            ("nothing changed", None),
        ):
            if change:
                (project / change[0]).write_text(change[1])
            report(title, repro(project))
            commit(project, title)
        startup(project, runs)


def create(project: Path) -> None:
    """A fresh repository with the sample project's data."""
    project.mkdir()
    for name in PROJECT:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, project / name)
    run(project, "git", "init", "-q")
    run(project, "dvc", "init", "-q", "-f")
    commit(project, "data")


def commit(project: Path, message: str) -> None:
    """Commits everything."""
    run(project, "git", "add", "-A")
    run(project, "git", "commit", "-q", "--allow-empty", "-m", message)


def environment() -> dict[str, str]:
    """This interpreter's programs first, an author for commits, no analytics."""
    who = {"NAME": "bench", "EMAIL": "bench@example.org"}
    return {
        **os.environ,
        **{
            f"GIT_{role}_{k}": v
            for role in ("AUTHOR", "COMMITTER")
            for k, v in who.items()
        },
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "DVC_NO_ANALYTICS": "1",
    }


def run(project: Path, *command: str) -> None:
    """Runs a command that must succeed."""
    subprocess.run(command, cwd=project, env=environment(), check=True)


def repro(project: Path) -> dict[str, float]:
    """Seconds of each stage that ran, by the lines that DVC prints, and the whole."""
    start = time.perf_counter()
    running = subprocess.Popen(
        ["dvc", "repro"],
        cwd=project,
        env={**environment(), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    took: dict[str, float] = {}
    stage, since = "", start
    assert running.stdout is not None  # noqa: S101 - it was asked for
    for line in running.stdout:
        now = time.perf_counter()
        if stage and line.startswith(("Updating", "Generating", "Running", "Stage")):
            took[stage] = now - since
            stage = ""
        if found := STAGE.match(line):
            stage, since = found[1], now
        if line.startswith("evaluate:"):
            print(f"  {line.strip()}")
    if running.wait():
        sys.exit("dvc repro failed")
    took["whole dvc repro"] = time.perf_counter() - start
    return took


def report(title: str, took: dict[str, float]) -> None:
    """Prints the seconds of a repro."""
    print(f"{title}: " + ", ".join(f"{name} {s:.1f} s" for name, s in took.items()))


def startup(project: Path, runs: int) -> None:
    """Prints milliseconds over `python -c pass`, medians of runs taken in turn."""
    bare = [sys.executable, "-c", "pass"]
    commands = {
        "dvcinc --help": ["dvcinc", "--help"],
        "dvcinc classify, nothing changed": ["dvcinc", "classify"],
        "dvcinc predict": ["dvcinc", "predict", "is the 9:30 to Leeds late"],
    }
    for title, command in commands.items():
        pairs = [
            (seconds(project, bare), seconds(project, command)) for _ in range(runs)
        ]
        over = statistics.median(own - floor for floor, own in pairs)
        print(f"{title}: {over * 1000:.0f} ms over python -c pass")


def seconds(project: Path, command: list[str]) -> float:
    """Wall time of a process."""
    start = time.perf_counter()
    subprocess.run(
        command, cwd=project, env=environment(), check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
