"""The network in NumPy: a batch in, intent logits and tag scores out.

The same arithmetic as `dvcinc.model.diet`, which trains it; `dvcinc.model.network`
names the tensors. Shapes: B texts, L tokens, D deep and W wide columns, K tags.
"""

from __future__ import annotations

import numpy as np

from dvcinc.model.features import Batch, Floats
from dvcinc.model.labels import Labels
from dvcinc.model.network import INTENT_BIAS, INTENT_ROWS, TABLE, Architecture, Tensors

# What layer normalisation adds to the variance.
EPSILON = 1e-5


class Forward:
    """The network of one model, ready for batches."""

    def __init__(
        self, tensors: Tensors, architecture: Architecture, labels: Labels
    ) -> None:
        self._tensors = tensors
        self._architecture = architecture
        self._intents = bool(labels.intents)
        if self._intents:
            rows = labels.part_matrix() @ tensors[INTENT_ROWS]
            self._label_rows = np.ascontiguousarray(rows.T)

    def __call__(self, batch: Batch) -> tuple[Floats | None, Floats | None]:
        """Intent logits [B, intents] and tag scores [B, L, K], `None` if untrained."""
        tokens = self._tokens(batch)
        text, logits = self._text_and_logits(tokens, batch)
        if "tags/out" not in self._tensors:
            return logits, None
        deep = tokens[..., : self._architecture.deep]
        return logits, self._scores(deep, text, batch)

    def intents(self, batch: Batch) -> Floats | None:
        """The intent logits alone, at a part of the cost."""
        return self._text_and_logits(self._tokens(batch), batch)[1]

    def _text_and_logits(
        self, tokens: Floats, batch: Batch
    ) -> tuple[Floats, Floats | None]:
        deep = self._architecture.deep
        lengths = np.maximum(batch.lengths, 1).astype(np.float32)
        sums = tokens.sum(axis=1) / np.sqrt(lengths)[:, None]
        text = self._text(sums[:, :deep])
        return text, self._logits(text, sums[:, deep:]) if self._intents else None

    def _tokens(self, batch: Batch) -> Floats:
        """Token vectors [B, L, D + W]: the sums of their units' rows."""
        table = self._tensors[TABLE]
        picked = table[batch.rows[batch.picks]]
        units = np.zeros((len(batch.scales), table.shape[1]), np.float32)
        if len(picked):
            present, starts = np.unique(batch.owners, return_index=True)
            units[present] = np.add.reduceat(picked, starts, axis=0)
        units *= batch.scales[:, None]
        tokens: Floats = units[batch.units[..., 0]] + units[batch.units[..., 1]]
        return tokens

    def _text(self, sums: Floats) -> Floats:
        """The text as one vector [B, D]."""
        tensors = self._tensors
        raw = sums @ tensors["text/in"]
        centred = raw - raw.mean(axis=1, keepdims=True)
        variance = np.square(centred).mean(axis=1, keepdims=True)
        normal = centred / np.sqrt(variance + np.float32(EPSILON))
        normal = normal * tensors["text/norm_scale"] + tensors["text/norm_shift"]
        hidden = normal @ tensors["text/hidden"] + tensors["text/hidden_bias"]
        text: Floats = normal + np.maximum(hidden, 0)
        return text

    def _logits(self, text: Floats, wide: Floats) -> Floats:
        """The text's place in label space, times each label's row."""
        place = text @ self._tensors["intent/out"] + wide
        return place @ self._label_rows + self._tensors[INTENT_BIAS]

    def _scores(self, tokens: Floats, text: Floats, batch: Batch) -> Floats:
        """Residual convolutions over tokens that know the whole text."""
        tensors = self._tensors
        inside = np.arange(tokens.shape[1]) < batch.lengths[:, None]
        mask = inside[..., None].astype(np.float32)
        context = text @ tensors["tags/context"]
        hidden = (tokens + context[:, None, :]) * mask
        for layer in range(self._architecture.convolutions):
            seen = windows(hidden, self._architecture.kernel)
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
    reach = kernel // 2
    length = hidden.shape[1]
    padded = np.pad(hidden, ((0, 0), (reach, reach), (0, 0)))
    return np.concatenate(
        [padded[:, place : place + length] for place in range(kernel)], axis=-1
    )
