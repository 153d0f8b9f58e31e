"""Trials that were made before: below the Git directory, bounded, damaged ones ignored.

What is kept are costs, scores and answers, some hundred kilobytes each, and no models.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from dvcinc.comparison.stored import from_bytes, to_bytes
from dvcinc.comparison.trial import Trial
from dvcinc.errors import InputError
from dvcinc.plan.files import put_file
from dvcinc.yaml import Json, canonical_json

FOLDER = "dvcinc/compare"
"""Where they lie, from the Git directory that all work trees share."""
MOST_BYTES = 256 << 20
MOST_EACH = 64 << 20
_SUFFIX = ".json"


def key_of(about: Mapping[str, Json]) -> str:
    """The key of a trial: a hash over all that it is a function of."""
    return hashlib.sha256(canonical_json({**about}).encode()).hexdigest()


class Shelf:
    """The trials that are kept.

    Args:
        folder: Where; it need not be there yet.
        is_fresh: Whether what is there is not to be looked at, only replaced.
        most_bytes: How much is kept in all; the oldest goes first.
    """

    def __init__(
        self, folder: Path, *, is_fresh: bool = False, most_bytes: int = MOST_BYTES
    ) -> None:
        self._folder = folder
        self._is_fresh = is_fresh
        self._most_bytes = most_bytes

    def get(self, key: str, tests: int) -> Trial | None:
        """A trial with so many answers; `None` where none is kept, or a damaged one."""
        if self._is_fresh:
            return None
        path = self._path(key)
        try:
            if path.is_symlink() or path.stat().st_size > MOST_EACH:
                return None
            found = from_bytes(path.read_bytes(), str(path), key)
        except (OSError, InputError):
            return None
        return found if len(found.answers) == tests else None

    def put(self, key: str, trial: Trial) -> None:
        """Keeps a trial; a disk that takes none is no reason to lose the comparison."""
        data = to_bytes(trial, key)
        if len(data) <= MOST_EACH:
            with suppress(OSError):
                put_file(data, self._path(key))
                self._make_room()

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{_SUFFIX}"

    def _make_room(self) -> None:
        found = []
        for path in self._folder.glob(f"*{_SUFFIX}"):
            about = path.lstat()
            found.append((about.st_mtime_ns, path.name, about.st_size))
        total = sum(size for _, _, size in found)
        for _, name, size in sorted(found):
            if total <= self._most_bytes:
                return
            (self._folder / name).unlink(missing_ok=True)
            total -= size
