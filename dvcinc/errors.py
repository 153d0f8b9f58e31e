"""The errors that dvcinc raises on purpose, each with its exit code.

One place (`dvcinc.surfaces.door`) prints them; a traceback is a bug.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit code means; 251 to 255 are left to DVC."""

    DONE = 0
    CHECK_SAID_NO = 1
    BAD_INPUT = 2
    CANNOT_TELL = 3
    BUG = 70


class DvcincError(Exception):
    """Something could not be done: what failed, and what to do about it.

    Args:
        message: One line that names the place, the value and the failure.
        hint: The way out, as one imperative sentence; empty if there is none.
    """

    exit_code = ExitCode.BAD_INPUT

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(DvcincError):
    """A file, a setting or an argument could not be understood."""


class GitError(DvcincError):
    """Git is missing, or what was asked of it does not exist."""


class CannotTellError(DvcincError):
    """The data that an answer needs cannot be had here."""

    exit_code = ExitCode.CANNOT_TELL


class CheckError(DvcincError):
    """A check said no: what is there does not fit together."""

    exit_code = ExitCode.CHECK_SAID_NO
