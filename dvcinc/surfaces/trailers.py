"""The trailer `Training-Mode` of a commit message: read and written by git itself."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from dvcinc.config import TRAILER, VARIABLE, Mode
from dvcinc.errors import CheckError
from dvcinc.snapshot.git import Git

_WORDS = {mode.word: mode for mode in Mode}
# A line `---` ends the message of a patch, but not that of a commit.
_WHOLE = "--no-divider"
# What `core.commentChar: auto` chooses from.
_AUTO = b"#;@!$%^&|:"
_SCISSORS = re.compile(rb"^.{1,8} -+ >8 -+$")


def said_in(git: Git, message: Path) -> list[Mode]:
    """What a message says, last trailers of its kind included.

    Raises:
        CheckError: A trailer says something that is no training mode.
    """
    if TRAILER.lower().encode() not in message.read_bytes().lower():
        return []
    listed = _interpreted(git, message, "--parse").decode(errors="replace")
    found = [line.partition(":") for line in listed.splitlines()]
    return _modes(v for k, _, v in found if k.strip().lower() == TRAILER.lower())


def said_in_commits(git: Git, new: str, known: Sequence[str]) -> list[Mode]:
    """What the messages of commits say; what is no mode is passed over here.

    Args:
        git: The repository.
        new: The last commit.
        known: Commits that count no more, with all that they build on.
    """
    form = f"%(trailers:key={TRAILER},valueonly)"
    but = [f"^{commit}" for commit in known]
    listed = git.run("log", "--no-show-signature", f"--format={form}", new, *but, "--")
    words = listed.decode(errors="replace").split()
    return [_WORDS[word.lower()] for word in words if word.lower() in _WORDS]


def said_outside() -> Mode | None:
    """What the environment says.

    Raises:
        CheckError: It is no training mode.
    """
    value = os.environ.get(VARIABLE, "").strip()
    if not value:
        return None
    return _mode(VARIABLE, value)


def _modes(values: Iterable[str]) -> list[Mode]:
    return [_mode(TRAILER, value.strip()) for value in values]


def _mode(name: str, value: str) -> Mode:
    if value.lower() not in _WORDS:
        raise CheckError(
            f"{name}: {value!r} is no training mode",
            f"say one of {', '.join(_WORDS)}",
        )
    return _WORDS[value.lower()]


def write(git: Git, message: Path, mode: Mode) -> None:
    """Adds the trailer behind the others, unless there is one."""
    added = f"--trailer={TRAILER}: {mode.word}"
    _interpreted(git, message, "--in-place", "--if-exists=doNothing", added)


def _interpreted(git: Git, message: Path, *options: str) -> bytes:
    mark = _comment_mark(git, message.read_bytes().splitlines()).decode()
    # Of `auto`, git knows here only that it is not yet chosen.
    known = ("-c", f"core.commentChar={mark}") if mark else ()
    path = str(message.absolute())
    return git.run(*known, "interpret-trailers", *options, _WHOLE, path)


def suggest(git: Git, message: Path, lines: Iterable[str]) -> bool:
    """Puts lines above git's own comments, as comments; whether there are such.

    Without an editor there are none, and with some settings of `commit.cleanup` what
    looks like a comment would stay in the message.
    """
    # Not needed where a trailer is only read, on every commit.
    from dvcinc.plan.files import put_file  # noqa: PLC0415

    before = message.read_bytes().splitlines(keepends=True)
    mark = _comment_mark(git, before) if _is_stripped(git) else b""
    own = [i for i, line in enumerate(before) if mark and line.startswith(mark)]
    if not own or _SCISSORS.match(before[own[0]].rstrip()):
        return False
    added = [mark + b" " + line.encode() + b"\n" for line in lines]
    put_file(b"".join([*before[: own[0]], *added, *before[own[0] :]]), message)
    return True


def _is_stripped(git: Git) -> bool:
    return git.try_run("config", "commit.cleanup") in {None, "default", "strip"}


def _comment_mark(git: Git, lines: list[bytes]) -> bytes:
    """What comments of a message begin with."""
    for key in ("core.commentString", "core.commentChar"):
        found = git.try_run("config", key)
        if found:
            return _chosen(lines) if found == "auto" else found.encode()
    return b"#"


def _chosen(lines: list[bytes]) -> bytes:
    """The mark that git has chosen: the message ends with comments of git's own."""
    cut = next((i for i, x in enumerate(lines) if _SCISSORS.match(x.rstrip())), None)
    last = [line for line in lines[:cut] if line.strip()][-1:]
    mark = last[0][:1] if last else b""
    return mark if mark and mark in _AUTO else b"#"
