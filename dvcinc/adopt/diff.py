"""Changes as a unified diff that `git apply` takes."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from dvcinc.adopt.write import Change

_NO_END = "\\ No newline at end of file"


def diff(change: Change) -> Iterator[str]:
    """The lines of a diff, without their ends."""
    before, after = _rows(change.before or b""), _rows(change.after)
    old = "/dev/null" if change.before is None else f"a/{change.path}"
    for row in difflib.unified_diff(before, after, old, f"b/{change.path}", n=3):
        yield row.removesuffix("\n")
        if not row.endswith("\n") and row[0] in "+- ":
            yield _NO_END


def _rows(data: bytes) -> list[str]:
    text = data.decode("utf-8", "replace")
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
