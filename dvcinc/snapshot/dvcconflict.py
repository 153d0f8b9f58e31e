"""A `.dvc` file that a merge has left in conflict: which data are meant, what to do."""

from __future__ import annotations

import re

_MARKS = (b"<<<<<<< ", b">>>>>>> ")
_MD5 = re.compile(rb"\bmd5: *([0-9a-f]{32}(?:\.dir)?)\b")


def is_conflict(data: bytes) -> bool:
    """Whether a file holds the markers of a merge."""
    return all(mark in data for mark in _MARKS)


def said(pointer: str, data: bytes) -> str:
    """What is in conflict; the hashes are those of HEAD's data and of the others'."""
    found = [md5.decode() for md5 in dict.fromkeys(_MD5.findall(data))]
    between = f" between the data {' and '.join(found)}" if found[1:] else ""
    return f"{pointer}: in conflict{between}"


def way_out(pointer: str) -> str:
    """The commands that take one side, and where those stand that keep both."""
    return (
        f"git checkout --ours {pointer} (or --theirs), dvc checkout {pointer} and "
        f"git add {pointer}; docs/merging.md tells how to keep both"
    )
