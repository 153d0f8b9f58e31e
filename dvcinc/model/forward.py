"""The network in NumPy: a batch in, intent logits and tag scores out.

The same arithmetic as `dvcinc.model.gradient`, which trains it, and with a transformer
`dvcinc.model.diet`; `dvcinc.model.network` names the tensors. Shapes: B texts, L
tokens, U units, D deep, W wide and P phrase columns, K tags.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from dvcinc.model.attention import Attention
from dvcinc.model.labels import Labels
from dvcinc.model.network import (
    INTENT_BIAS,
    INTENT_ROWS,
    KERNEL,
    TABLE,
    Architecture,
    Tensors,
)
from dvcinc.model.norm import normalised
from dvcinc.model.units import Floats, Ints, Places


class Hearing(NamedTuple):
    """What the encoder makes of texts, before any head is asked.

    Args:
        text: Each text as one vector [B, D].
        wide: The sums that go straight to the label space [B, W].
        tokens: Each token as a vector [B, L, D].
    """

    text: Floats
    wide: Floats
    tokens: Floats


class Forward:
    """The network of one model, ready for batches."""

    def __init__(
        self, tensors: Tensors, architecture: Architecture, labels: Labels
    ) -> None:
        self._tensors = tensors
        self._architecture = architecture
        deep, phrase = architecture.deep, architecture.phrase
        self._deep, self._phrase = slice(deep), phrase
        self._wide = slice(deep, tensors[TABLE].shape[1])
        # What a word says to the token behind it, to itself, and to the one before it.
        spoken = tensors["phrase/conv"].reshape(KERNEL, deep, phrase)
        self._spoken = np.ascontiguousarray(spoken.transpose(1, 0, 2)).reshape(deep, -1)
        self.width = self._wide.stop + KERNEL * phrase
        self._intents = bool(labels.intents)
        transformer = architecture.transformer
        self._attention = Attention(tensors, transformer) if transformer else None
        if self._intents:
            rows = labels.part_matrix @ tensors[INTENT_ROWS]
            self._label_rows = np.ascontiguousarray(rows.T)

    def vectors(self, starts: Places, rows: Places, scales: Floats) -> Floats:
        """The vectors of some units [U, D + W + 3 P], worked out once for each.

        The scaled sums of their rows, and what they say to themselves and neighbours.
        """
        table = self._tensors[TABLE]
        found = np.zeros((len(scales), table.shape[1]), np.float32)
        bounds = starts.tolist()
        # One by one, since the rows of one unit stay in the processor's cache.
        for unit, (start, end) in enumerate(pairwise(bounds)):
            if end > start:
                table[rows[start:end]].sum(axis=0, out=found[unit])
        found *= scales[:, None]
        return self.spoken(found)

    def spoken(self, sums: Floats) -> Floats:
        """Vectors of units from the scaled sums of their rows [U, D + W]."""
        return np.hstack([sums, sums[:, self._deep] @ self._spoken])

    def read(
        self, vectors: Floats, units: Ints, lengths: Ints
    ) -> tuple[Floats | None, Floats | None]:
        """What the heads say of texts, given as padded units [B, L, 2].

        Returns:
            Intent logits [B, intents] and tag scores [B, L, K], `None` if untrained.
        """
        encoded = self._encoded(vectors, units, lengths)
        text, wide = self._text_and_wide(vectors, units, lengths, encoded)
        logits = self.logits(text, wide) if self._intents else None
        if "tags/out" not in self._tensors:
            return logits, None
        tokens = self._tokens(vectors, units) if encoded is None else encoded
        return logits, self.scores(tokens, text, lengths)

    def hear(self, vectors: Floats, units: Ints, lengths: Ints) -> Hearing:
        """What the encoder makes of texts, given as padded units [B, L, 2]."""
        encoded = self._encoded(vectors, units, lengths)
        text, wide = self._text_and_wide(vectors, units, lengths, encoded)
        tokens = self._tokens(vectors, units) if encoded is None else encoded
        return Hearing(text, wide, tokens)

    def _tokens(self, vectors: Floats, units: Ints) -> Floats:
        deep = vectors[:, self._deep]
        tokens: Floats = deep[units[..., 0]] + deep[units[..., 1]]
        return tokens

    def _encoded(self, vectors: Floats, units: Ints, lengths: Ints) -> Floats | None:
        """What a transformer makes of the tokens [B, L, D], if there is one."""
        if self._attention is None:
            return None
        tokens = self._tokens(vectors, units)
        return tokens + self._attention(tokens, lengths)

    def _text_and_wide(
        self, vectors: Floats, units: Ints, lengths: Ints, encoded: Floats | None
    ) -> tuple[Floats, Floats]:
        parts = vectors[:, : self._wide.stop]
        tokens = parts.take(units.reshape(len(units), -1), axis=0)
        counts = np.maximum(lengths, 1).astype(np.float32)
        sums = tokens.sum(axis=1) / np.sqrt(counts)[:, None]
        phrases = self._phrases(vectors[:, self._wide.stop :], units[..., 0], lengths)
        raw = sums[:, self._deep] @ self._tensors["text/in"]
        if encoded is not None:
            raw += self._heard(encoded, lengths) @ self._tensors["text/tokens"]
        return self._text(raw, phrases), sums[:, self._wide]

    def _phrases(self, spoken: Floats, words: Ints, lengths: Ints) -> Floats:
        """What words and their neighbours say, each where it is loudest [B, P]."""
        width = self._phrase
        near = spoken[:, width : 2 * width].take(words, axis=0)
        near[:, 1:] += spoken[:, :width].take(words[:, :-1], axis=0)
        near[:, :-1] += spoken[:, 2 * width :].take(words[:, 1:], axis=0)
        near += self._tensors["phrase/conv_bias"]
        near[np.arange(words.shape[1]) >= lengths[:, None]] = 0
        top: Floats = near.max(axis=1)
        return np.maximum(top, 0, out=top)

    def _heard(self, encoded: Floats, lengths: Ints) -> Floats:
        """The mean of a transformer's tokens [B, D]."""
        inside = np.arange(encoded.shape[1]) < lengths[:, None]
        counts = np.maximum(lengths, 1).astype(np.float32)[:, None]
        mean: Floats = (encoded * inside[..., None]).sum(axis=1) / counts
        return mean

    def _text(self, raw: Floats, phrases: Floats) -> Floats:
        """The text as one vector [B, D]."""
        tensors = self._tensors
        raw = raw + phrases @ tensors["text/phrases"]
        scale, shift = tensors["text/norm_scale"], tensors["text/norm_shift"]
        normal = normalised(raw, scale, shift)
        hidden = normal @ tensors["text/hidden"] + tensors["text/hidden_bias"]
        text: Floats = normal + np.maximum(hidden, 0)
        return text

    def logits(self, text: Floats, wide: Floats) -> Floats:
        """The text's place in label space, times each label's row."""
        place = text @ self._tensors["intent/out"] + wide
        return place @ self._label_rows + self._tensors[INTENT_BIAS]

    def scores(self, tokens: Floats, text: Floats, lengths: Ints) -> Floats:
        """Residual convolutions over tokens that know the whole text."""
        tensors = self._tensors
        inside = np.arange(tokens.shape[1]) < lengths[:, None]
        mask = inside[..., None].astype(np.float32)
        context = text @ tensors["tags/context"]
        hidden = (tokens + context[:, None, :]) * mask
        for layer in range(self._architecture.convolutions):
            seen = windows(hidden, KERNEL)
            added = _layer(seen, tensors, f"tags/conv{layer}", f"tags/conv{layer}_bias")
            hidden = (hidden + np.maximum(added, 0)) * mask
        return _layer(hidden, tensors, "tags/out", "tags/bias")


def _layer(hidden: Floats, tensors: Tensors, weights: str, bias: str) -> Floats:
    """An affine layer on token vectors, as one product of matrices."""
    flat = hidden.reshape(-1, hidden.shape[-1])
    product = flat @ tensors[weights] + tensors[bias]
    return product.reshape(*hidden.shape[:-1], -1)


def windows(hidden: Floats, kernel: int) -> Floats:
    """Each token with its neighbours, zeros beyond the ends: [B, L, kernel * D]."""
    texts, length, width = hidden.shape
    found = np.zeros((texts, length, kernel, width), np.float32)
    for place in range(kernel):
        shift = place - kernel // 2
        first = max(-shift, 0)
        behind = max(length - max(shift, 0), first)
        found[:, first:behind, place] = hidden[:, first + shift : behind + shift]
    return found.reshape(texts, length, kernel * width)
