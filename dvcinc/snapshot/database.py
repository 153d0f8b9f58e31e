"""The SQLite file of the store: opened, mended where it is damaged, or done without."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

MAX_BYTES = 1 << 29
"""A larger file is thrown away: most of it tells of contents of long ago."""
_WAIT = 5.0
"""Seconds to wait for another process that writes."""
_DAMAGE = frozenset(
    {
        sqlite3.SQLITE_ERROR,  # a table or column that is not there
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_FORMAT,
        sqlite3.SQLITE_SCHEMA,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_CONSTRAINT,
    }
)
"""What a file's content is to blame for; not who else has it, or the disk."""


def opened(path: Path | None, schema: str) -> sqlite3.Connection:
    """The database of a file, or one in memory where there can be no file.

    A damaged file is made anew; one that another process does not let go of is left.
    """
    if path is not None:
        with suppress(OSError, sqlite3.Error):
            try:
                return _prepared(path, schema)
            except sqlite3.Error as error:
                if discarded(path, error):
                    return _prepared(path, schema)
    return _connected(":memory:", schema)


def discarded(path: Path, error: sqlite3.Error) -> bool:
    """Takes a file away if an error means that it is damaged; whether it did.

    It holds nothing that cannot be found out again.
    """
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and code & 0xFF not in _DAMAGE:
        return False
    _take_away(path)
    return True


def _take_away(path: Path) -> None:
    # A journal that is left behind would be played back into the next file.
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _prepared(path: Path, schema: str) -> sqlite3.Connection:
    path.parent.mkdir(exist_ok=True)
    if path.exists() and path.stat().st_size > MAX_BYTES:
        _take_away(path)
    return _connected(str(path), schema)


def _connected(path: str, schema: str) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=_WAIT)
    # A lost write costs time, never truth.
    database.execute("PRAGMA journal_mode = TRUNCATE")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute("PRAGMA cache_size = -65536")
    database.executescript(schema)
    return database
