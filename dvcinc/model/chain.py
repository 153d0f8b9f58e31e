"""The loss of the tags in NumPy: a linear-chain conditional random field.

Lafferty et al. (2001). The gradient is that of the forward-backward recursion: what is
likely less what is right. With begin, inside, last and unit tags most transitions are
forbidden: behind a tag that closes (outside, last, unit) stands one that opens
(outside, begin, unit), within an entity its own inside and last. So a step of the
recursion is one product with a quarter of the matrix, and a few element-wise ones.

Shapes: N packed tokens, K tags, C closing and O opening tags, E entities.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dvcinc.model.labels import BEGIN, INSIDE, LAST, OUTSIDE, UNIT, Labels
from dvcinc.model.packing import Packed
from dvcinc.model.units import Floats, Ints
from dvcinc.model.viterbi import FORBIDDEN

TINY = np.float32(1e-30)


class Ends(NamedTuple):
    """Scores of the transitions [K, K], of the first and of the last tag [K]."""

    transitions: Floats
    first: Floats
    last: Floats


class Masses(NamedTuple):
    """A number for each token and tag: opening tags [N, O], the others [N, E]."""

    opening: Floats
    inside: Floats
    last: Floats


class Shares(NamedTuple):
    """The same by what may follow: closing tags [N, C], the others [N, E]."""

    closing: Floats
    begin: Floats
    inside: Floats


class Moves(NamedTuple):
    """Exponentials of the transitions that are allowed: [C, O], the others [E]."""

    across: Floats
    begin_inside: Floats
    inside_inside: Floats
    begin_last: Floats
    inside_last: Floats


class Chain:
    """The conditional random field of some labels.

    Args:
        labels: Which tags there are; without `bilou` everything may follow everything.
    """

    def __init__(self, labels: Labels) -> None:
        entities = len(labels.entities) if labels.bilou else 0
        start = 1 + labels.tags_each * np.arange(entities)
        self._begin, self._inside = start + BEGIN, start + INSIDE
        self._last, self._unit = start + LAST, start + UNIT
        self._opening = self._closing = np.arange(labels.tags)
        if labels.bilou:
            self._opening = np.concatenate([[OUTSIDE], self._begin, self._unit])
            self._closing = np.concatenate([[OUTSIDE], self._last, self._unit])
        # Where the tags that begin stand among those that open, and so on.
        self._among = slice(1, 1 + entities)

    def loss(
        self, scores: Floats, tags: Ints, packed: Packed, ends: Ends
    ) -> tuple[float, Floats, Ends]:
        """The negative log likelihood, and its gradients.

        Args:
            scores: Tag scores [N, K].
            tags: The right tags [N].
            packed: Where the tokens stand.
            ends: What a path scores beside its tags.

        Returns:
            The sum over the texts, and its gradients by the scores and the ends.
        """
        scores = scores + self._beyond(scores, packed, ends)
        everyone = np.arange(packed.tokens)
        steps = tags[packed.before[packed.later]], tags[packed.later]
        path = scores[everyone, tags].sum(dtype=np.float64)
        path += ends.transitions[steps].sum(dtype=np.float64)
        total, by_scores, by_moves = self._partition(scores, packed, ends.transitions)
        by_scores[everyone, tags] -= 1
        np.subtract.at(by_moves, steps, 1)
        first, last = np.zeros_like(ends.first), np.zeros_like(ends.last)
        first[self._opening] = by_scores[packed.first].sum(axis=0)[self._opening]
        last[self._closing] = by_scores[packed.last].sum(axis=0)[self._closing]
        return total - float(path), by_scores, Ends(by_moves, first, last)

    def _beyond(self, scores: Floats, packed: Packed, ends: Ends) -> Floats:
        """What the first and the last tokens of the texts score beside their tags."""
        found = np.zeros_like(scores)
        for places, values, allowed in (
            (packed.first, ends.first, self._opening),
            (packed.last, ends.last, self._closing),
        ):
            added = np.full_like(values, FORBIDDEN)
            added[allowed] = values[allowed]
            found[places] += added
        return found

    def _partition(
        self, scores: Floats, packed: Packed, transitions: Floats
    ) -> tuple[float, Floats, Floats]:
        """Log of the sum over all paths; its gradients by scores and transitions."""
        peak = transitions.max()
        tops = scores.max(axis=1, keepdims=True)
        masses = self._masses(np.exp(scores - tops))
        moves = self._moves(np.exp(transitions - peak))
        ahead, sums = self._ahead(masses, moves, packed)
        behind, flows = self._behind(masses, moves, packed, sums)
        total = np.log(sums).sum(dtype=np.float64) + tops.sum(dtype=np.float64)
        total += float(peak) * (packed.tokens - packed.first.stop)
        by_scores = np.empty_like(scores)
        by_scores[:, self._closing] = ahead.closing * behind.closing
        by_scores[:, self._begin] = ahead.begin * behind.begin
        by_scores[:, self._inside] = ahead.inside * behind.inside
        return float(total), by_scores, self._pairs(moves, ahead, flows, packed)

    def _masses(self, exponentials: Floats) -> Masses:
        return Masses(
            *(
                np.ascontiguousarray(exponentials[:, tags])
                for tags in (self._opening, self._inside, self._last)
            )
        )

    def _moves(self, exponentials: Floats) -> Moves:
        return Moves(
            across=exponentials[np.ix_(self._closing, self._opening)],
            begin_inside=exponentials[self._begin, self._inside],
            inside_inside=exponentials[self._inside, self._inside],
            begin_last=exponentials[self._begin, self._last],
            inside_last=exponentials[self._inside, self._last],
        )

    def _ahead(
        self, masses: Masses, moves: Moves, packed: Packed
    ) -> tuple[Shares, Floats]:
        """Forward shares, and what each token's were divided by [N]."""
        ahead = self._no_shares(masses)
        sums = np.empty(packed.tokens, masses.opening.dtype)
        then = packed.first
        for now in packed.slices:
            opened = masses.opening[now]
            inside, last = (np.zeros_like(mass[now]) for mass in masses[1:])
            if now != packed.first:
                closing, begin, going = (
                    part[then][: now.stop - now.start] for part in ahead
                )
                opened = (closing @ moves.across) * opened
                inside = begin * moves.begin_inside + going * moves.inside_inside
                inside *= masses.inside[now]
                last = begin * moves.begin_last + going * moves.inside_last
                last *= masses.last[now]
            total = opened.sum(axis=1) + inside.sum(axis=1) + last.sum(axis=1) + TINY
            sums[now], share = total, (1 / total)[:, None]
            ahead.closing[now] = opened * share
            ahead.begin[now] = ahead.closing[now][:, self._among]
            if len(self._begin):
                ahead.closing[now, self._among] = last * share
            ahead.inside[now] = inside * share
            then = now
        return ahead, sums

    def _behind(
        self, masses: Masses, moves: Moves, packed: Packed, sums: Floats
    ) -> tuple[Shares, Masses]:
        """Backward shares, and what flows into each token's tags from behind.

        So scaled that forward times backward shares sum to one.
        """
        behind = self._no_shares(masses, 1)
        flows = Masses(*(np.empty_like(mass) for mass in masses))
        for then, now in reversed(
            [*zip(packed.slices, packed.slices[1:], strict=False)]
        ):
            share = (1 / sums[now])[:, None]
            opened = behind.closing[now] * share
            last = opened[:, self._among] * masses.last[now]
            if len(self._begin):
                opened[:, self._among] = behind.begin[now] * share
            opened *= masses.opening[now]
            inside = behind.inside[now] * masses.inside[now] * share
            flows.opening[now], flows.inside[now] = opened, inside
            closing, begin, going = (
                part[then][: now.stop - now.start] for part in behind
            )
            closing[:] = opened @ moves.across.T
            if len(self._begin):
                flows.last[now] = last
                begin[:] = inside * moves.begin_inside + last * moves.begin_last
                going[:] = inside * moves.inside_inside + last * moves.inside_last
        return behind, flows

    def _no_shares(self, masses: Masses, value: int = 0) -> Shares:
        sizes = len(self._closing), len(self._begin), len(self._inside)
        tokens, kind = len(masses.opening), masses.opening.dtype
        return Shares(*(np.full((tokens, size), value, kind) for size in sizes))

    def _pairs(
        self, moves: Moves, ahead: Shares, flows: Masses, packed: Packed
    ) -> Floats:
        """How often each transition is taken, summed over all texts [K, K]."""
        before = packed.before[packed.later]
        closing, begin, going = (part[before] for part in ahead)
        opened, inside, last = (part[packed.later] for part in flows)
        tags = len(self._closing) + 2 * len(self._begin)
        found = np.zeros((tags, tags), closing.dtype)
        taken = closing.T @ opened
        found[np.ix_(self._closing, self._opening)] = moves.across * taken
        for places, move, left, right in (
            ((self._begin, self._inside), moves.begin_inside, begin, inside),
            ((self._inside, self._inside), moves.inside_inside, going, inside),
            ((self._begin, self._last), moves.begin_last, begin, last),
            ((self._inside, self._last), moves.inside_last, going, last),
        ):
            found[places] = move * np.einsum("ne,ne->e", left, right)
        return found
