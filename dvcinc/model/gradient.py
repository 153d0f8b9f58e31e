"""The network in NumPy with its derivative: a batch in, losses and gradients out.

The same arithmetic as `dvcinc.model.forward`, which serves it, and as
`dvcinc.model.diet`, its twin in TensorFlow. Shapes: B texts, N tokens, U units, R rows,
D deep, W wide and P phrase columns, K tags.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dvcinc.model import recipe
from dvcinc.model.batches import Batched, Lead
from dvcinc.model.chain import Chain, Ends
from dvcinc.model.dropout import Dropout
from dvcinc.model.labels import Labels
from dvcinc.model.layers import (
    Back,
    Weights,
    affine,
    convolved,
    normalised,
    peaks,
    phrased,
    rectified,
)
from dvcinc.model.network import INTENT_BIAS, INTENT_ROWS, TRANSITIONS, Architecture
from dvcinc.model.packing import (
    Packed,
    owner_sums,
    pack,
    text_sums,
    token_sums,
    unit_sums,
)
from dvcinc.model.units import Floats, Ints


class Losses(NamedTuple):
    """Means over a batch's texts; zero for a part that the network does not have."""

    intents: float
    tags: float


class Asked(NamedTuple):
    """What the tags of a batch are to be: right ones [N], and what a lead says."""

    tags: Ints
    packed: Packed
    lead: Lead | None = None

    def heed(self, scores: Floats, gradient: Floats) -> float:
        """The distance to the teacher's scores, centred as those of the intents.

        Its gradient by the scores [N, K] is added to what is given.
        """
        if self.lead is None or self.lead.scores is None:
            return 0.0
        teacher = self.packed.of(self.lead.scores)
        trust = (recipe.TAG_TRUST * self.lead.trust).take(self.packed.texts)
        return _apart(scores, teacher, trust, gradient)


