"""The heads of a model in a fine-tune: what its encoder made of texts goes in.

The encoder stays as it is (`dvcinc.model.hearing`). The intents' head moves the label
space and the wide columns of the table, the tags' head its layers and the deep rows of
features that are new, which have meant nothing until now. Losses are those of the whole
network; what the moving rows do to the text as a whole, and what a transformer makes of
them beside passing them on, is heard when all is done.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dvcinc.model.batches import stack
from dvcinc.model.chain import Chain
from dvcinc.model.chances import are_sure
from dvcinc.model.checkpoint import STEPS
from dvcinc.model.document import Model
from dvcinc.model.dropout import Dropout
from dvcinc.model.features import Featurizer
from dvcinc.model.gradient import Asked, Network
from dvcinc.model.hearing import Heard, padded_tokens
from dvcinc.model.network import INTENT_BIAS, INTENT_ROWS, TABLE, Tensors
from dvcinc.model.optimizer import Adam
from dvcinc.model.packing import Sums, pack, token_sums, unit_sums
from dvcinc.model.rehearsal import Drawn
from dvcinc.model.units import Floats, Ints, Marks

# Layers that a head owns, by how their names begin.
INTENTS, TAGS = "intent/", "tags/"


class Head:
    """Some of a model's weights in training, with a part of its table.

    Args:
        model: Where to start: weights, and moments if it has any.
        layers: How the names of the layers' weights begin.
        part: Which rows and columns of the table.
    """

    def __init__(
        self,
        model: Model,
        layers: str,
        part: tuple[slice, slice],
    ) -> None:
        self._model, self._part = model, part
        moments = model.optimizer or {}
        steps = int(moments[STEPS][0]) if STEPS in moments else 0
        own = _own(model.tensors, layers, part)
        kept = {
            kind + name: value
            for kind in ("m/", "v/")
            for name, value in _own(moments, layers, part, kind).items()
        }
        self._adam = Adam(own, kept, steps)
        self._network = Network(
            model.architecture, model.labels, self._adam.weights, Chain(model.labels)
        )

    def tensors(self) -> dict[str, Floats]:
        """All weights of the model, those of the head as they are now."""
        own = self._adam.tensors()
        table = self._model.tensors[TABLE].copy()
        table[self._part] = own.pop(TABLE)
        return {**self._model.tensors, **own, TABLE: table}


class IntentHead(Head):
    """The intents' head.

    Args:
        model: Where to start.
        drop: The share of features left out.
        seed: For that.
    """

    def __init__(self, model: Model, drop: float, seed: int) -> None:
        columns = slice(model.architecture.deep, None)
        super().__init__(model, INTENTS, (slice(None), columns))
        self._drop, self._random = drop, np.random.default_rng([seed, 4])
        self._marks = Marks(len(model.tensors[TABLE]))

    def step(self, drawn: Drawn, rate: float) -> float:
        """Learn from one batch; the loss before."""
        text = np.stack([item.text for item in drawn.heard])
        right = np.array([item.lesson.intent for item in drawn.heard], np.int32)
        picks, ends, weights = _entries(drawn.heard)
        kept = self._random.random(len(weights), np.float32) >= self._drop
        weights = weights * kept / np.float32(1 - self._drop)
        rows, local = self._marks.distinct(picks)
        sums = Sums(local, ends, weights, len(rows))
        numbers = rows.astype(np.int32)
        values = self._adam.rows(numbers)
        loss, _, to_wide = self._network.intents(
            text, sums.of(values), right, drawn.lead
        )
        self._adam.step(numbers, values, sums.back(to_wide), rate)
        return loss

    def logits(self, text: Floats, sums: Sums) -> Floats:
        """The raw scores of the intents [B, intents], by texts and wide sums."""
        weights = self._adam.weights
        place = text @ weights["intent/out"] + sums.of(self._adam.table)
        rows = self._model.labels.part_matrix @ weights[INTENT_ROWS]
        return place @ rows.T + weights[INTENT_BIAS]


class Questions:
    """Some lessons to ask an intents' head about."""

    def __init__(self, heard: Sequence[Heard], features: int) -> None:
        self._heard = heard
        if heard:
            self._text = np.stack([item.text for item in heard])
            self._right = np.array([item.lesson.intent for item in heard])
            picks, ends, weights = _entries(heard)
            self._sums = Sums(picks, ends, weights, features)

    def unsure(self, head: IntentHead) -> list[Heard]:
        """Those that are answered wrong, or right without being sure."""
        if not self._heard:
            return []
        sure = are_sure(head.logits(self._text, self._sums), self._right)
        return [self._heard[at] for at in np.flatnonzero(~sure).tolist()]

    def lost(self, head: IntentHead) -> int:
        """How many are answered wrong that the base answered right."""
        if not self._heard:
            return 0
        logits = head.logits(self._text, self._sums)
        wrong = np.flatnonzero(logits.argmax(axis=1) != self._right).tolist()
        return sum(_was_right(self._heard[at]) for at in wrong)


