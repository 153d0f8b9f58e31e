"""What the pages on decisions show is what the commands print, on the sample."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from e2e.test_readme import BLOCK, commands

from dvcinc.lineage.warning import About
from dvcinc.render.decision import schema
from dvcinc.render.written import MAX_BYTES, MAX_NAME, MAX_PATH, MAX_TEXT, MAX_VALUES

ROOT = Path(__file__).parent.parent
DECISION = (ROOT / "docs/decision.md").read_text(encoding="utf-8")
NEEDED = ("params.yaml", "dvc.yaml", "plan/plan.json", "lineage.json", "metrics.json")
# Ids of commits and models, and what a training took, are another time's.
_VARIES = re.compile(r"\b[0-9a-f]{8,}\b|\b[0-9][0-9.]* s\b")


@pytest.fixture
def sample(repo):
    """The sample assistant, as it is committed."""
    listed = subprocess.run(
        ["git", "ls-files", "data", *NEEDED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = listed.stdout.split()
    return repo({path: (ROOT / path).read_bytes() for path in paths})


def _alike(text: str) -> str:
    return _VARIES.sub("#", text)


@pytest.mark.parametrize("page", ["decision", "pull-requests"])
def test_a_page_shows_what_is_printed(sample, page):
    text = (ROOT / f"docs/{page}.md").read_text(encoding="utf-8")
    blocks = [block for block in BLOCK.findall(text) if "$ dvcinc classify" in block]
    assert blocks
    for command, printed in (pair for block in blocks for pair in commands(block)):
        run = command.replace("dvcinc", f"'{sys.executable}' -m dvcinc", 1)
        done = subprocess.run(
            ["bash", "-ec", run if command.startswith("dvcinc") else command],
            cwd=sample.path,
            capture_output=True,
            text=True,
            check=True,
        )
        said = _alike(done.stdout)
        for part in "\n".join(printed).strip("\n").split("\n…"):
            assert _alike(part.strip("\n")) in said


def test_the_page_tells_of_each_key_of_the_document():
    rows = re.findall(r"^\| ((?:`[a-z_]+`(?:, )?)+) \| ", DECISION, re.MULTILINE)
    told = {name for row in rows for name in re.findall("`([a-z_]+)`", row)}
    assert told >= schema()["properties"].keys()


def test_the_page_tells_of_each_kind_of_warning():
    kinds = re.findall(
        r"^\| `([a-z-]+)` \| ", DECISION.partition("## Warnings")[2], re.MULTILINE
    )
    assert kinds == [about.value for about in About]


def test_the_page_tells_the_limits():
    lists = [schema()["properties"][key]["maxItems"] for key in ("reasons", "intents")]
    said = [
        f"| length of a document | {MAX_BYTES >> 20} MiB |",
        f"| values in it | {MAX_VALUES:,} |",
        f"| reasons, intents, warnings | {lists[0]:,}, {lists[1]:,}, 500 |",
        f"| {MAX_NAME}, {MAX_TEXT}, {MAX_PATH:,} |",
    ]
    assert [line for line in said if line not in DECISION] == []


def test_the_limits_of_what_is_written_are_those_of_the_schema():
    found = json.dumps(schema())
    for most in (MAX_NAME, MAX_TEXT, MAX_PATH):
        assert f'"maxLength": {most}' in found
