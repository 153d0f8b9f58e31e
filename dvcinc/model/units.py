"""The units of tokens as arrays: which rows of the sparse table each is the sum of.

In: the rows of each new unit, as they are met, and texts as unit numbers; out: a batch
that names each row and each unit once, in time that hardly grows with the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]
Number = TypeVar("Number", bound=np.generic)

# Unit 0 has no features: it stands where a text is shorter than its batch.
PADDING = 0
# What a server keeps at most; some 100 MB of it.
MOST_UNITS, MOST_FEATURES = 50_000, 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some texts as arrays, padded to the longest.

    Args:
        rows: Distinct rows of the sparse table, sorted [R].
        picks: For each feature of each unit, which of `rows` it is [N].
        owners: Which unit of the batch it belongs to, ascending [N].
        scales: What the sum of a unit's rows is multiplied with [U].
        units: The units of each token [B, L, 2]; `PADDING` behind the text's end.
        lengths: Tokens of each text [B].
    """

    rows: Ints
    picks: Ints
    owners: Ints
    scales: Floats
    units: Ints
    lengths: Ints


class Units:
    """The rows and the scale of each unit, in the order of their numbers.

    Args:
        rows: How many rows the table has.
    """

    def __init__(self, rows: int) -> None:
        self._new_rows: list[int] = []
        self._new_counts: list[int] = [0]
        self._new_scales: list[float] = [0.0]
        self._starts = Growing(np.zeros(1, np.intp))
        self._rows = Growing(np.zeros(0, np.intp))
        self._scales = Growing(np.zeros(0, np.float32))
        self._row_marks = Marks(rows)
        self._unit_marks = Marks(0)

    @property
    def is_full(self) -> bool:
        """Whether whoever meets new words for ever should start over."""
        return len(self) > MOST_UNITS or self._rows.size > MOST_FEATURES

    def __len__(self) -> int:
        return self._scales.size + len(self._new_scales)

    def add(self, rows: list[int], scale: float) -> int:
        """Put a unit behind the others; its number."""
        number = len(self)
        self._new_rows += rows
        self._new_counts.append(len(rows))
        self._new_scales.append(scale)
        return number

    def from_on(self, first: int) -> tuple[Places, Places, Floats]:
        """The units from one on: where each starts [U + 1], rows [N], scales [U]."""
        self._settle()
        starts = self._starts.array[first:]
        rows = self._rows.array[starts[0] :]
        return starts - starts[0], rows, self._scales.array[first:]

    def batch(self, units: Ints, lengths: Ints) -> Batch:
        """Texts as padded unit numbers [B, L, 2], as a batch of their own numbers."""
        self._settle()
        distinct, local = self._unit_marks.distinct(units)
        starts = self._starts.array[distinct]
        counts = self._starts.array[distinct + 1] - starts
        # Where each unit's features lie in the whole, less where they lie in the batch.
        shifts = np.repeat(starts - counts.cumsum() + counts, counts)
        chosen = self._rows.array[np.arange(len(shifts)) + shifts]
        rows, picks = self._row_marks.distinct(chosen)
        return Batch(
            rows=rows.astype(np.int32),
            picks=picks,
            owners=np.repeat(np.arange(len(distinct), dtype=np.int32), counts),
            scales=self._scales.array[distinct],
            units=local,
            lengths=lengths,
        )

    def _settle(self) -> None:
        """Put the units that are new behind the arrays."""
        if self._new_scales:
            ends = np.cumsum(self._new_counts, dtype=np.intp)
            self._starts.extend(ends + self._starts.array[-1])
            self._rows.extend(np.array(self._new_rows, np.intp))
            self._scales.extend(np.array(self._new_scales, np.float32))
            self._new_rows, self._new_counts, self._new_scales = [], [], []
            self._unit_marks = Marks(self._scales.size)


class Growing(Generic[Number]):
    """An array with room behind it, so that what is new is all that is copied."""

    def __init__(self, start: npt.NDArray[Number]) -> None:
        self.array = self._room = start

    @property
    def size(self) -> int:
        """How much of the array is in use."""
        return len(self.array)

    def extend(self, more: npt.NDArray[Number]) -> None:
        """Put more behind what there is."""
        known, size = self.size, self.size + len(more)
        if size > len(self._room):
            room = np.empty((2 * size, *self._room.shape[1:]), self._room.dtype)
            room[:known] = self.array
            self._room = room
        self._room[known:size] = more
        self.array = self._room[:size]


class Marks:
    """Finds the distinct ones of numbers below a bound, without sorting them."""

    def __init__(self, bound: int) -> None:
        self._seen = np.zeros(bound, np.bool_)
        self._places = np.zeros(bound, np.int32)

    def distinct(self, numbers: npt.NDArray[np.integer]) -> tuple[Places, Ints]:
        """The distinct numbers, ascending, and which of them each number is."""
        self._seen[numbers] = True
        found = np.flatnonzero(self._seen)
        self._seen[found] = False
        self._places[found] = np.arange(len(found), dtype=np.int32)
        return found, self._places[numbers]
