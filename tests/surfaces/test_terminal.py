"""Progress on a terminal is a bar that gives the cursor back, elsewhere plain lines."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest
from surfaces.run import python

CODE = """
from dvcinc.surfaces.terminal import Terminal
try:
    with Terminal().progress("learning 3 examples") as progress:
        for step in range(1, 5):
            progress(step=step, steps=10, loss=0.5)
        {end}
except ZeroDivisionError:
    pass
"""
SHOW, HIDE = "\x1b[?25h", "\x1b[?25l"


def on_a_terminal(code: str) -> str:
    """What a process writes to a standard error that is a terminal."""
    master, slave = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "CI"}
    environment["TERM"] = "xterm"
    done = subprocess.run([sys.executable, "-c", code], stderr=slave, env=environment)  # noqa: PLW1510 - its code is asserted
    os.close(slave)
    assert done.returncode == 0
    said = b""
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:  # Linux says so when the other side is closed
            break
        if not chunk:
            break
        said += chunk
    os.close(master)
    return said.decode()


@pytest.mark.parametrize("end", ["pass", "1 / 0"])
def test_a_bar_that_ends_early_gives_the_cursor_back(end):
    said = on_a_terminal(CODE.format(end=end))
    assert "learning 3 examples, loss 0.5000" in said
    assert said.rindex(SHOW) > said.rindex(HIDE)


def test_elsewhere_there_are_plain_lines(tmp_path):
    done = python(tmp_path, CODE.format(end="pass"))
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "learning 3 examples …",
        *(f"learning 3 examples: step {step}/10, loss 0.5000" for step in range(1, 5)),
    ]
