"""Reading many files shows how far it is, where that takes long, and only there."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest
from corpora import PIPELINE, nlu_yaml
from surfaces.run import BOT, SET_UP, dvcinc

RUN = """
import sys, time
import dvcinc.surfaces.watching as watching
{setup}
sys.argv = ["dvcinc", *{arguments!r}]
from dvcinc.__main__ import main
try:
    main()
finally:
    print("RICH", "rich" in sys.modules, file=sys.stderr)
"""
IMPATIENT = "watching.PATIENCE_S = 0"
MANY = {
    **BOT,
    **SET_UP,
    "config.yml": PIPELINE,
    **{f"data/part/{i}.yml": nlu_yaml(f"greet: number {i}") for i in range(150)},
}
COMMANDS = [["classify", "--json"], ["log", "--json"], ["stage", "plan"]]
BAR, HIDE, SHOW = "reading files", "\x1b[?25l", "\x1b[?25h"


@pytest.fixture
def many(repo):
    bot = repo(MANY)
    bot.commit({"data/more.yml": nlu_yaml("bye: cheers")})
    return bot


def run(folder, arguments, setup=IMPATIENT, environment=None):
    code = RUN.format(setup=setup, arguments=arguments)
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def on_a_terminal(folder, arguments, setup=IMPATIENT, **environment):
    """What standard output, a pipe, and standard error, a terminal, get to see."""
    master, slave = pty.openpty()
    known = {k: v for k, v in os.environ.items() if k not in {"CI", "NO_COLOR"}}
    with subprocess.Popen(
        [sys.executable, "-c", RUN.format(setup=setup, arguments=arguments)],
        cwd=folder,
        env={**known, "TERM": "xterm-256color", **environment},
        stdout=subprocess.PIPE,
        stderr=slave,
        text=True,
    ) as process:
        os.close(slave)
        seen = b""
        while chunk := _read(master):
            seen += chunk
        os.close(master)
        out = process.stdout.read()
    return out, seen.decode(), process.returncode


def _read(master):
    try:
        return os.read(master, 65536)
    except OSError:  # Linux says so when the other side is closed
        return b""


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda a: a[0])
def test_a_terminal_gets_a_bar_that_goes_away(many, arguments):
    out, seen, code = on_a_terminal(many.path, arguments)
    assert code == 0, seen
    assert BAR in seen
    assert seen.rindex(SHOW) > seen.rindex(HIDE) > -1
    assert BAR not in out
    if "--json" in arguments:
        json.loads(out)


def test_a_bar_is_without_colour_where_nobody_wants_it(many):
    _, coloured, _ = on_a_terminal(many.path, ["classify"])
    (many.path / ".git/dvcinc").rename(many.path / ".git/was")
    _, plain, _ = on_a_terminal(many.path, ["classify"], NO_COLOR="1")
    assert "\x1b[3" in coloured
    assert BAR in plain
    assert "\x1b[3" not in plain


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"CI": "true"}])
def test_a_terminal_that_nobody_looks_at_gets_lines(many, environment):
    _, seen, _ = on_a_terminal(many.path, ["classify"], **environment)
    assert "reading files: 1 of 153\r\n" in seen
    assert HIDE not in seen


@pytest.mark.parametrize("arguments", [*COMMANDS, ["status", "--json"]], ids=str)
def test_a_pipe_gets_a_line_now_and_then_and_no_rich(many, arguments):
    done = run(many.path, arguments)
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stderr.splitlines() if BAR in line]
    assert lines == ["reading files: 1 of 153"]
    assert "RICH False" in done.stderr
    assert BAR not in done.stdout


def test_lines_have_some_seconds_between_them():
    code = """
import dvcinc.surfaces.watching as watching
now = 100.0
watching.time.monotonic = lambda: now
watch = watching.Watching(live=False)
for done in range(40):
    watch(done, 40)
    now += 0.5
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines() == [
        f"reading files: {done} of 40" for done in (2, 12, 22, 32)
    ]


@pytest.mark.parametrize("arguments", [["classify"], ["log"], ["status"]])
def test_a_quick_run_says_nothing_and_imports_nothing_for_it(many, arguments):
    dvcinc(many.path, "classify")
    out, seen, _ = on_a_terminal(
        many.path, arguments, "watching.PATIENCE_S = 3600", FORCE_COLOR="1"
    )
    assert out
    assert seen.split() == ["RICH", "False"]


def test_a_warm_run_has_nothing_to_show(many):
    dvcinc(many.path, "classify")
    _, seen, _ = on_a_terminal(many.path, ["classify"])
    assert seen.split() == ["RICH", "False"]


def test_a_run_that_fails_gives_the_cursor_back(many):
    many.write({"data/part/99.yml": "nlu:\n- intent: @x\n"})
    _, seen, code = on_a_terminal(many.path, ["classify"])
    assert code == 2
    assert seen.rindex(SHOW) > seen.rindex(HIDE)
    assert "error: data/part/99.yml:2:11: not YAML" in seen[seen.rindex(SHOW) :]
