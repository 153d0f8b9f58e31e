"""What is known of file contents, found out once and kept below the Git directory.

An SQLite file, keyed by content id and by the version of the code that read it: which
texts and labels a content holds, and the sums of corpora that were seen. It holds
hashes and never decides: what it points to is read again. Deleted, corrupt, too large
or in use for too long, it is made anew or done without.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from dvcinc.corpus.part import LookupFile
from dvcinc.corpus.values import Place
from dvcinc.snapshot.database import discarded, opened
from dvcinc.snapshot.summary import Summary
from dvcinc.text.versions import READER

FOLDER = "dvcinc"
"""Where the file lies, below the Git directory that all work trees share."""
_CHUNK = 500
"""Values of one query; SQLite takes no more than 999 in old versions."""
_TOGETHER = 64
"""Writes of one transaction: each waits for the disk."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS content (
    id INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL, examples INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS text (
    text INTEGER, example INTEGER, content INTEGER,
    PRIMARY KEY (text, example, content)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS label (
    label INTEGER, content INTEGER, count INTEGER, PRIMARY KEY (label, content)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lookup (content INTEGER PRIMARY KEY, files TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS corpus (
    key TEXT PRIMARY KEY, facts BLOB NOT NULL, trained BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS place (
    digest TEXT PRIMARY KEY, revision TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS settled (key TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class Known(NamedTuple):
    """A content that the store knows: its number, and how many examples it has."""

    number: int
    examples: int


class FactStore:
    """The store of one repository.

    Where its file fails, it forgets all and goes on in memory. Questions that may be
    left without an answer are not disturbed by that; the others raise `sqlite3.Error`,
    and are to be asked again, with numbers of the new generation.

    Args:
        folder: Where its file lies; `None` keeps all in memory, for this process.

    Attributes:
        generation: Raised where all is forgotten: numbers of contents are void then.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / f"facts-{READER}.sqlite" if folder else None
        self._database = opened(self._path, _SCHEMA)
        self._depth = self._writes = self.generation = 0

    @contextmanager
    def _trying(self) -> Iterator[None]:
        """Gives the file up where it fails, so that the next try is in memory."""
        try:
            yield
        except sqlite3.Error as error:
            self._give_up(error)
            raise

    def _give_up(self, error: sqlite3.Error) -> None:
        with suppress(sqlite3.Error):
            self._database.close()
        with suppress(OSError):
            if self._path is not None:
                discarded(self._path, error)
        self._path, self._writes = None, 0
        self._database = opened(None, _SCHEMA)
        self.generation += 1

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._trying():
            return self._database.execute(query, values).fetchall()

    def known(self, keys: Iterable[str]) -> dict[str, Known]:
        """The contents that are known, by key."""
        found: dict[str, Known] = {}
        for chunk, marks in _chunks(sorted(set(keys))):
            query = f"SELECT key, id, examples FROM content WHERE key IN ({marks})"  # noqa: S608
            for key, number, examples in self._rows(query, chunk):
                found[key] = Known(number, examples)
        return found

    def add(self, summaries: Iterable[Summary]) -> None:
        """Remembers contents; what another process was quicker to add is left."""
        # Whoever parses must not keep others from writing.
        found = list(summaries)
        with self._trying(), self._writing(len(found)):
            for summary in found:
                self._add(summary)

    def _add(self, said: Summary) -> None:
        run = self._database.execute
        row = (said.key, len(said.texts))
        done = run("INSERT OR IGNORE INTO content (key, examples) VALUES (?, ?)", row)
        if not done.rowcount:
            return
        at = done.lastrowid
        many = self._database.executemany
        rows = ((text, example, at) for text, example in sorted(said.texts))
        many("INSERT OR IGNORE INTO text VALUES (?, ?, ?)", rows)
        labels = ((label, at, count) for label, count in sorted(said.labels.items()))
        many("INSERT OR IGNORE INTO label VALUES (?, ?, ?)", labels)
        if said.lookups:
            files = json.dumps([[*file] for file in said.lookups])
            run("INSERT OR IGNORE INTO lookup VALUES (?, ?)", (at, files))

    def holders(self, texts: Iterable[int], among: Mapping[int, str]) -> set[int]:
        """Contents that hold the texts; the first for each different example.

        Args:
            texts: Hashes of texts.
            among: The contents that count, with what they are ordered by.
        """
        found: dict[tuple[int, int], int] = {}
        for chunk, marks in _chunks(sorted(set(texts))):
            query = f"SELECT text, example, content FROM text WHERE text IN ({marks})"  # noqa: S608
            for text, example, content in self._rows(query, chunk):
                if content in among:
                    known = found.setdefault((text, example), content)
                    if among[content] < among[known]:
                        found[text, example] = content
        return set(found.values())

    def labelled(
        self, labels: Iterable[int], among: Iterable[int]
    ) -> Iterator[tuple[int, int, int]]:
        """Labels, the contents that carry them, and how often: the most first.

        Args:
            labels: Hashes of labels.
            among: The contents that count.
        """
        allowed = frozenset(among)
        for chunk, marks in _chunks(sorted(set(labels))):
            query = (
                f"SELECT label, content, count FROM label WHERE label IN ({marks}) "  # noqa: S608
                "ORDER BY label, count DESC, content"
            )
            for label, content, count in self._rows(query, chunk):
                if content in allowed:
                    yield label, content, count

    def lookups(self, among: Iterable[int]) -> Iterator[tuple[int, LookupFile]]:
        """The files that the contents name."""
        allowed = frozenset(among)
        for content, files in self._rows("SELECT * FROM lookup ORDER BY content"):
            if content in allowed:
                for file in self._named(files):
                    yield content, file

    def _named(self, files: object) -> list[LookupFile]:
        with self._trying():
            try:
                return [
                    LookupFile(name, path, said, Place(*place), column)
                    for name, path, said, place, column in json.loads(str(files))
                ]
            except (ValueError, TypeError) as error:
                raise sqlite3.DatabaseError(str(error)) from error

    def sums(self, key: str) -> tuple[bytes, bytes] | None:
        """The sums of a corpus by what it was read from: all facts, and the trained."""
        query = "SELECT facts, trained FROM corpus WHERE key = ?"
        for facts, trained in self._hints(query, key):
            return facts, trained
        return None

    def remember_sums(self, key: str, facts: bytes, trained: bytes) -> None:
        """Keeps the sums of a corpus."""
        query = "INSERT OR REPLACE INTO corpus VALUES (?, ?, ?)"
        self._hints(query, key, facts, trained)

    def revision(self, digest: str) -> str | None:
        """A commit that was found for a digest, or for a question of the finder's."""
        query = "SELECT revision FROM place WHERE digest = ?"
        return next((str(said) for (said,) in self._hints(query, digest)), None)

    def remember_revision(self, digest: str, revision: str) -> None:
        """Keeps where something was found."""
        # To write is to wait for the disk; most of it is known.
        if self.revision(digest) == revision:
            return
        self._hints("INSERT OR REPLACE INTO place VALUES (?, ?)", digest, revision)

    def is_settled(self, key: str) -> bool:
        """Whether it is known that nothing has to run; see `dvcinc.lineage.unchanged`.

        Args:
            key: All that the answer is a function of.
        """
        query = "SELECT 1 FROM settled WHERE key = ?"
        return bool(self._hints(query, key))

    def settle(self, key: str) -> None:
        """Keeps that nothing has to run."""
        self._hints("INSERT OR IGNORE INTO settled VALUES (?)", key)

    def _hints(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What can be done without: nothing, where the file fails."""
        with suppress(sqlite3.Error), self._trying():
            if query.startswith("SELECT"):
                return self._rows(query, values)
            with self._writing():
                self._database.execute(query, values)
        return []

    @contextmanager
    def together(self) -> Iterator[None]:
        """Writes in few transactions, since each waits for the disk.

        Meanwhile nobody else can write; so this is for what ends soon.
        """
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            with suppress(sqlite3.Error), self._trying():
                if not self._depth:
                    self._write_down()

    @contextmanager
    def _writing(self, count: int = 1) -> Iterator[None]:
        """Writes among others; where one breaks, no half of it is kept."""
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):
                self._database.rollback()
            raise
        self._writes += count
        if not self._depth or self._writes >= _TOGETHER:
            self._write_down()

    def _write_down(self) -> None:
        self._writes = 0
        self._database.commit()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()


def _chunks(values: Sequence[object]) -> Iterator[tuple[Sequence[object], str]]:
    for start in range(0, len(values), _CHUNK):
        chunk = values[start : start + _CHUNK]
        yield chunk, ",".join("?" * len(chunk))
