"""A small assistant in a real Git repository with real DVC, driven from outside."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from corpora import PIPELINE

Done = subprocess.CompletedProcess[str]
ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

NLU = {
    "greet": [
        "hi",
        "hello",
        "hey there",
        "good morning",
        "good evening",
        "hello again",
    ],
    "goodbye": [
        "bye",
        "goodbye",
        "see you later",
        "see you tomorrow",
        "bye bye",
        "talk to you later",
    ],
    "book_table": [
        "book a table in [Leeds](city)",
        "table for two in [York](city)",
        "I want a table in [Hull](city) please",
        "reserve a table in [Leeds](city) tonight",
        "can I book in [York](city)",
        "a table near [Hull](city)",
    ],
    "opening_hours": [
        "when do you open",
        "what are your opening hours",
        "are you open on sunday",
        "when do you close",
        "opening times please",
        "how late are you open",
    ],
}
TEST = {
    "greet": ["hello hello", "hi there"],
    "goodbye": ["bye for now", "see you"],
    "book_table": ["book a table in [York](city) please"],
    "opening_hours": ["when are you open"],
}
NEW_INTENT = ["transfer money", "send money to my brother", "wire some money"]
RAN_ALL = ["plan", "train", "finetune", "package", "evaluate", "record"]
RAN_FINETUNE = ["plan", "finetune", "package", "evaluate", "record"]
CONFIG = "recipe: default.v1\n" + PIPELINE
DOMAIN = """\
version: "3.1"
intents: [greet, goodbye, book_table, opening_hours]
entities: [city]
"""
SYNONYMS = """\
version: "3.1"
nlu:
- synonym: York
  examples: |
    - yorkie
"""


TRAINING = re.compile(r"^(training|learning) [\d,]+ example.* …$", re.MULTILINE)
"""The line with which a training begins; those that tell how far it is have a step."""


def nlu(intents: dict[str, list[str]]) -> str:
    """Rasa YAML for intents and their examples."""
    items = [
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {e}\n" for e in texts)
        for intent, texts in intents.items()
    ]
    return 'version: "3.1"\nnlu:\n' + "".join(items)


@dataclass(frozen=True)
class Project:
    """A project directory and the commands that a person would type in it."""

    path: Path

    def run(self, *command: str, check: bool = True) -> Done:
        """Runs a command; a failure shows what it printed."""
        done = subprocess.run(
            command,
            cwd=self.path,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"{command}:\n{done.stdout}\n{done.stderr}")
        return done

    def git(self, *arguments: str) -> str:
        return self.run("git", *arguments).stdout.strip()

    def dvcinc(self, *arguments: str, check: bool = True) -> str:
        return self.run("dvcinc", *arguments, check=check).stdout

    def repro(self) -> list[str]:
        """`dvc repro`; the names of the stages whose command ran."""
        done = self.run("dvc", "repro")
        lines = (done.stdout + done.stderr).splitlines()
        ran = [line for line in lines if line.startswith("> dvcinc stage")]
        return [line.rpartition(" ")[2] for line in ran]

    def trainings(self, *command: str) -> list[str]:
        """`dvc repro`, or another command; the stages that really trained, in order.

        A stage that restores a model runs, too, but never begins a training.
        """
        done = self.run(*(command or ("dvc", "repro")))
        found = TRAINING.findall(done.stdout + done.stderr)
        return ["train" if word == "training" else "finetune" for word in found]

    def commit(self, message: str) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")

    def write(self, path: str, text: str) -> None:
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        return (self.path / path).read_text(encoding="utf-8")

    def add_examples(self, intent: str, *examples: str) -> None:
        """Writes examples into a file of their own, behind those already there."""
        path = self.path / f"data/nlu/more_{intent}.yml"
        before = path.read_text() if path.exists() else nlu({intent: []})
        path.write_text(before + "".join(f"    - {e}\n" for e in examples))

    def plan(self) -> dict:
        return json.loads(self.read("plan/plan.json"))

    def lineage(self, revision: str | None = None) -> dict:
        """The records of `model` and `base`, of the work tree or of a revision."""
        path = "lineage.json"
        said = self.git("show", f"{revision}:{path}") if revision else self.read(path)
        return dict(zip(("model", "base"), json.loads(said)["records"], strict=True))

    def digest(self) -> str:
        """The digest of the model that is served."""
        return self.lineage()["model"]["digest"]

    def hash(self, path: str) -> str:
        return self.run("sha256sum", path).stdout.split()[0]

    def intents(self, *texts: str) -> list[str]:
        """What the model predicts for texts."""
        lines = self.dvcinc("predict", "--json", *texts).splitlines()
        return [json.loads(line)["intent"]["name"] for line in lines]

    def copy(self, target: Path) -> Project:
        shutil.copytree(self.path, target, symlinks=True)
        return Project(target)


def environment() -> dict[str, str]:
    """An environment like a fresh shell's, with this interpreter's programs first."""
    who = {"NAME": "Ada", "EMAIL": "ada@example.org"}
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
        **{f"GIT_AUTHOR_{key}": value for key, value in who.items()},
        **{f"GIT_COMMITTER_{key}": value for key, value in who.items()},
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "DVC_NO_ANALYTICS": "1",
        "ITERATIVE_DO_NOT_TRACK": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CI": "true",
        "COLUMNS": "200",
    }


def create(path: Path) -> Project:
    """A fresh project, its data committed, nothing trained yet."""
    project = Project(path)
    path.mkdir(parents=True)
    project.write("data/nlu/nlu.yml", nlu(NLU))
    project.write("data/nlu/synonyms.yml", SYNONYMS)
    project.write("data/test/test_nlu.yml", nlu(TEST))
    project.write("data/domain.yml", DOMAIN)
    project.write("data/config.yml", CONFIG)
    for name in ("dvc.yaml", "params.yaml"):
        shutil.copy(ROOT / name, path / name)
    project.git("init", "-q", "-b", "main")
    project.run("dvc", "init", "-q")
    project.commit("data")
    return project
