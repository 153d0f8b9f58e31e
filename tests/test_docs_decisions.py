"""What pages show is what the commands print, on the sample."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pages
import pytest
from corpora import nlu_yaml
from repositories import put

from dvcinc.lineage.warning import About
from dvcinc.render.decision import schema
from dvcinc.render.written import MAX_BYTES, MAX_NAME, MAX_PATH, MAX_TEXT, MAX_VALUES

ROOT = Path(__file__).parent.parent
DECISION = (ROOT / "docs/decision.md").read_text(encoding="utf-8")
NEEDED = ("params.yaml", "dvc.yaml", "plan/plan.json", "lineage.json", "metrics.json")


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


@pytest.fixture
def shell(tmp_path):
    """A fresh shell's environment, in which `dvcinc` is this one."""
    program = tmp_path / "bin/dvcinc"
    put(program, f"#!/bin/sh\nexec '{sys.executable}' -m dvcinc \"$@\"\n")
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PYTHONPATH": str(ROOT), "PATH": path, "COLUMNS": "200"}


@pytest.mark.parametrize(
    "page", ["docs/decision.md", "docs/exports.md", "docs/pull-requests.md"]
)
def test_a_page_shows_what_is_printed(sample, shell, page):
    pages.run(page, sample.path, shell)


def test_the_page_on_splits_shows_what_is_printed(sample, shell):
    nlu = sample.path / "data/nlu"
    service, smalltalk = (nlu / f"{name}.yml" for name in ("service", "smalltalk"))
    head, _, last = smalltalk.read_text().rpartition("  - intent:")
    smalltalk.write_text(head)
    service.write_text(f"{service.read_text()}  - intent:{last}")
    domain = sample.path / "data/domain.yml"
    put(domain, domain.read_text().replace("actions:\n", "actions:\n  - action_x\n", 1))
    put(nlu / "more.yml", nlu_yaml("lost_property: a violin | a teddy | an umbrella"))
    put(nlu / "catering.yml", nlu_yaml("order_food: a coffee | a sandwich | the menu"))
    pages.run("docs/classify.md", sample.path, shell)


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
