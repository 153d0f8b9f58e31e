"""Assistants in repositories of any shape, and the command line run on them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
CONFIG = (
    "language: en\npipeline:\n- name: WhitespaceTokenizer\n- name: DIETClassifier\n"
)
DOMAIN = "intents: [greet, bye]\n"


def nlu(*greetings: str) -> str:
    """Training data with these greetings, and two ways to part."""
    lines = "".join(f"    - {text}\n" for text in greetings)
    bye = "- intent: bye\n  examples: |\n    - ciao\n    - so long\n"
    return f"nlu:\n- intent: greet\n  examples: |\n{lines}{bye}"


def bot(*greetings: str, below: str = "") -> dict[str, str]:
    """The files of an assistant."""
    return {
        f"{below}data/nlu.yml": nlu(*(greetings or ("hi", "hello"))),
        f"{below}domain.yml": DOMAIN,
        f"{below}config.yml": CONFIG,
    }


class Ran(NamedTuple):
    """How the command line ended."""

    code: int
    out: str
    err: str

    @property
    def added(self) -> dict[str, int]:
        """Examples that came, by intent."""
        return {i["name"]: i["added"] for i in json.loads(self.out)["intents"]}

    @property
    def mode(self) -> str:
        """The verdict."""
        return json.loads(self.out)["mode"]


def dvcinc(folder: Path, *arguments: str, **environment: str) -> Ran:
    """Runs the command line in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "dvcinc", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


def classify(folder: Path, *arguments: str, **environment: str) -> Ran:
    """Runs `dvcinc classify --json`, which must come to a verdict."""
    ran = dvcinc(folder, "classify", "--json", *arguments, **environment)
    assert ran.code == 0, ran.err
    return ran
