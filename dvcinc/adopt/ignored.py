"""`.gitignore` and `.gitattributes`: the lines of dvcinc in them.

DVC would write a `.gitignore` into each folder of its outs; one list on top says the
same, and says it before the first run.
"""

from __future__ import annotations

from collections.abc import Sequence

from dvcinc.adopt.lines import missing_lines
from dvcinc.adopt.pipeline import Stage

IGNORE = ".gitignore"
ATTRIBUTES = ".gitattributes"
_IGNORE_COMMENT = "# Models, plans and plots: DVC keeps them."
_ATTRIBUTES_COMMENT = (
    "# Written by dvc repro: merged by dvcinc install, put right by dvcinc resolve."
)


def cached_outs(stages: Sequence[Stage]) -> list[str]:
    """What DVC keeps in its cache, and Git must not keep."""
    outs = [entry for stage in stages for entry in stage.outs]
    return [out.path for out in outs if ("cache", False) not in out.options]


def with_ignored(before: bytes | None, paths: Sequence[str]) -> bytes:
    """A `.gitignore` that has lines for paths, each one new line where it is missing.

    A line that ignores a folder above, or the path in other words, is enough.
    """
    there = {line.decode("utf-8", "replace").strip() for line in _rows(before)}
    wanted = [path for path in paths if not _is_ignored(path, there)]
    if not wanted:
        return before or b""
    lines = [_IGNORE_COMMENT, *(f"/{path}" for path in wanted)]
    return missing_lines(before or b"", [line.encode() for line in lines])


def _rows(before: bytes | None) -> list[bytes]:
    return (before or b"").splitlines()


def _is_ignored(path: str, lines: set[str]) -> bool:
    """Whether a line ignores just a path or a folder above it; other forms add one."""
    parts = path.split("/")
    above = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
    forms = (
        f"{root}{p}{end}" for p in above for root in ("", "/") for end in ("", "/")
    )
    return any(form in lines for form in forms)


def with_attributes(before: bytes) -> bytes:
    """A `.gitattributes` with dvcinc's lines behind what is there."""
    return missing_lines(before, _own_lines())


def without_attributes(before: bytes) -> bytes:
    """A `.gitattributes` without dvcinc's lines, and nothing else changed."""
    own = set(_own_lines())
    lines = before.splitlines(keepends=True)
    return b"".join(line for line in lines if line.strip() not in own)


def _own_lines() -> list[bytes]:
    # `stages` is imported only where it is needed.
    from dvcinc.stages.paths import TRACKED  # noqa: PLC0415

    lines = (_ATTRIBUTES_COMMENT, *(f"/{path} merge=dvcinc" for path in TRACKED))
    return [line.encode() for line in lines]
