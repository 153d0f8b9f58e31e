"""A file of a source, unread."""

from __future__ import annotations

from typing import NamedTuple

from dvcinc.errors import InputError


class Found(NamedTuple):
    """A file of a source, unread.

    Attributes:
        path: From the project, as it is called there.
        content: Identifies its content: equal ids mean equal bytes.
    """

    path: str
    content: str


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
