"""What machines are told: one line is one line, whoever wrote the names."""

from __future__ import annotations

import json
import re
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render.decisions import SHA, documents, reason, said
from render.test_escape import HOSTILE

from dvcinc.config import Mode
from dvcinc.render.annotations import MAX_PER_LEVEL, workflow_commands
from dvcinc.render.decision import read_decision
from dvcinc.render.links import Forge
from dvcinc.render.outputs import (
    LABELS,
    dotenv,
    github_output,
    outputs,
    status_text,
)

names = st.text() | st.sampled_from([*HOSTILE, "a%b,c:d", "x\n::error::y", "\r\r"])


def read(value):
    return read_decision(json.dumps(value).encode())


def understood(text: str) -> dict[str, str]:
    """`GITHUB_OUTPUT` as the runner reads it."""
    found, lines = {}, iter(text.split("\n"))
    for line in lines:
        name, equals, value = line.partition("=")
        key, here, end = line.partition("<<")
        if here and (not equals or len(key) < len(name)):
            block = []
            while (inner := next(lines)) != end:
                block.append(inner)
            found[key] = "\n".join(block)
        elif line:
            assert equals
            found[name] = value
    return found


def test_the_outputs_of_a_step():
    found = outputs(said())
    reasons = json.loads(found.pop("reasons-json"))
    assert [one["code"] for one in reasons] == ["DI201", "DI102"]
    projects = found.pop("projects")
    assert found.pop("projects-to-train") == projects
    assert [one["project"] for one in json.loads(projects)] == ["bots/one"]
    assert found == {
        "mode": "scratch",
        "standing": "new",
        "change-mode": "scratch",
        "train-mode": "scratch",
        "should-train": "true",
        "base": SHA,
        "reasons": "DI201 scratch intent order is new (2 examples)\n"
        "DI102 scratch 1 example removed from intent bye",
    }


@pytest.mark.parametrize(
    ("mode", "should"),
    [("none", "false"), ("refresh", "true"), ("finetune", "true")],
)
def test_what_has_something_to_run_should_train(mode, should):
    assert outputs(said(mode=mode, base=None))["should-train"] == should
    assert outputs(said(mode=mode, base=None))["base"] == ""


@settings(max_examples=40)
@given(documents(names))
def test_outputs_are_read_back_as_they_are(value):
    document = read(value)
    assert understood(github_output(document)) == outputs(document)
    assert github_output(document) == github_output(read(value))


def test_a_reason_cannot_end_the_value_that_it_stands_in():
    document = said(reasons=[reason(), reason()])
    end = re.search(r"<<(\S+)", github_output(document))[1]
    again = said(reasons=[reason(text=end), reason(text=f"x\n{end}\nmode=none")])
    found = understood(github_output(again))
    assert found["mode"] == "scratch"
    assert found["reasons"].count("\n") == 1


@settings(max_examples=40)
@given(documents(names))
def test_a_dotenv_report_has_plain_lines(value):
    lines = dotenv(read(value)).splitlines()
    assert [line.partition("=")[0] for line in lines] == [
        "DVCINC_MODE",
        "DVCINC_STANDING",
        "DVCINC_CHANGE_MODE",
        "DVCINC_TRAIN_MODE",
        "DVCINC_SHOULD_TRAIN",
        "DVCINC_BASE",
        "DVCINC_REASONS",
        "DVCINC_PROJECTS",
    ]
    assert all(re.fullmatch(r"[A-Z_]+=[\w.,:/+%-]*", line, re.ASCII) for line in lines)
    # GitLab takes five kibibytes.
    assert sum(map(len, lines)) < 5000


