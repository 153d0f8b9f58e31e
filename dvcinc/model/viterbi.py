"""The conditional random field in NumPy: the best path of tags, and how sure each is.

Scores of a path: its tags' scores, those of the transitions, of the first and the last
tag. A tag that may not stand somewhere scores `FORBIDDEN` there. Shapes: B texts, L
tokens, K tags.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dvcinc.model.features import Floats, Ints
from dvcinc.model.labels import Labels
from dvcinc.model.network import TRANSITIONS, Tensors

# Low enough that no path takes it, and finite, so that sums stay numbers.
FORBIDDEN = np.float32(-1e4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Transition scores [K, K] and those of the first and the last tag [K]."""

    transitions: Floats
    first: Floats
    last: Floats

    @classmethod
    def of(cls, tensors: Tensors, labels: Labels) -> Field:
        """The field of a model, with what its tags forbid."""
        follows, opens, closes = labels.allowed()
        return cls(
            transitions=np.where(follows, tensors[TRANSITIONS], FORBIDDEN),
            first=np.where(opens, tensors["tags/first"], FORBIDDEN),
            last=np.where(closes, tensors["tags/last"], FORBIDDEN),
        )

    def decode(self, scores: Floats, lengths: Ints) -> tuple[Ints, Floats]:
        """The best tags [B, L] and the probability of each, given the text [B, L]."""
        scores = self._with_ends(scores, lengths)
        tags = self._best(scores, lengths)
        chances = self._chances(scores, lengths)
        sure = np.take_along_axis(chances, tags[..., None].astype(np.intp), axis=2)
        return tags, sure[..., 0]

    def _with_ends(self, scores: Floats, lengths: Ints) -> Floats:
        found = scores.copy()
        found[:, 0] += self.first
        texts = np.flatnonzero(lengths)
        found[texts, lengths[texts] - 1] += self.last
        return found

    def _best(self, scores: Floats, lengths: Ints) -> Ints:
        """Viterbi; behind a text's end the path stands still."""
        texts, length, _ = scores.shape
        best = scores[:, 0]
        back = np.zeros(scores.shape, np.int32)
        for at in range(1, length):
            paths = best[:, :, None] + self.transitions
            back[:, at] = paths.argmax(axis=1)
            going = (at < lengths)[:, None]
            best = np.where(going, paths.max(axis=1) + scores[:, at], best)
        tags = np.zeros((texts, length), np.int32)
        tag = best.argmax(axis=1)
        for at in range(length - 1, -1, -1):
            tags[:, at] = tag
            going = (at < lengths) & (at > 0)
            tag = np.where(going, back[np.arange(texts), at, tag], tag)
        return tags

    def _chances(self, scores: Floats, lengths: Ints) -> Floats:
        """Each tag's probability [B, L, K], by the forward-backward recursion."""
        length = scores.shape[1]
        peak = self.transitions.max()
        moves = np.exp(self.transitions - peak)
        masses = np.exp(scores - scores.max(axis=2, keepdims=True))
        ahead = [_share(masses[:, 0])]
        for at in range(1, length):
            moved = _share((ahead[-1] @ moves) * masses[:, at])
            ahead.append(np.where((at < lengths)[:, None], moved, ahead[-1]))
        behind = [np.ones_like(masses[:, 0])]
        for at in range(length - 1, 0, -1):
            moved = _share((behind[-1] * masses[:, at]) @ moves.T)
            behind.append(np.where((at < lengths)[:, None], moved, behind[-1]))
        both = np.stack(ahead, axis=1) * np.stack(behind[::-1], axis=1)
        return _share(both)


def _share(masses: Floats) -> Floats:
    """Masses as shares of their sum."""
    sums = masses.sum(axis=-1, keepdims=True)
    shares: Floats = masses / np.maximum(sums, np.float32(1e-30))
    return shares
