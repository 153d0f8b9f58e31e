"""Paths and folders by name: what lies below what."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from dvcinc.snapshot.dvcouts import is_below


def has(names: Sequence[str], path: str) -> bool:
    """Whether sorted names hold a path or something below it."""
    if path == ".":
        return True
    return any(_next(names, path, found) for found in (path, f"{path}/"))


def _next(names: Sequence[str], path: str, start: str) -> bool:
    at = bisect_left(names, start)
    return at < len(names) and is_below(names[at], path)


def is_among(path: str, folders: Sequence[str]) -> bool:
    """Whether a path is one of some, or lies below it; `.` holds none for sure."""
    return any(is_below(path, folder) for folder in folders if folder != ".")
