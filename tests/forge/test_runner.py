"""What is written for the runner: its files, and no command of anybody else's."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.forge.runner import append, harmless, summarise, warning

COMMANDS = [
    "::set-output name=x::y",
    "  ::add-mask::x",
    "a\n::stop-commands::x",
    "a\r::error::x",
    "a\r\n\t::error::x",
    "text ##[add-path]/tmp",
    ":::error::x",
]


def obeyed(text: str) -> bool:
    """Whether GitHub's runner would take a line for a command."""
    lines = re.split("\r\n|\r|\n", text)
    return any(line.strip().startswith("::") or "##[" in line for line in lines)


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_becomes_text(text):
    assert obeyed(text)
    assert not obeyed(harmless(text))


@given(st.text(alphabet=":#[] \n\r\ta\u00a0\u2028\x0b\x0c"))
def test_no_text_commands_the_runner(text):
    assert not obeyed(harmless(text))


def test_what_commands_nothing_is_as_it_was():
    text = "### Title\n\n| a | b |\n|:--|--:|\n\n`a::b` # [x](y)\n"
    assert harmless(text) == text


def test_a_warning_is_one_line():
    assert warning("100%\n::x") == "::warning title=dvcinc::100%25%0A::x"


def test_what_stands_in_the_file_stays(tmp_path):
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    assert append({"X": str(path)}, "X", "after")
    assert path.read_text() == "before\nafter\n"


def test_a_summary_is_not_made_so_long_that_all_of_it_is_dropped(tmp_path):
    path = tmp_path / "summary.md"
    texts = ["x" * 2**19, "y" * 2**20, "short"]
    assert not summarise({"GITHUB_STEP_SUMMARY": str(path)}, texts)
    assert path.stat().st_size <= 2**20
    assert path.read_text().endswith("x\n\nshort\n")


def test_without_a_file_nothing_is_written(tmp_path):
    assert not append({}, "X", "text")
    assert not append({"X": str(tmp_path)}, "X", "text")
