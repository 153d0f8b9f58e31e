"""A small bot, and the command line as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

from corpora import nlu_yaml

from dvcinc.render.decision import read_decision

BOT = {
    "data/nlu.yml": nlu_yaml("greet: hi | hello\nbye: ciao | so long"),
    "domain.yml": "intents: [greet, bye]\nactions: [action_a]\n",
    "config.yml": "language: en\npipeline: [{name: WhitespaceTokenizer}]\n",
}


NEW_INTENT = {"data/more.yml": nlu_yaml("order: a coffee | a tea please")}


MORE = {"data/more.yml": nlu_yaml("greet: good day | hey")}


def python(folder, code):
    """Runs Python code as a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def dvcinc(folder, *arguments, environment=None):
    """Runs the command line as a process of its own; each decision is a valid one."""
    done = subprocess.run(
        [sys.executable, "-m", "dvcinc", *arguments],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if "classify" in arguments and "--json" in arguments and not done.returncode:
        read_decision(done.stdout.encode())
    return done


_PLAN = "cmd: dvcinc stage plan, deps: [data, domain.yml, config.yml]"
_FURTHER = "train", "finetune", "package", "evaluate", "record", "verify"
SET_UP = {
    "dvc.yaml": f"stages:\n  plan: {{{_PLAN}}}\n"
    + "".join(f"  {name}: {{cmd: dvcinc stage {name}}}\n" for name in _FURTHER),
    ".dvc/config": "",
}
"""What `dvcinc init` leaves, as far as `status` looks at it."""

PIPELINE = """\
language: en
pipeline:
- name: WhitespaceTokenizer
- name: CountVectorsFeaturizer
- name: DIETClassifier
"""
