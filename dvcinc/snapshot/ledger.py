"""What is known of sides: their files, their sums, and in what they differ."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from dvcinc.corpus.digest import from_bytes, to_bytes
from dvcinc.corpus.part import Part
from dvcinc.corpus.values import Corpus
from dvcinc.snapshot.files import File
from dvcinc.snapshot.parts import PartReader
from dvcinc.snapshot.reduce import SHARE, Reducer
from dvcinc.snapshot.side import Side, Surveyor, Watch, unwatched
from dvcinc.snapshot.sources import Source
from dvcinc.snapshot.store import FactStore
from dvcinc.snapshot.summary import number
from dvcinc.snapshot.sums import Adding, Sums

_KEPT = 16
"""Sides in memory: a walk through history needs the last few again."""
_Value = TypeVar("_Value")


class Ledger:
    """Knows sides; what is found out once is kept below the Git directory.

    Args:
        folder: Where to keep it; `None` for this process alone.
        watch: Told of the progress of reading.
    """

    def __init__(self, folder: Path | None, watch: Watch = unwatched) -> None:
        self._reader = PartReader()
        self.store = FactStore(folder)
        self._surveyor = Surveyor(self.store, self._reader, watch)
        self._reducer = Reducer(self.store, self._reader)
        self._commits: dict[str, Side] = {}
        self._summed: dict[str, tuple[Side, Sums]] = {}

    def side(self, source: Source) -> Side:
        """Gets to know a source.

        Raises:
            InputError: Something in it cannot be understood, with `path:line:column`.
            CannotTellError: Some of its content cannot be had.
        """
        known = self._commits.get(source.commit or "")
        if known is not None and known.generation == self.store.generation:
            return known
        side = _tried_again(lambda: self._surveyor.side(source))
        if source.commit is not None:
            _keep(self._commits, source.commit, side)
        kept = self.store.sums(side.key)
        if kept is not None:
            _keep(self._summed, side.key, (side, Sums(*map(from_bytes, kept))))
        return side

    def reduced(self, sides: Sequence[Side], share: int = SHARE) -> list[Corpus]:
        """The corpora of sides as far as they differ; see `dvcinc.snapshot.reduce`."""
        return _tried_again(
            lambda: self._reducer.reduced([*map(self._current, sides)], share)
        )

    def _current(self, side: Side) -> Side:
        """A side by the numbers that the store knows: it may have forgotten all."""
        if side.generation == self.store.generation:
            return side
        return self.side(side.source)

    def parts(self, side: Side, files: Sequence[File]) -> Iterator[Part]:
        """What files of a side say, each by itself, in the order asked."""
        return self._reader.parts(side.source, files)

    def labelled(self, side: Side, labels: Collection[int]) -> list[tuple[int, int]]:
        """Those of some labels that files of a side carry, and how often a file does.

        Args:
            side: The side.
            labels: Hashes of labels, as `dvcinc.snapshot.summary.number` makes them.
        """
        return _tried_again(lambda: self._labelled(side, labels))

    def _labelled(self, side: Side, labels: Collection[int]) -> list[tuple[int, int]]:
        contents = {known.number for known in self._current(side).known.values()}
        found = self.store.labelled(labels, contents)
        return [(label, count) for label, _, count in found]

    def holds(self, side: Side, text: str) -> bool:
        """Whether a side has an example of a text, whatever its intent."""
        return _tried_again(lambda: self._holds(side, text))

    def _holds(self, side: Side, text: str) -> bool:
        files = self._current(side).known.values()
        contents = {known.number: "" for known in files}
        return bool(self.store.holders([number(text)], contents))

    def sums(self, side: Side) -> Sums:
        """The sums behind the digests of a side.

        They are kept, moved from those of a side that differs little, or added up.
        """
        if side.key in self._summed:
            return self._summed[side.key][1]
        sums = self._found_out(side)
        self.store.remember_sums(side.key, *map(to_bytes, sums))
        _keep(self._summed, side.key, (side, sums))
        return sums

    def _found_out(self, side: Side) -> Sums:
        if side.counted is not None:
            return side.counted
        summed = self._summed.values()
        known = [it for it in summed if it[0].projection == side.projection]
        if not known:
            return self._added_up(side)
        near, sums = max(
            known, key=lambda s: len(s[0].known.keys() & side.known.keys())
        )
        return sums.moved(*self.reduced((near, side)))

    def _added_up(self, side: Side) -> Sums:
        adding = Adding(side.config)
        for part in self._reader.parts(side.source, side.files):
            adding.add(part.corpus)
        return adding.sums


def _tried_again(ask: Callable[[], _Value]) -> _Value:
    """An answer; where the store's file fails, that of the store in memory."""
    try:
        return ask()
    except sqlite3.Error:
        return ask()


def _keep(known: dict[str, _Value], key: str, value: _Value) -> None:
    """Keeps a value, and the latest others."""
    known[key] = value
    while len(known) > _KEPT:
        del known[next(iter(known))]
