"""A file of a source, unread."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from dvcinc.errors import InputError

MAX_FILE = 256 << 20
"""Larger than any training data, in bytes."""


class Found(NamedTuple):
    """A file of a source, unread.

    Attributes:
        path: From the project, as it is called there.
        content: Identifies its content: equal ids mean equal bytes.
    """

    path: str
    content: str


def leaves(prefix: str, path: str) -> bool:
    """Whether a path of a project leads out of its repository.

    Args:
        prefix: The project's path from the top, empty or ending in `/`.
        path: From the project.
    """
    full = posixpath.normpath(prefix + path)
    return path.startswith("/") or full.split("/")[0] == ".."


def is_hidden(path: str) -> bool:
    """Whether a part of a path is hidden; `..` is a way up."""
    return any(part.startswith(".") and part != ".." for part in path.split("/"))


def told(path: str) -> str:
    """A path that can be told to people and written into JSON.

    Raises:
        InputError: Its name is no UTF-8.
    """
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"{path!a}: the file's name is not UTF-8", "rename the file"
        ) from error
    return path


def too_large(path: str) -> InputError:
    """The error for a file that nobody may have meant to be training data."""
    return InputError(
        f"{path}: larger than {MAX_FILE >> 20} MiB, which no training data are",
        "move it out of the data, or name the files that count in params.yaml",
    )
