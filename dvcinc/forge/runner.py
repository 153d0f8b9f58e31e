"""What a job tells its runner: the step summary, outputs, and lines of the log.

A runner reads commands out of the log. What people write must not become one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from dvcinc.text.visible import visible

SUMMARY = "GITHUB_STEP_SUMMARY"
OUTPUT = "GITHUB_OUTPUT"
# GitHub drops a step's summary as a whole where it is longer.
_LONGEST_SUMMARY = 2**20
_BETWEEN = "\n\n"
# The runner takes `::name::` at the beginning of a line, behind blanks too.
_COMMAND = re.compile(r"(^|[\n\r])([^\S\n\r]*):(?=:)")
# How a command's message says what it is made of.
_ESCAPED = {"%": "%25", "\r": "%0D", "\n": "%0A"}


def harmless(text: str) -> str:
    """Markdown in which no line is a command; it looks the same.

    The older form `##[name]` is one anywhere in a line.
    """
    return _COMMAND.sub(r"\1\2\\:", text).replace("##[", "##\\[")


def line(text: str) -> str:
    """A text of somebody else's as one line of the log, and nothing but that."""
    return harmless(visible(text))


def warning(message: str) -> str:
    """A line that GitHub shows with the run."""
    escaped = "".join(_ESCAPED.get(char, char) for char in message)
    return f"::warning title=dvcinc::{escaped}"


def summarise(environment: Mapping[str, str], texts: Sequence[str]) -> bool:
    """Appends texts to the step summary, as many as it takes.

    Returns:
        Whether all of them stand there.
    """
    left = _LONGEST_SUMMARY
    kept = []
    for text in texts:
        size = len(text.encode(errors="replace")) + len(_BETWEEN)
        if size <= left:
            kept.append(text.rstrip())
            left -= size
    written = append(environment, SUMMARY, _BETWEEN.join(kept))
    return written and len(kept) == len(texts)


def append(environment: Mapping[str, str], name: str, text: str) -> bool:
    """Appends a text to the file that an environment variable names.

    Returns:
        Whether there was such a file, and it could be written.
    """
    path = environment.get(name)
    if not path or not text:
        return False
    end = "" if text.endswith("\n") else "\n"
    try:
        with Path(path).open("a", encoding="utf-8", errors="replace") as file:
            file.write(text + end)
    except OSError:
        return False
    return True
