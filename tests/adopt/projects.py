"""Rasa projects of many shapes, and what `init` makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from corpora import nlu_yaml
from repositories import put

from dvcinc.adopt.find import ground
from dvcinc.adopt.initial import Adoption, Wishes, prepare
from dvcinc.adopt.write import write_all

Files = Mapping[str, str | bytes]
GREETINGS = "greet: hi | hello | hey | good day | good morning"
PARTINGS = "bye: ciao | so long | see you | good night | farewell"
NLU = nlu_yaml(f"{GREETINGS}\n{PARTINGS}")
CONFIG = """\
recipe: default.v1
language: en
pipeline:
- name: WhitespaceTokenizer
- name: CountVectorsFeaturizer
- name: DIETClassifier
  epochs: 5
"""
DOMAIN = 'version: "3.1"\nintents: [greet, bye]\n'
STORIES = """\
version: "3.1"
stories:
- story: happy path
  steps:
  - intent: greet
  - action: utter_greet
"""
TEST_STORIES = """\
stories:
- story: happy path 1
  steps:
  - user: |
      hello there!
    intent: greet
  - action: utter_greet
"""
MARKDOWN = "## intent:greet\n- hi\n- hello\n\n## intent:bye\n- ciao\n- so long\n"
TESTS = nlu_yaml("greet: howdy\nbye: see ya")
STARTER: Files = {
    "config.yml": CONFIG,
    "domain.yml": DOMAIN,
    "credentials.yml": "rest:\n",
    "endpoints.yml": "# nothing yet\n",
    "data/nlu.yml": NLU,
    "data/rules.yml": 'version: "3.1"\nrules: []\n',
    "data/stories.yml": STORIES,
    "actions/actions.py": "# none\n",
    "tests/test_stories.yml": TEST_STORIES,
}
"""As `rasa init` leaves it."""
SMALL: Files = {"config.yml": CONFIG, "data/nlu.yml": NLU}
OWN = ("plan", "train", "finetune", "package", "record")
ALL = ("plan", "train", "finetune", "package", "evaluate", "record", "verify")


def make(folder: Path, files: Files) -> Path:
    """Writes files."""
    for name, content in files.items():
        put(folder / name, content)
    return folder


def prepared(project: Path, **wishes: object) -> Adoption:
    """What `init` would do."""
    return prepare(ground(project), Wishes(**wishes))  # type: ignore[arg-type]


def adopt(project: Path, **wishes: object) -> Adoption:
    """What `init` does to files."""
    found = prepared(project, **wishes)
    write_all(project, found.changes, ground(project).top)
    return found


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder, but for Git's own."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }
