"""Readers of single settings: a value out of YAML to what it means, within limits."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import TypeVar

from dvcinc.yaml import Json

Value = TypeVar("Value")
_MAX_LIMIT = 10**6
_MIN_LIMIT = 1e-6
"""Less than one example of a million is none: for that there is 0."""


class BadValueError(ValueError):
    """What a value must be; the caller knows its place and its key."""


def one_of(*words: str) -> Callable[[Json], str]:
    """One of some words."""

    def read(value: Json) -> str:
        if value not in words or not isinstance(value, str):
            raise BadValueError(" or ".join(words))
        return value

    return read


def whole(least: int, most: int) -> Callable[[Json], int]:
    """A whole number between two."""

    def read(value: Json) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadValueError("a whole number")
        if not least <= value <= most:
            raise BadValueError(f"at least {least} and at most {most}")
        return value

    return read


def number(least: float, most: float) -> Callable[[Json], float]:
    """A number between two."""

    def read(value: Json) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadValueError("a number")
        if not least <= value <= most:
            raise BadValueError(f"at least {least} and at most {most}")
        return float(value) + 0.0  # makes one of the two zeros

    return read


def limit(most: float = _MAX_LIMIT) -> Callable[[Json], float]:
    """A share: some rules divide by it."""
    read_number = number(0, most)

    def read(value: Json) -> float:
        limit = read_number(value)
        if 0 < limit < _MIN_LIMIT:
            raise BadValueError(f"0 or at least {_MIN_LIMIT}")
        return limit

    return read


def auto(read: Callable[[Json], Value]) -> Callable[[Json], Value | None]:
    """The word `auto`, as `None`, or what another reader takes."""
    return or_word("auto", read)


def or_word(
    word: str | None, read: Callable[[Json], Value]
) -> Callable[[Json], Value | None]:
    """A word, as `None`, or what another reader takes."""

    def read_or(value: Json) -> Value | None:
        if value == word:
            return None
        try:
            return read(value)
        except BadValueError as error:
            raise BadValueError(f"{word or 'null'} or {error}") from error

    return read_or


def some_paths(value: Json) -> tuple[str, ...]:
    """A path of the project, or a list of them, each once.

    Raises:
        BadValueError: It is none, or leads out of the project.
    """
    listed = value if isinstance(value, list) else [value]
    if not listed:
        raise BadValueError("a path, or a list of paths")
    return tuple(dict.fromkeys(one_path(entry) for entry in listed))


def one_path(value: Json) -> str:
    """A path of the project, as short as it can be said.

    Raises:
        BadValueError: It is none, or leads out of the project.
    """
    if not isinstance(value, str) or not value.strip():
        raise BadValueError("a path")
    path = posixpath.normpath(value.strip())
    if path.startswith("/") or path.split("/")[0] == "..":
        raise BadValueError("a path inside the project")
    return path
