"""A transformer in NumPy: the tokens of texts in, tokens that know each other out.

The same arithmetic as `dvcinc.model.transformer`, which trains a base's; a fine-tune
leaves it as it is. `dvcinc.model.network` names the tensors. Pre-norm blocks (Xiong et
al., 2020). Shapes: B texts, L tokens, D deep and S transformer columns, H heads, R
distances.
"""

from __future__ import annotations

import math

import numpy as np

from dvcinc.corpus.transformer import TransformerSettings
from dvcinc.model.network import Tensors
from dvcinc.model.norm import normalised
from dvcinc.model.units import Floats, Ints

# What a token says to one behind the end of its text, before the softmax.
UNHEARD = np.float32(-1e9)
# The slowest wave of a place is so many times longer than the fastest.
LONGEST_WAVE = 10_000.0
# So many numbers of attention are held at once: a long text goes piece by piece.
MOST_NUMBERS = 1 << 22


def frequencies(size: int) -> Floats:
    """How fast the waves turn, a sine and a cosine each [size / 2, rounded up]."""
    waves = -(-size // 2)
    return (LONGEST_WAVE ** -(np.arange(waves) / waves)).astype(np.float32)


class Attention:
    """The transformer of one model.

    Args:
        tensors: All of the model's.
        settings: Its shape.
    """

    def __init__(self, tensors: Tensors, settings: TransformerSettings) -> None:
        self._tensors = tensors
        self._settings = settings

    def __call__(self, tokens: Floats, lengths: Ints) -> Floats:
        """Tokens [B, L, D] that know their texts; what is behind an end is of no use.

        Args:
            tokens: Texts, padded.
            lengths: Tokens of each [B].
        """
        tensors = self._tensors
        texts, length, deep = tokens.shape
        inside = np.arange(length) < np.maximum(lengths, 1)[:, None]
        beyond = np.where(inside, np.float32(0), UNHEARD)[:, None, None]
        hidden = tokens.reshape(-1, deep)
        if "transformer/in" in tensors:
            hidden = hidden @ tensors["transformer/in"]
        hidden = hidden + np.tile(self._positions(length), (texts, 1))
        for layer in range(self._settings.layers):
            name = f"transformer/{layer}"
            hidden = hidden + self._attend(hidden, beyond, name)
            wide = self._layer(self._norm(hidden, f"{name}/widened"), f"{name}/widened")
            hidden = hidden + self._layer(np.maximum(wide, 0), f"{name}/narrowed")
        hidden = self._norm(hidden, "transformer")
        if "transformer/out" in tensors:
            hidden = hidden @ tensors["transformer/out"]
        return hidden.reshape(texts, length, deep)

    def _positions(self, length: int) -> Floats:
        """What each place adds [L, S]."""
        size = self._settings.size
        angles = np.arange(length, dtype=np.float32)[:, None] * frequencies(size)
        waves = np.hstack([np.sin(angles), np.cos(angles)])[:, :size]
        found: Floats = waves * self._tensors["transformer/positions"]
        return found

    def _attend(self, hidden: Floats, beyond: Floats, name: str) -> Floats:
        """What each token hears from its text [B * L, S]."""
        texts, length = len(beyond), beyond.shape[-1]
        heads = self._settings.heads
        said = self._layer(self._norm(hidden, f"{name}/attend"), f"{name}/attend")
        parts = said.reshape(texts, length, 3, heads, -1).transpose(2, 0, 3, 1, 4)
        queries, keys, values = parts
        heard = np.empty_like(queries)
        places = np.arange(length, dtype=np.int32)
        piece = max(MOST_NUMBERS // max(texts * heads * length, 1), 1)
        for start in range(0, length, piece):
            stop = min(start + piece, length)
            apart = places - places[start:stop, None]
            shares = self._shares(queries[:, :, start:stop], keys, beyond, apart, name)
            heard[:, :, start:stop] = shares @ values
            if self._settings.value_reach:
                heard[:, :, start:stop] += self._near_values(shares, apart, name)
        joined = heard.transpose(0, 2, 1, 3).reshape(texts * length, -1)
        return self._layer(joined, f"{name}/joined")

    def _shares(
        self, queries: Floats, keys: Floats, beyond: Floats, apart: Ints, name: str
    ) -> Floats:
        """How much some tokens heed each one of their text [B, H, some, L]."""
        scores = queries @ keys.swapaxes(2, 3)
        reach = self._settings.key_reach
        if reach:
            near = queries @ self._tensors[f"{name}/near_keys"].T
            rows = np.arange(len(apart))[:, None]
            scores += near[:, :, rows, apart.clip(-reach, reach) + reach]
        scores *= np.float32(1 / math.sqrt(queries.shape[-1]))
        scores += beyond
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        return scores

    def _near_values(self, shares: Floats, apart: Ints, name: str) -> Floats:
        """What the distance of what is heeded adds [B, H, some, S / H]."""
        reach = self._settings.value_reach
        rows = self._tensors[f"{name}/near_values"]
        places = apart.clip(-reach, reach) + reach
        found = np.zeros((*shares.shape[:3], rows.shape[1]), np.float32)
        for place in range(places.min(), places.max() + 1):
            share = (shares * (places == place)).sum(axis=-1, keepdims=True)
            found += share * rows[place]
        return found

    def _norm(self, hidden: Floats, name: str) -> Floats:
        tensors = self._tensors
        scale, shift = tensors[f"{name}/norm_scale"], tensors[f"{name}/norm_shift"]
        return normalised(hidden, scale, shift)

    def _layer(self, hidden: Floats, name: str) -> Floats:
        found: Floats = hidden @ self._tensors[name] + self._tensors[f"{name}_bias"]
        return found
