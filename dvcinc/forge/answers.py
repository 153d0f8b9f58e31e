"""JSON of somebody else's: bytes to values, and values only of the kind expected."""

from __future__ import annotations

import json
import re

from dvcinc.yaml import Json

__all__ = ["Json", "commit_id", "member", "number", "read_json", "said", "text"]

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
# Ids are 64 bits wide at most; a larger one is no id.
_LARGEST = 2**63
_SAID = 2000


def read_json(data: bytes) -> Json:
    """The value that bytes are.

    Raises:
        ValueError: They are no JSON, or so deep that nobody means it.
    """
    try:
        value: Json = json.loads(data)
    except RecursionError as error:
        raise ValueError("too deep") from error
    return value


def member(value: Json, *path: str) -> Json:
    """What lies at a path of keys; `None` where a step is missing or no object."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def text(value: Json, *path: str) -> str | None:
    """A text at a path of keys, if one is there."""
    found = member(value, *path)
    return found if isinstance(found, str) else None


def number(value: Json, *path: str) -> int | None:
    """A positive whole number at a path of keys, if one is there."""
    found = member(value, *path)
    if isinstance(found, bool) or not isinstance(found, int):
        return None
    return found if 0 < found < _LARGEST else None


def commit_id(value: Json, *path: str) -> str | None:
    """The id of a commit at a path of keys, if one is there."""
    found = text(value, *path)
    return found if found and _COMMIT.fullmatch(found) else None


def said(data: bytes) -> str:
    """The complaint in an answer; empty where there is none to be read."""
    try:
        value = read_json(data)
    except ValueError:
        return ""
    for key in ("message", "error_description", "error"):
        found = member(value, key)
        if found:
            words = found if isinstance(found, str) else json.dumps(found)
            return words[:_SAID]
    return ""
