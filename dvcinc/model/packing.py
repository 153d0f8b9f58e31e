"""A batch's tokens without padding: all first tokens, then all second ones, and so on.

Texts stand longest first, so those that have a next token are always the first few:
what walks from token to token works on slices, and nothing is computed for nothing.
Shapes: B texts, L tokens of the longest, N tokens in all, U units.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt
from scipy import sparse

from dvcinc.model.units import Batch, Floats, Ints, Places

Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Where the tokens of a batch stand.

    Args:
        inside: Which texts have a first, a second, … token [L, B].
        slices: Where the first, the second, … tokens stand [L].
        texts: The text of each token [N].
        before: The token before each; N at the start of a text [N].
        behind: The token behind each; N at the end of a text [N].
        last: The last token of each text [B].
    """

    inside: npt.NDArray[np.bool_]
    slices: tuple[slice, ...]
    texts: Places
    before: Places
    behind: Places
    last: Places

    @property
    def tokens(self) -> int:
        """How many tokens there are."""
        return len(self.texts)

    @property
    def first(self) -> slice:
        """The first tokens of all texts."""
        return self.slices[0]

    @property
    def later(self) -> slice:
        """The tokens that have one before them."""
        return slice(self.first.stop, None)

    def of(self, padded: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
        """What stands at each token in a padded array [B, L, …]."""
        return padded.swapaxes(0, 1)[self.inside]


def pack(lengths: Ints) -> Packed:
    """Pack texts of some lengths [B], longest first, none without a token."""
    texts, length = len(lengths), int(lengths[0])
    inside = np.arange(length)[:, None] < lengths
    starts = np.concatenate([[0], inside.sum(axis=1).cumsum()])
    tokens = int(starts[-1])
    # A row before the first tokens and one behind the last, for what is not there.
    places = np.full((length + 2, texts), tokens)
    places[1:-1][inside] = np.arange(tokens)
    return Packed(
        inside=inside,
        slices=tuple(map(slice, starts[:-1].tolist(), starts[1:].tolist())),
        texts=np.broadcast_to(np.arange(texts), inside.shape)[inside],
        before=places[:-2][inside],
        behind=places[2:][inside],
        last=starts[lengths - 1] + np.arange(texts),
    )


class Sums:
    """Sums of rows, and their derivative: a sparse matrix of a few entries a row.

    Args:
        picks: Which rows are summed, one sum after another [entries].
        ends: Where each sum's picks end; the first entry is 0 [sums + 1].
        weights: What each row is multiplied with [entries].
        rows: How many rows there are to pick from.
    """

    def __init__(self, picks: Ints, ends: Ints, weights: Floats, rows: int) -> None:
        shape = (len(ends) - 1, rows)
        self._matrix = sparse.csr_matrix((weights, picks, ends), shape=shape)

    def of(self, rows: Floats) -> Floats:
        """The sums of some rows."""
        return cast("Floats", self._matrix @ rows)

    def back(self, gradient: Floats) -> Floats:
        """The gradient of the rows, from that of the sums."""
        return cast("Floats", self._matrix.T @ gradient)

    def after(self, inner: Sums) -> list[tuple[Ints, Floats]]:
        """For each sum of sums: which of the inner rows, and times what."""
        whole = self._matrix @ inner._matrix
        ends = whole.indptr.tolist()
        return [
            (whole.indices[start:end], whole.data[start:end])
            for start, end in pairwise(ends)
        ]


def unit_sums(rows: int, picks: Ints, owners: Ints, scales: Floats) -> Sums:
    """Units as scaled sums of some rows of the table; owners ascend."""
    ends = np.zeros(len(scales) + 1, np.int32)
    np.cumsum(np.bincount(owners, minlength=len(scales)), out=ends[1:])
    return Sums(picks, ends, scales[owners], rows)


def text_sums(batch: Batch) -> Sums:
    """Texts as the sums of their units, divided by the root of their length."""
    texts, length, each = batch.units.shape
    entries = length * each
    scales = (1 / np.sqrt(np.maximum(batch.lengths, 1))).astype(np.float32)
    return Sums(
        batch.units.reshape(-1),
        np.arange(texts + 1, dtype=np.int32) * entries,
        np.repeat(scales, entries),
        len(batch.scales),
    )


def token_sums(tokens: Ints, units: int) -> Sums:
    """Tokens as the sums of their word and their context, given as units [N, 2]."""
    return _equal_sums(tokens.reshape(-1), 2, units)


def owner_sums(packed: Packed, texts: int) -> Sums:
    """Tokens as copies of their texts; the derivative adds up over a text."""
    return _equal_sums(packed.texts.astype(np.int32), 1, texts)


def neighbour_sums(places: Ints, packed: Packed, words: int) -> Sums:
    """Tokens as sums over three neighbours.

    Rows 3 w, 3 w + 1 and 3 w + 2 hold what word w says to the token behind it, to
    itself and to the one before it. `places` says which word each token is [N].
    """
    known = np.append(places, np.int32(0))
    picks = np.stack(
        [
            known[packed.before] * 3,
            known[:-1] * 3 + 1,
            known[packed.behind] * 3 + 2,
        ],
        axis=1,
    )
    there = np.ones(picks.shape, np.bool_)
    there[:, 0] = packed.before < packed.tokens
    there[:, 2] = packed.behind < packed.tokens
    ends = np.zeros(packed.tokens + 1, np.int32)
    np.cumsum(there.sum(axis=1), out=ends[1:])
    chosen = picks[there].astype(np.int32)
    return Sums(chosen, ends, np.ones(len(chosen), np.float32), 3 * words)


def _equal_sums(picks: Ints, each: int, rows: int) -> Sums:
    ends = np.arange(len(picks) // each + 1, dtype=np.int32) * each
    return Sums(picks, ends, np.ones(len(picks), np.float32), rows)