@dataclass(frozen=True)
class Network:
    """The network as a function of its weights that can be differentiated.

    Args:
        architecture: How wide it is.
        labels: What it answers.
        weights: All but the table, and where their gradients go.
        chain: The conditional random field of the labels.
    """

    architecture: Architecture
    labels: Labels
    weights: Weights
    chain: Chain

    def learn(
        self, rows: Floats, batched: Batched, dropout: Dropout
    ) -> tuple[Losses, Floats]:
        """The losses of a batch, and their gradient by its rows of the table.

        The gradients by all other weights are written where these say.

        Args:
            rows: The table's rows that the batch needs [R, D + W].
            batched: Texts, longest first, with their right answers.
            dropout: Which features and values are left out.
        """
        batch, deep = batched.batch, self.architecture.deep
        packed = pack(batch.lengths)
        by_unit = unit_sums(len(batch.rows), *dropout.features(batch))
        by_text, tokens = text_sums(batch), packed.of(batch.units)
        units = by_unit.of(rows)
        sums = by_text.of(units)
        inner = np.ascontiguousarray(units[:, :deep])
        text, text_back = self._text(inner, sums[:, :deep], tokens, packed, dropout)
        losses = Losses(0.0, 0.0)
        to_text, to_sums = np.zeros_like(text), np.zeros_like(sums)
        to_units = np.zeros_like(units)
        if self.labels.intents:
            loss, to_text, to_sums[:, deep:] = self.intents(
                text, sums[:, deep:], batched.intents
            )
            losses = losses._replace(intents=loss)
        if self.labels.entities:
            by_token = token_sums(tokens, len(units))
            asked = Asked(packed.of(batched.tags), packed)
            loss, aside, to_tokens = self.tags(by_token.of(inner), text, asked, dropout)
            losses = losses._replace(tags=loss)
            to_text += aside
            to_units[:, :deep] = by_token.back(to_tokens)
        to_sums[:, :deep], from_phrases = text_back(to_text)
        to_units[:, :deep] += from_phrases
        to_units += by_text.back(to_sums)
        return losses, by_unit.back(to_units)

    def intents(
        self, text: Floats, wide: Floats, right: Ints, lead: Lead | None = None
    ) -> tuple[float, Floats, Floats]:
        """The intents' loss and its gradients by the text [B, D] and the wide sums."""
        weights, parts = self.weights, self.labels.part_matrix
        inner, inner_back = affine(weights, text, "intent/out")
        place = inner + wide
        rows = parts @ weights[INTENT_ROWS]
        logits = place @ rows.T + weights[INTENT_BIAS]
        loss, gradient = intent_loss(logits, right, lead)
        gradient.sum(axis=0, out=weights.gradients[INTENT_BIAS])
        np.matmul(parts.T, gradient.T @ place, out=weights.gradients[INTENT_ROWS])
        to_place = gradient @ rows
        return loss, inner_back(to_place), to_place

    def tags(
        self, tokens: Floats, text: Floats, asked: Asked, dropout: Dropout
    ) -> tuple[float, Floats, Floats]:
        """The tags' loss and its gradients by the text [B, D] and the tokens [N, D]."""
        weights, packed = self.weights, asked.packed
        by_owner = owner_sums(packed, len(text))
        context, context_back = affine(weights, text, "tags/context")
        hidden = tokens + by_owner.of(context)
        backs: list[tuple[Back, Back]] = []
        for layer in range(self.architecture.convolutions):
            seen, seen_back = convolved(weights, hidden, f"tags/conv{layer}", packed)
            added, added_back = rectified(seen, dropout.mask(*seen.shape))
            hidden = hidden + added
            backs.append((seen_back, added_back))
        scores, scores_back = affine(weights, hidden, "tags/out", "tags/bias")
        loss, gradient = self._chain_loss(scores, asked)
        to_hidden = scores_back(gradient)
        for seen_back, added_back in reversed(backs):
            to_hidden = to_hidden + seen_back(added_back(to_hidden))
        return loss, context_back(by_owner.back(to_hidden)), to_hidden

    def _text(
        self,
        units: Floats,
        sums: Floats,
        tokens: Ints,
        packed: Packed,
        dropout: Dropout,
    ) -> tuple[Floats, Callable[[Floats], tuple[Floats, Floats]]]:
        """Each text as one vector [B, D]; back to the sums and to the units."""
        weights = self.weights
        words, places = np.unique(tokens[:, 0], return_inverse=True)
        near, near_back = phrased(
            weights, units[words], "phrase/conv", places.astype(np.int32), packed
        )
        loud, loud_back = rectified(near, dropout.mask(*near.shape))
        top, top_back = peaks(loud, packed)
        raw, raw_back = affine(weights, sums, "text/in")
        said, said_back = affine(weights, top, "text/phrases")
        normal, normal_back = normalised(
            weights, raw + said, "text/norm_scale", "text/norm_shift"
        )
        hidden, hidden_back = affine(weights, normal, "text/hidden", "text/hidden_bias")
        bent, bent_back = rectified(hidden, dropout.mask(*hidden.shape))

        def back(gradient: Floats) -> tuple[Floats, Floats]:
            inner = normal_back(gradient + hidden_back(bent_back(gradient)))
            to_units = np.zeros_like(units)
            to_units[words] = near_back(loud_back(top_back(said_back(inner))))
            return raw_back(inner), to_units

        return normal + bent, back

    def _chain_loss(self, scores: Floats, asked: Asked) -> tuple[float, Floats]:
        """The tags' loss, a mean over texts, and its gradient by the scores."""
        weights, texts = self.weights, asked.packed.first.stop
        names = TRANSITIONS, "tags/first", "tags/last"
        ends = Ends(*(weights[name] for name in names))
        loss, gradient, by_ends = self.chain.loss(
            scores, asked.tags, asked.packed, ends
        )
        share = np.float32(recipe.TAG_WEIGHT / texts)
        for name, value in zip(names, by_ends, strict=True):
            np.multiply(value, share, out=weights.gradients[name])
        loss += asked.heed(scores, gradient)
        return loss / texts, gradient * share


def intent_loss(logits: Floats, right: Ints, lead: Lead | None) -> tuple[float, Floats]:
    """Cross entropy with the right intent, smoothed, and what a lead adds, if any.

    Logits, not probabilities, are compared with the teacher's: those of texts that it
    knows by heart are all but 0 and 1, and hold nothing back when the rest of label
    space moves. A shift of all logits alike says nothing, and what the teacher does not
    know is left alone.

    Returns:
        The mean over the batch, and its gradient by the logits [B, intents].
    """
    texts, intents = logits.shape
    leant = logits if lead is None else logits + lead.lean
    leant = leant - leant.max(axis=1, keepdims=True)
    chances = np.exp(leant)
    sums = chances.sum(axis=1, keepdims=True)
    chances /= sums
    logs = leant - np.log(sums)
    wanted = np.full_like(chances, recipe.SMOOTHING / intents)
    wanted[np.arange(texts), right] += 1 - recipe.SMOOTHING
    loss = -np.vdot(wanted, logs)
    gradient = chances - wanted
    if lead is not None:
        loss += _apart(logits, lead.teacher, lead.trust, gradient)
    return float(loss / texts), gradient / np.float32(texts)


def _apart(values: Floats, teacher: Floats, trust: Floats, gradient: Floats) -> float:
    """Squared distances to what the teacher knows, each row's times how much it counts.

    Their gradient by the values is added to what is given.
    """
    known = teacher.shape[1]
    gap = values[:, :known] - teacher
    gap -= gap.mean(axis=1, keepdims=True)
    gradient[:, :known] += 2 * trust[:, None] * gap
    return float(np.vdot(trust, np.square(gap).sum(axis=1)))
