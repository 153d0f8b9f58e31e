"""The network in TensorFlow: a batch in, losses of intents and tags out.

The same arithmetic as `dvcinc.model.forward`, which serves it; `dvcinc.model.network`
names the tensors. Shapes: B texts, L tokens, U units, R rows, D deep and W wide
columns, K tags.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from dvcinc.model import crf, recipe
from dvcinc.model.backend import tf
from dvcinc.model.labels import Labels
from dvcinc.model.network import (
    INTENT_BIAS,
    INTENT_ROWS,
    KERNEL,
    TRANSITIONS,
    Architecture,
)
from dvcinc.model.operations import layer, normalised
from dvcinc.model.transformer import MASKS_EACH, Transformer
from dvcinc.model.viterbi import FORBIDDEN

Tensor = Any

# Masks are drawn once and looked up: to draw anew costs more than the layers do.
MASK_ROWS = 4096


class Inputs(NamedTuple):
    """A batch for the network; the first five as in `dvcinc.model.features.Batch`.

    Args:
        intents: The right intents [B].
        tags: The right tags [B, L].
        masks: Where in the pool of dropout masks each layer starts.
    """

    picks: Tensor
    owners: Tensor
    scales: Tensor
    units: Tensor
    lengths: Tensor
    intents: Tensor
    tags: Tensor
    masks: Tensor


INPUT_SIGNATURE = Inputs(
    picks=tf.TensorSpec([None], tf.int32),
    owners=tf.TensorSpec([None], tf.int32),
    scales=tf.TensorSpec([None], tf.float32),
    units=tf.TensorSpec([None, None, 2], tf.int32),
    lengths=tf.TensorSpec([None], tf.int32),
    intents=tf.TensorSpec([None], tf.int32),
    tags=tf.TensorSpec([None, None], tf.int32),
    masks=tf.TensorSpec([None], tf.int32),
)


class Outputs(NamedTuple):
    """Intent logits [B, intents] and tag scores [B, L, K]; `None` where untrained."""

    intents: Tensor | None
    tags: Tensor | None


class Losses(NamedTuple):
    """Means over the batch's texts."""

    intents: Tensor
    tags: Tensor


