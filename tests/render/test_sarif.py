"""SARIF holds the findings, by the classes that are made from its own schema."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_sarif.model import (
    StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log,
)
from render.decisions import documents, reason, said
from render.test_escape import HOSTILE

from dvcinc.decision.rules import RULES
from dvcinc.render.decision import read_decision
from dvcinc.render.sarif import sarif


def run_of(document):
    """The one run of a log that follows the schema."""
    log = sarif(document)
    Log.model_validate_json(json.dumps(log))
    (run,) = log["runs"]
    return run


def test_a_finding_has_rule_level_words_and_place():
    first, second, *_ = run_of(said())["results"]
    assert first["ruleId"] == "DI201"
    assert first["level"] == "warning"
    assert first["message"]["text"].startswith("scratch: intent order is new")
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {
                    "uri": "bots/one/data/more.yml",
                    "uriBaseId": "%SRCROOT%",
                },
                "region": {"startLine": 5},
            }
        }
    ]
    # The old side's lines are not those of the file that is there.
    assert "region" not in second["locations"][0]["physicalLocation"]


def test_each_rule_is_described_and_found_by_its_index():
    run = run_of(said())
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [*(r.code for r in RULES), "DI000"]
    for rule in rules[:-1]:
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["helpUri"].endswith(f"docs/rules.md#{rule['id'].lower()}")
        assert "{" not in rule["help"]["text"]
        assert re.fullmatch(r"\w+", rule["name"])
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


@pytest.mark.parametrize(
    ("mode", "levels"),
    [("scratch", ["warning"]), ("finetune", ["note"]), ("none", [])],
)
def test_the_level_is_that_of_the_mode_and_nothing_is_no_finding(mode, levels):
    run = run_of(said(reasons=[reason(mode=mode)], warnings=[]))
    assert [result["level"] for result in run["results"]] == levels


def test_warnings_with_a_place_are_findings_too():
    (found,) = [r for r in run_of(said())["results"] if r["ruleId"] == "DI000"]
    assert found["message"]["text"] == "one text is an example of bye and order"


def _print(**changes):
    (found,) = run_of(said(reasons=[reason(**changes)], warnings=[]))["results"]
    return found["partialFingerprints"]


def test_a_finding_is_the_same_wherever_its_lines_move():
    moved = [{"side": "new", "path": "data/other.yml", "line": 80}]
    assert _print() == _print(places=moved, count=3)
    assert _print() != _print(subject="other")
    assert _print() != _print(code="DI202")


def test_brackets_make_no_links():
    run = run_of(said(reasons=[reason(text="[x](https://evil.example)\\")]))
    text = run["results"][0]["message"]["text"]
    assert text.startswith("scratch: \\[x\\](https://evil.example)\\\\;")


@settings(max_examples=40)
@given(documents(st.text() | st.sampled_from(HOSTILE)))
def test_whatever_names_hold_it_follows_the_schema(value):
    run_of(read_decision(json.dumps(value).encode()))
