"""The conditional random field in NumPy: the best path of tags, and how sure each is.

Scores of a path: its tags' scores, those of the transitions, of the first and the last
tag. Only what the tags allow is looked at: behind a tag that closes (outside, last,
unit) one that opens (outside, begin, unit); behind begin and inside only inside and
last of the same entity. Shapes: B texts, the longest first; L tokens; K tags.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dvcinc.model.labels import BEGIN, INSIDE, LAST, UNIT, Labels
from dvcinc.model.network import TRANSITIONS, Tensors
from dvcinc.model.units import Floats, Ints, Places

Doubles = npt.NDArray[np.float64]

# Low enough that no path takes it, and finite, so that sums stay numbers.
FORBIDDEN = np.float32(-1e4)
# So many texts at once that what a step works on stays in the processor's cache.
TEXTS = 32
TINY = np.finfo(np.float64).tiny


class Field:
    """The scores of one model's legal transitions, first and last tags.

    Tags are put in the order inside, begin, outside, unit, last; so those within an
    entity, those that open and those that close lie side by side each. Without BILOU
    there is nothing to be within, and all tags open and close.

    Args:
        order: The tags in that order [K].
        inner: How many entities have tags to be within; E.
        scores: Transitions between tags in that order [K, K].
        first: Scores of the first tag, by the tag itself [K].
        last: Scores of the last tag likewise.
    """

    def __init__(
        self, order: Places, inner: int, scores: Floats, first: Floats, last: Floats
    ) -> None:
        self._order, self._inner = order, inner
        self._first, self._last = first, last
        size = len(order)
        self._opens, self._closes = slice(inner, size - inner), slice(2 * inner, size)
        begin, behind = slice(inner, 2 * inner), slice(size - inner, size)
        inside = slice(0, inner)
        # [C, O]: from those that close to those that open.
        self._moves = np.ascontiguousarray(scores[self._closes, self._opens])
        self._entering = np.ascontiguousarray(self._moves.T)
        # [2, 2, E]: to inside and to last; from inside and from begin.
        self._steps = np.array(
            [
                [scores[one, other].diagonal() for one in (inside, begin)]
                for other in (inside, behind)
            ]
        )
        self._least, self._most = self._moves.min(axis=1), self._moves.max(axis=1)
        peak = max(self._moves.max(), self._steps.max(initial=-np.inf))
        self._move_odds = np.exp(self._moves - peak, dtype=np.float64)
        self._step_odds = np.exp(self._steps - peak, dtype=np.float64)

    @classmethod
    def of(cls, tensors: Tensors, labels: Labels) -> Field:
        """The field of a model, with what its tags forbid."""
        _, opens, closes = labels.allowed()
        order, inner = np.arange(labels.tags), 0
        if labels.bilou:
            inner = len(labels.entities)
            by_prefix = order[1:].reshape(inner, -1).T
            parts = [by_prefix[INSIDE], by_prefix[BEGIN], order[:1]]
            order = np.concatenate([*parts, by_prefix[UNIT], by_prefix[LAST]])
        return cls(
            order,
            inner,
            tensors[TRANSITIONS][np.ix_(order, order)],
            first=np.where(opens, tensors["tags/first"], FORBIDDEN),
            last=np.where(closes, tensors["tags/last"], FORBIDDEN),
        )

    def decode(self, scores: Floats, lengths: Ints) -> tuple[Ints, Floats]:
        """The best tags [B, L] of texts in any order, and how sure each is [B, L].

        The probability of a tag, given the text, is worked out for texts with a tag
        other than outside; elsewhere it is left at 0.
        """
        tags = np.zeros(scores.shape[:2], np.int32)
        sure = np.zeros(scores.shape[:2], np.float32)
        places = np.argsort(-lengths, kind="stable")
        places = places[: np.count_nonzero(lengths)]
        for start in range(0, len(places), TEXTS):
            chosen = places[start : start + TEXTS]
            ends = lengths[chosen]
            longest = int(ends[0])
            ordered = self._with_ends(scores[chosen, :longest], ends)
            paths = self._best(ordered, ends)
            inside = np.arange(longest) < ends[:, None]
            tags[chosen, :longest] = self._order[paths] * inside
            found = np.flatnonzero(tags[chosen].any(axis=1))
            if len(found):
                known = self._sure(ordered[found], ends[found], paths[found])
                sure[chosen[found], :longest] = known
        return tags, sure

    def _sure(self, scores: Floats, lengths: Ints, paths: Places) -> Doubles:
        """The probability of each tag on some paths [B, L]."""
        chances = self._chances(scores, lengths)
        taken: Doubles = np.take_along_axis(chances, paths[..., None], axis=2)
        return taken[..., 0]

    def _with_ends(self, scores: Floats, lengths: Ints) -> Floats:
        """The scores with those of the first and last tag, in the field's order."""
        scores[:, 0] += self._first
        scores[np.arange(len(scores)), lengths - 1] += self._last
        return scores[..., self._order]

    def _best(self, scores: Floats, lengths: Ints) -> Places:
        """Viterbi: each text's best path [B, L]."""
        best = np.empty((scores.shape[1], len(scores), len(self._order)), np.float32)
        best[0] = scores[:, 0]
        going = _going(lengths, scores.shape[1])
        for at in range(1, len(best)):
            count = going[at]
            before, now = best[at - 1, :count], best[at, :count]
            now[:, self._opens] = self._entered(before[:, self._closes])
            if self._inner:
                within = self._within(before)
                now[:, : self._inner] = (within + self._steps[0]).max(axis=1)
                now[:, -self._inner :] = (within + self._steps[1]).max(axis=1)
            now += scores[:count, at]
        return self._walk_back(best, going)

    def _entered(self, closed: Floats) -> Floats:
        """The best way into each tag that opens [B, O], from those that close [B, C].

        Few tags come into question: a way from one scores at most `most`, while the
        best way scores at least `floor` wherever it leads.
        """
        floor = (closed + self._least).max(axis=1, keepdims=True)
        texts, tags = np.nonzero(closed + self._most >= floor)
        ways = self._moves[tags]
        ways += closed[texts, tags][:, None]
        if len(texts) == len(closed):
            return ways
        starts = np.searchsorted(texts, np.arange(len(closed)))
        found: Floats = np.maximum.reduceat(ways, starts, axis=0)
        return found

    def _within(self, states: npt.NDArray[np.floating]) -> Floats:
        """What concerns inside and begin [B, 2, E]."""
        return states[:, : 2 * self._inner].reshape(len(states), 2, self._inner)

    def _walk_back(self, best: Floats, going: list[int]) -> Places:
        paths = np.zeros(best.shape[1::-1], np.intp)
        known = 0
        for at in range(len(best) - 1, -1, -1):
            count = going[at]
            paths[known:count, at] = best[at, known:count].argmax(axis=1)
            if known:
                paths[:known, at] = self._before(
                    best[at, :known], paths[:known, at + 1]
                )
            known = count
        return paths

    def _before(self, best: Floats, tags: Places) -> Places:
        """The tag before each of some tags [B], by the best scores up to it [B, K]."""
        inner, size = self._inner, len(self._order)
        opening = np.minimum(np.maximum(tags - inner, 0), len(self._entering) - 1)
        ways = best[:, self._closes] + self._entering[opening]
        found: Places = ways.argmax(axis=1) + 2 * inner
        for to, first in enumerate((0, size - inner)):
            texts = ((tags >= first) & (tags < first + inner)).nonzero()[0]
            if len(texts):
                entity = tags[texts] - first
                within = self._within(best[texts])[np.arange(len(texts)), :, entity]
                ways = within + self._steps[to][:, entity].T
                found[texts] = ways.argmax(axis=1) * inner + entity
        return found

    def _chances(self, scores: Floats, lengths: Ints) -> Doubles:
        """Each tag's probability [B, L, K], by the forward-backward recursion."""
        masses = np.exp(scores - scores.max(axis=2, keepdims=True), dtype=np.float64)
        going = _going(lengths, masses.shape[1])
        ahead, behind = np.zeros_like(masses), np.ones_like(masses)
        ahead[:, 0] = _shares(masses[:, 0])
        for at in range(1, masses.shape[1]):
            count = going[at]
            moved = self._ahead(ahead[:count, at - 1]) * masses[:count, at]
            ahead[:count, at] = _shares(moved)
        for at in range(masses.shape[1] - 1, 0, -1):
            count = going[at]
            moved = self._behind(behind[:count, at] * masses[:count, at])
            behind[:count, at - 1] = _shares(moved)
        return _shares(ahead * behind)

    def _ahead(self, masses: Doubles) -> Doubles:
        """Masses carried to the next token [B, K]."""
        within = self._within(masses)
        inside, last = ((within * odds).sum(axis=1) for odds in self._step_odds)
        opened = masses[:, self._closes] @ self._move_odds
        return np.concatenate([inside, opened, last], axis=1)

    def _behind(self, masses: Doubles) -> Doubles:
        """Masses carried to the token before [B, K]."""
        ends = masses[:, : self._inner], masses[:, len(self._order) - self._inner :]
        inside, last = (
            end[:, None] * odds for end, odds in zip(ends, self._step_odds, strict=True)
        )
        within = (inside + last).reshape(len(masses), 2 * self._inner)
        closed = masses[:, self._opens] @ self._move_odds.T
        return np.concatenate([within, closed], axis=1)


def _going(lengths: Ints, longest: int) -> list[int]:
    """How many texts, the longest first, have a token at each place [L]."""
    counts = np.searchsorted(-lengths, -np.arange(longest))
    return [int(count) for count in counts]


def _shares(masses: Doubles) -> Doubles:
    """Masses as shares of their sum."""
    shares: Doubles = masses / np.maximum(masses.sum(axis=-1, keepdims=True), TINY)
    return shares