def unsure(heard: Sequence[Heard]) -> list[Heard]:
    """Those that were answered wrong when they were heard, or without being sure."""
    return [
        item
        for item in heard
        if item.logits is not None
        and not are_sure(item.logits[None], np.array([item.lesson.intent]))[0]
    ]


class TagHead(Head):
    """The tags' head.

    Args:
        model: Where to start.
        known: How many features the base knows.
        featurizer: Of the model.
        seed: For dropout.
    """

    def __init__(
        self, model: Model, known: int, featurizer: Featurizer, seed: int
    ) -> None:
        deep = model.architecture.deep
        super().__init__(model, TAGS, (slice(known, None), slice(deep)))
        self._known, self._featurizer = known, featurizer
        # What the tokens hold already: of a new word what unknown ones meant.
        self._start = self._adam.table.copy()
        self._dropout = Dropout(
            model.pipeline.diet.drop_rate, 0, deep, np.random.default_rng([seed, 5])
        )

    def step(self, drawn: Drawn, rate: float) -> float:
        """Learn from one batch; the loss before."""
        batched = stack([item.lesson for item in drawn.heard], self._featurizer)
        batch = batched.batch
        packed = pack(batch.lengths)
        tokens = packed.of(padded_tokens(drawn.heard))
        text = np.stack([item.text for item in drawn.heard])
        # Rows are sorted, so those of new features stand behind the others.
        old = int(np.searchsorted(batch.rows, self._known))
        numbers = batch.rows[old:] - self._known
        new = batch.picks >= old
        values = self._adam.rows(numbers)
        by_unit = unit_sums(
            len(numbers), batch.picks[new] - old, batch.owners[new], batch.scales
        )
        by_token = token_sums(packed.of(batch.units), len(batch.scales))
        tokens += by_token.of(by_unit.of(values - self._start[numbers]))
        asked = Asked(packed.of(batched.tags), packed, drawn.lead)
        loss, _, to_tokens = self._network.tags(tokens, text, asked, self._dropout)
        self._adam.step(numbers, values, by_unit.back(by_token.back(to_tokens)), rate)
        return loss


def _was_right(item: Heard) -> bool:
    return item.logits is not None and item.logits.argmax() == item.lesson.intent


def _own(
    tensors: Tensors, layers: str, part: tuple[slice, slice], kind: str = ""
) -> dict[str, Floats]:
    """A head's share of some tensors, without the kind before their names."""
    found = {}
    for name, value in tensors.items():
        own = name.removeprefix(kind)
        if not name.startswith(kind):
            continue
        if own == TABLE:
            found[own] = np.ascontiguousarray(value[part])
        elif own.startswith(layers):
            found[own] = value
    return found


def _entries(heard: Sequence[Heard]) -> tuple[Ints, Ints, Floats]:
    """Rows of all texts, one after another, where each text's end, and weights."""
    counts = [0, *(len(item.rows) for item in heard)]
    return (
        np.concatenate([item.rows for item in heard]),
        np.cumsum(counts, dtype=np.int32),
        np.concatenate([item.weights for item in heard]),
    )
