"""A transformer in TensorFlow: the tokens of texts in, tokens that know each other out.

The same arithmetic as `dvcinc.model.attention`, which serves it. Shapes: B texts, L
tokens, D deep and S transformer columns, H heads, R distances.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from dvcinc.corpus.transformer import TransformerSettings
from dvcinc.model.attention import UNHEARD, frequencies
from dvcinc.model.backend import tf
from dvcinc.model.operations import layer, normalised

Tensor = Any

# Places among the masks that a layer takes: behind each half, and a seed.
MASKS_EACH = 3


class Drop(Protocol):
    """Dropout of rows [N, columns] by masks that begin at a place."""

    def __call__(self, values: Tensor, start: Tensor) -> Tensor:
        """The rows, some of their values zero."""


@dataclass(frozen=True)
class Transformer:
    """Pre-norm blocks as a function of their weights.

    Args:
        settings: The shape.
        drop: Dropout behind each half of a layer.
        drop_attention: The share of attention that is left out.
    """

    settings: TransformerSettings
    drop: Drop
    drop_attention: float

    def __call__(
        self,
        weights: Mapping[str, Tensor],
        tokens: Tensor,
        lengths: Tensor,
        masks: Tensor,
    ) -> Tensor:
        """Tokens [B, L, D] that know their texts.

        Args:
            weights: By name.
            tokens: Texts, padded.
            lengths: Tokens of each [B], at least one.
            masks: Where each dropout begins [`MASKS_EACH` * layers].
        """
        shape = tf.shape(tokens)
        hidden = tf.reshape(tokens, [-1, tokens.shape[-1]])
        if "transformer/in" in weights:
            hidden = tf.matmul(hidden, weights["transformer/in"])
        places = self._positions(shape[1]) * weights["transformer/positions"]
        hidden += tf.tile(places, [shape[0], 1])
        inside = tf.sequence_mask(lengths, shape[1], dtype=tf.float32)
        beyond = ((1 - inside) * UNHEARD)[:, None, None]
        for at in range(self.settings.layers):
            name, first = f"transformer/{at}", MASKS_EACH * at
            heard = self._attend(weights, hidden, beyond, name, masks[first + 2])
            hidden += self.drop(heard, masks[first])
            wide = _layer(weights, hidden, f"{name}/widened", norm=True)
            made = _layer(weights, tf.nn.relu(wide), f"{name}/narrowed")
            hidden += self.drop(made, masks[first + 1])
        hidden = _norm(weights, hidden, "transformer")
        if "transformer/out" in weights:
            hidden = tf.matmul(hidden, weights["transformer/out"])
        return tf.reshape(hidden, shape)

    def _positions(self, length: Tensor) -> Tensor:
        size = self.settings.size
        places = tf.range(tf.cast(length, tf.float32))
        angles = places[:, None] * tf.constant(frequencies(size))
        waves = tf.concat([tf.sin(angles), tf.cos(angles)], axis=1)
        return tf.slice(waves, [0, 0], [-1, size])

    def _attend(
        self,
        weights: Mapping[str, Tensor],
        hidden: Tensor,
        beyond: Tensor,
        name: str,
        seed: Tensor,
    ) -> Tensor:
        """What each token hears from its text [B * L, S]."""
        settings = self.settings
        size, length = settings.size, tf.shape(beyond)[3]
        said = _layer(weights, hidden, f"{name}/attend", norm=True)
        split = [-1, length, 3, settings.heads, size // settings.heads]
        parts = tf.transpose(tf.reshape(said, split), [2, 0, 3, 1, 4])
        queries, keys, values = tf.unstack(parts)
        scores = tf.matmul(queries, keys, transpose_b=True)
        if settings.key_reach:
            near = tf.matmul(
                queries, weights[f"{name}/near_keys"][None, None], transpose_b=True
            )
            apart = _apart(length, settings.key_reach)
            scores += tf.einsum("bhir,ijr->bhij", near, apart)
        scores *= 1 / math.sqrt(size // settings.heads)
        shares = tf.nn.softmax(scores + beyond)
        if self.drop_attention:
            shares = tf.nn.experimental.stateless_dropout(
                shares, self.drop_attention, seed=tf.stack([seed, 0])
            )
        heard = tf.matmul(shares, values)
        if settings.value_reach:
            apart = _apart(length, settings.value_reach)
            by_distance = tf.einsum("bhij,ijr->bhir", shares, apart)
            heard += tf.matmul(by_distance, weights[f"{name}/near_values"][None, None])
        joined = tf.reshape(tf.transpose(heard, [0, 2, 1, 3]), [-1, size])
        return _layer(weights, joined, f"{name}/joined")


def _apart(length: Tensor, reach: int) -> Tensor:
    """How far each token is from each other, as ones at its distance [L, L, R]."""
    places = tf.range(length)
    apart = tf.clip_by_value(places[None] - places[:, None], -reach, reach) + reach
    return tf.one_hot(apart, 2 * reach + 1)


def _layer(
    weights: Mapping[str, Tensor], rows: Tensor, name: str, *, norm: bool = False
) -> Tensor:
    rows = _norm(weights, rows, name) if norm else rows
    return layer(rows, weights[name], weights[f"{name}_bias"])


def _norm(weights: Mapping[str, Tensor], rows: Tensor, name: str) -> Tensor:
    scale, shift = weights[f"{name}/norm_scale"], weights[f"{name}/norm_shift"]
    return normalised(rows, scale, shift)