def test_a_dotenv_report_names_each_rule_once():
    report = dotenv(said(reasons=[reason(), reason(), reason(code="DI102")]))
    assert f"DVCINC_BASE={SHA}\nDVCINC_REASONS=DI201,DI102\n" in report
    assert report.endswith("\nDVCINC_PROJECTS=bots/one:scratch:scratch\n")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "scratch, about 1 min 01 s, 2 reasons: intent order is new (2 examples)"),
        ({"mode": "none"}, "none: nothing has to be trained"),
        ({"reasons": []}, "scratch, about 1 min 01 s: a new base has to be trained"),
        (
            {"mode": "refresh", "reasons": [reason()]},
            "refresh: intent order is new (2 examples)",
        ),
    ],
)
def test_the_text_of_a_status(changes, expected):
    assert status_text(said(**changes), Forge.GITHUB) == expected


@settings(max_examples=30)
@given(documents(names))
def test_a_status_is_one_line_of_the_forges_length(value):
    for forge, most in ((Forge.GITHUB, 140), (Forge.GITLAB, 255)):
        text = status_text(read(value), forge)
        assert 0 < len(text) <= most
        # What this Python's Unicode does not know yet is not printable to it.
        assert all(c.isprintable() or category(c) == "Cn" for c in text)


def test_a_long_status_is_cut():
    long = said(reasons=[reason(text="x" * 600)])
    assert len(status_text(long, Forge.GITHUB)) == 140
    assert status_text(long, Forge.GITLAB).endswith("…")


def test_each_mode_has_a_label():
    assert [label.name for label in LABELS.values()] == [
        "training: none",
        "training: refresh",
        "training: finetune",
        "training: scratch",
    ]
    for label in LABELS.values():
        assert re.fullmatch("[0-9a-f]{6}", label.colour)
        assert len(label.description) <= 100


# --- annotations ------------------------------------------------------------------


def test_an_annotation_names_file_line_and_what_to_do():
    first, *_ = workflow_commands(said())
    assert first == (
        "::warning file=bots/one/data/more.yml,line=5,title=DI201 scratch"
        "::intent order is new (2 examples); "
        "move the 2 examples of order to a separate pull request"
    )


def test_what_is_gone_is_annotated_without_a_file():
    assert (
        "::warning title=DI102 scratch::1 example removed from intent bye"
        in workflow_commands(said())
    )


@pytest.mark.parametrize(
    ("mode", "level"),
    [("scratch", "warning"), ("finetune", "notice"), ("refresh", "notice")],
)
def test_the_level_of_an_annotation_is_that_of_its_mode(mode, level):
    document = said(reasons=[reason(mode=mode)], warnings=[])
    (command,) = workflow_commands(document)
    assert command.startswith(f"::{level} ")


def test_what_trains_nothing_is_no_annotation():
    assert workflow_commands(said(reasons=[reason(mode="none")], warnings=[])) == []


@pytest.mark.parametrize(("count", "shown"), [(9, 9), (10, 10), (11, 10), (500, 10)])
def test_of_each_level_there_are_no_more_than_are_shown(count, shown):
    reasons = [reason()] * count + [reason(mode="finetune")] * count
    commands = workflow_commands(said(reasons=reasons, warnings=[]))
    for level in ("warning", "notice"):
        of_level = [one for one in commands if one.startswith(f"::{level} ")]
        assert len(of_level) == shown <= MAX_PER_LEVEL
        if count > shown:
            more = count - shown + 1
            assert of_level[-1] == f"::{level} title=dvcinc::{more} more in the summary"


_COMMAND = re.compile(
    r"::(warning|notice) (?:\w+=[^,:\n\r]*)(?:,\w+=[^,:\n\r]*)*::[^\n\r]*"
)


@settings(max_examples=60)
@given(documents(names))
def test_no_name_ends_a_command_or_begins_another(value):
    for command in workflow_commands(read(value)):
        assert _COMMAND.fullmatch(command)


def test_what_means_something_to_the_runner_is_escaped():
    place = {"side": "new", "path": "a,b:c%.yml", "line": 3}
    found = said(reasons=[reason(places=[place], text="50% new", advice="")])
    first, *_ = workflow_commands(found)
    assert first == (
        "::warning file=bots/one/a%2Cb%3Ac%25.yml,line=3,title=DI201 scratch::50%25 new"
    )


def test_each_mode_is_known():
    assert LABELS.keys() == set(Mode)
