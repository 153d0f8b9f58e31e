"""Git's own hooks with dvcinc's lines, or without them; what is there is kept."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import NamedTuple

from dvcinc.errors import InputError

NAME = "pre-commit"
LEGACY = f"{NAME}.legacy"
"""What pre-commit renames a hook to that it finds, and calls before its own."""
KEPT = f"{NAME}.before-dvcinc"
"""What a hook is renamed to that is no shell script."""
_SHELL = re.compile(rb"^#! *(/usr/bin/env +)?([\w./-]*/)?(ba|da|k|z|a)?sh\b")
_MODE = 0o755
_HEADER = b"#!/bin/sh\n"
_BLOCK = """\
# >>> dvcinc{of} >>> written by dvcinc install; dvcinc install --uninstall takes it out
if command -v dvcinc >/dev/null 2>&1; then
  dvcinc hook check{project} || exit $?
else
  echo "warning: dvcinc is not on PATH; the training mode is not checked" >&2
fi
# <<< dvcinc{of} <<<
"""
_CHAINED = f'exec "$(dirname "$0")/{KEPT}" "$@"\n'


class Written(NamedTuple):
    """A file of hooks as it was and as it will be.

    Attributes:
        path: Where it is, behind any link.
        before: Its bytes; `None` where there is none.
        after: Its bytes then.
        mode: Its permissions then; `None` for those that it has.
        kept: What the file is renamed to that is there.
    """

    path: Path
    before: bytes | None
    after: bytes
    mode: int | None = None
    kept: Path | None = None


def with_check(folder: Path, project: str) -> tuple[Written | None, str]:
    """Git's `pre-commit` hook as it checks a project, before what it does already.

    Args:
        folder: Where hooks lie.
        project: The project from the top of the repository; empty for the top.

    Returns:
        The file, `None` where it is so already; and what that does, for people.

    Raises:
        InputError: There is a hook that git passes over.
    """
    hook = (folder / NAME).resolve()
    block = _block(project)
    if not hook.exists():
        new = Written(hook, None, _HEADER + block, _MODE)
        return new, f"{NAME} runs dvcinc hook check"
    before = hook.read_bytes()
    if block in before:
        return None, f"{NAME} runs dvcinc hook check already"
    if not os.access(hook, os.X_OK):
        raise InputError(
            f"{hook}: is not executable, so git passes it over", f"chmod +x {hook}"
        )
    if before.startswith(b"#!") and not _SHELL.match(before):
        return _chained(hook, block)
    head, rest = _split(_without(before, project))
    after = head + block + rest
    new = Written(hook, before, after, hook.stat().st_mode)
    return new, f"{NAME} runs dvcinc hook check, then what it did before"


def _chained(hook: Path, block: bytes) -> tuple[Written, str]:
    """A shell script before a hook that is none."""
    kept = hook.with_name(KEPT)
    if kept.exists():
        raise InputError(f"{kept}: is in the way", "rename it, and install again")
    new = Written(hook, None, _HEADER + block + _CHAINED.encode(), _MODE, kept)
    return new, f"{NAME} runs dvcinc hook check, then {KEPT}, as it is called now"


def put(new: Written) -> None:
    """Writes a file of hooks.

    Raises:
        InputError: It cannot be written.
    """
    try:
        if new.kept is not None:
            new.path.rename(new.kept)
        mode = new.path.stat().st_mode if new.mode is None else new.mode
        _write(new.path, new.after, mode)
    except OSError as error:
        said = f"{new.path}: cannot be written: {error.strerror}"
        raise InputError(said, "see what it is, and its permissions") from error


def remove(folder: Path, project: str) -> bool:
    """Takes dvcinc's lines out; whether there were any."""
    found = [_remove((folder / name).resolve(), project) for name in (NAME, LEGACY)]
    return any(found)


def _remove(hook: Path, project: str) -> bool:
    before = hook.read_bytes() if hook.is_file() else b""
    after = _without(before, project)
    if after == before:
        return False
    kept = hook.with_name(KEPT)
    if after == _HEADER + _CHAINED.encode() and kept.exists():
        kept.replace(hook)
    elif after == _HEADER:
        hook.unlink()
    else:
        _write(hook, after, hook.stat().st_mode)
    return True


def _block(project: str) -> bytes:
    of = f" {project}" if project else ""
    named = f" --project {shlex.quote(project)}" if project else ""
    return _BLOCK.format(of=of, project=named).encode()


def _without(text: bytes, project: str) -> bytes:
    """The script without a project's block, whatever version has written it."""
    of = re.escape(f" {project}" if project else "")
    block = rf"^# >>> dvcinc{of} >>>.*?^# <<< dvcinc{of} <<<\n"
    return re.sub(block.encode(), b"", text, flags=re.MULTILINE | re.DOTALL)


def _split(text: bytes) -> tuple[bytes, bytes]:
    """The first line of a script, if it names its shell, and the rest."""
    if not text.startswith(b"#!"):
        return b"", text
    head, end, rest = text.partition(b"\n")
    return head + (end or b"\n"), rest


def _write(path: Path, data: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.chmod(mode)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