@dataclass(frozen=True)
class Diet:
    """The network as functions of its weights.

    Args:
        architecture: How wide it is.
        labels: What it answers.
        pool: Dropout masks [MASK_ROWS, D], scaled to keep the mean.
        drop_attention: The share of a transformer's attention that is left out.
    """

    architecture: Architecture
    labels: Labels
    pool: Tensor
    drop_attention: float = 0.0

    @property
    def masks(self) -> int:
        """How many places in the pool of masks a step needs, for `Inputs.masks`."""
        transformer = self.architecture.transformer
        more = MASKS_EACH * transformer.layers if transformer else 0
        return 2 + self.architecture.convolutions + more

    def outputs(
        self, weights: Mapping[str, Tensor], rows: Tensor, inputs: Inputs
    ) -> Outputs:
        """What it says of a batch, given the table rows [R, D + W] that it needs."""
        deep, wide = self._units(rows, inputs)
        tokens = _by_token(deep, inputs.units)
        lengths = tf.cast(tf.maximum(inputs.lengths, 1), tf.float32)
        scale = 1 / tf.sqrt(lengths)[:, None]
        sums = tf.reduce_sum(tokens, axis=1) * scale
        words = tf.gather(deep, inputs.units[..., 0])
        raw = tf.matmul(sums, weights["text/in"])
        raw += tf.matmul(self._phrases(weights, words, inputs), weights["text/phrases"])
        if self.architecture.transformer:
            tokens += self._transformed(weights, tokens, inputs)
            raw += tf.matmul(_mean(tokens, inputs.lengths), weights["text/tokens"])
        text = self._text(weights, raw, inputs)
        logits = scores = None
        if self.labels.intents:
            straight = tf.reduce_sum(_by_token(wide, inputs.units), axis=1) * scale
            logits = self._logits(weights, text, straight)
        if self.labels.entities:
            scores = self._scores(weights, tokens, text, inputs)
        return Outputs(logits, scores)

    def losses(
        self, weights: Mapping[str, Tensor], rows: Tensor, inputs: Inputs
    ) -> Losses:
        """How wrong that is; a part that the network does not have is never wrong."""
        outputs = self.outputs(weights, rows, inputs)
        intents = tags = tf.constant(0.0)
        if outputs.intents is not None:
            intents = _intent_loss(outputs.intents, inputs.intents)
        if outputs.tags is not None:
            lengths = tf.maximum(inputs.lengths, 1)
            field = self._field(weights)
            wrong = crf.loss(outputs.tags, inputs.tags, lengths, field)
            tags = tf.reduce_mean(wrong)
        return Losses(intents, tags)

    def _units(self, rows: Tensor, inputs: Inputs) -> tuple[Tensor, Tensor]:
        """Each unit's sum of rows: [U, D] for the layers, [U, W] for the labels."""
        units = tf.sparse.segment_sum(
            rows, inputs.picks, inputs.owners, num_segments=tf.size(inputs.scales)
        )
        units *= inputs.scales[:, None]
        deep = self.architecture.deep
        return tf.slice(units, [0, 0], [-1, deep]), tf.slice(units, [0, deep], [-1, -1])

    def _phrases(
        self, weights: Mapping[str, Tensor], words: Tensor, at: Inputs
    ) -> Tensor:
        """What words and their neighbours say, each where it is loudest [B, P]."""
        seen = layer(
            self._windows(words), weights["phrase/conv"], weights["phrase/conv_bias"]
        )
        heard = self._drop(tf.nn.relu(seen), at.masks[-1])
        length = tf.shape(words)[1]
        heard = tf.reshape(heard, [-1, length, self.architecture.phrase])
        inside = tf.sequence_mask(at.lengths, length, dtype=tf.float32)
        return tf.reduce_max(heard * inside[..., None], axis=1)

    def _transformed(
        self, weights: Mapping[str, Tensor], tokens: Tensor, at: Inputs
    ) -> Tensor:
        """What a transformer makes of tokens [B, L, D]."""
        assert self.architecture.transformer  # noqa: S101 - asked before
        encoder = Transformer(
            self.architecture.transformer, self._drop, self.drop_attention
        )
        masks = at.masks[1 + self.architecture.convolutions : -1]
        return encoder(weights, tokens, tf.maximum(at.lengths, 1), masks)

    def _text(self, weights: Mapping[str, Tensor], raw: Tensor, at: Inputs) -> Tensor:
        """The text as one vector [B, D]."""
        scale, shift = weights["text/norm_scale"], weights["text/norm_shift"]
        normal = normalised(raw, scale, shift)
        hidden = layer(normal, weights["text/hidden"], weights["text/hidden_bias"])
        return normal + self._drop(tf.nn.relu(hidden), at.masks[0])

    def _logits(
        self, weights: Mapping[str, Tensor], text: Tensor, wide: Tensor
    ) -> Tensor:
        """The text's place in label space, times each label's row."""
        place = tf.matmul(text, weights["intent/out"]) + wide
        rows = tf.matmul(tf.constant(self.labels.part_matrix), weights[INTENT_ROWS])
        return tf.matmul(place, rows, transpose_b=True) + weights[INTENT_BIAS]

    def _scores(
        self, weights: Mapping[str, Tensor], tokens: Tensor, text: Tensor, at: Inputs
    ) -> Tensor:
        """Residual convolutions over tokens that know the whole text: [B, L, K]."""
        mask = tf.sequence_mask(at.lengths, tf.shape(tokens)[1], dtype=tf.float32)
        mask = mask[..., None]
        context = tf.matmul(text, weights["tags/context"])
        hidden = (tokens + context[:, None, :]) * mask
        for number in range(self.architecture.convolutions):
            name = f"tags/conv{number}"
            added = layer(self._windows(hidden), weights[name], weights[name + "_bias"])
            added = self._drop(tf.nn.relu(added), at.masks[1 + number])
            hidden = (hidden + tf.reshape(added, tf.shape(hidden))) * mask
        flat = tf.reshape(hidden, [-1, self.architecture.deep])
        scores = layer(flat, weights["tags/out"], weights["tags/bias"])
        return tf.reshape(scores, [*tf.unstack(tf.shape(tokens)[:2]), self.labels.tags])

    def _windows(self, hidden: Tensor) -> Tensor:
        """Each token with its neighbours, zeros beyond the ends [B * L, kernel * D]."""
        padded = tf.pad(hidden, [[0, 0], [KERNEL // 2, KERNEL // 2], [0, 0]])
        size = [-1, tf.shape(hidden)[1], -1]
        seen = [tf.slice(padded, [0, place, 0], size) for place in range(KERNEL)]
        return tf.reshape(
            tf.concat(seen, axis=-1), [-1, KERNEL * self.architecture.deep]
        )

    def _field(self, weights: Mapping[str, Tensor]) -> crf.Field:
        follows, opens, closes = self.labels.allowed()
        return crf.Field(
            tf.where(follows, weights[TRANSITIONS], FORBIDDEN),
            tf.where(opens, weights["tags/first"], FORBIDDEN),
            tf.where(closes, weights["tags/last"], FORBIDDEN),
        )

    def _drop(self, values: Tensor, start: Tensor) -> Tensor:
        """Dropout of rows [N, D], by the masks in the pool from `start` on."""
        places = tf.math.floormod(start + tf.range(tf.shape(values)[0]), MASK_ROWS)
        masks = tf.gather(self.pool, places)
        return values * tf.slice(masks, [0, 0], [-1, values.shape[-1]])


def _by_token(units: Tensor, numbers: Tensor) -> Tensor:
    """The two units of each token, added up: [B, L, columns]."""
    return tf.gather(units, numbers[..., 0]) + tf.gather(units, numbers[..., 1])


def _mean(tokens: Tensor, lengths: Tensor) -> Tensor:
    """The mean of each text's tokens [B, D]."""
    inside = tf.sequence_mask(lengths, tf.shape(tokens)[1], dtype=tf.float32)
    counts = tf.cast(tf.maximum(lengths, 1), tf.float32)
    return tf.reduce_sum(tokens * inside[..., None], axis=1) / counts[:, None]


def mask_pool(
    architecture: Architecture, rate: float, random: np.random.Generator
) -> Tensor:
    """Dropout masks for a whole training."""
    transformer = architecture.transformer
    size = transformer.size if transformer else 0
    width = max(architecture.deep, architecture.phrase, size)
    drawn = random.random((MASK_ROWS, width), np.float32) >= rate
    return tf.constant(drawn.astype(np.float32) / np.float32(1 - rate))


def _intent_loss(logits: Tensor, right: Tensor) -> Tensor:
    """Cross entropy with the right intent, smoothed."""
    logs = tf.nn.log_softmax(logits)
    picked = tf.gather(logs, right, batch_dims=1)
    wrong = -(1 - recipe.SMOOTHING) * picked
    return tf.reduce_mean(wrong - recipe.SMOOTHING * tf.reduce_mean(logs, axis=1))
