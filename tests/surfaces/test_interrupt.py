"""Ctrl-C ends every command with a word and with 130, as shells expect it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys

import pytest

# Says that it was reached, and then takes for ever.
SLOW_GIT = """\
#!/bin/sh
echo reached > "$REACHED"
exec sleep 600
"""
COMMANDS = [
    ["classify"],
    ["status"],
    ["log"],
    ["doctor"],
    ["resolve"],
    ["hook", "check"],
    ["lineage", "show", "HEAD"],
]


@pytest.fixture
def slow(tmp_path):
    """An environment whose git never answers, and the FIFO that tells of it."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "git").write_text(SLOW_GIT)
    (programs / "git").chmod(0o755)
    reached = tmp_path / "reached"
    os.mkfifo(reached)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    # Open to be written as well, so that neither side waits for the other.
    told = os.open(reached, os.O_RDWR)
    yield {**os.environ, "PATH": path, "REACHED": str(reached)}, told
    os.close(told)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_an_interrupted_command_says_so_and_exits_with_130(bot, slow, arguments):
    environment, told = slow
    with subprocess.Popen(
        [sys.executable, "-m", "dvcinc", *arguments],
        cwd=bot.path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert select.select([told], [], [], 60)[0], "git was never asked"
        # As a terminal does: to all that run in the foreground.
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.strip() == "error: interrupted"
