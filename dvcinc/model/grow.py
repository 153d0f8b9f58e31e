"""Room for what a delta brings: new rows behind the old ones, nothing moved.

Before the first step the grown model answers as the base does: a new feature's row is
zero (the row of the unknown word, where there is one and it stood in for it), a new
label's bias is `recipe.MASKED`, so that no old probability or path notices it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dvcinc.corpus.patterns import read_patterns
from dvcinc.corpus.pipeline import Pipeline
from dvcinc.corpus.values import Example, LookupEntry, Regex
from dvcinc.model import recipe
from dvcinc.model.checkpoint import MOMENTS
from dvcinc.model.document import Model
from dvcinc.model.features import Floats
from dvcinc.model.network import (
    INTENT_BIAS,
    INTENT_ROWS,
    TABLE,
    TAG_BIAS,
    Shapes,
    Tensors,
)
from dvcinc.model.vocabulary import Vocabulary, oov_feature


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A model with room for a delta.

    Args:
        model: It answers as the model it was grown from.
        fresh: For each masked bias which entries are new, as ones.
    """

    model: Model
    fresh: dict[str, Floats]

    def let_in(self, model: Model, bias: str) -> Model:
        """A model of the same shape with the new labels of a bias within reach."""
        if bias not in self.fresh:
            return model
        raised = model.tensors[bias] - np.float32(recipe.MASKED) * self.fresh[bias]
        return replace(model, tensors={**model.tensors, bias: raised})


def grow(
    base: Model,
    examples: Sequence[Example],
    regexes: Iterable[Regex],
    lookups: Iterable[LookupEntry],
) -> Grown:
    """The base with rows for the features and labels of some examples and patterns.

    `regexes` and `lookups` are all current ones. A pattern that the base knows by name
    matches what it says now; one that is gone keeps its row and matches nothing.
    """
    pipeline = base.pipeline
    patterns = read_patterns(regexes, lookups, pipeline.regex)
    vocabulary = replace(base.vocabulary, patterns=patterns).grown(
        [example.text for example in examples], pipeline
    )
    labels = base.labels.extended(
        examples,
        pipeline.tokenizer,
        intents=bool(base.labels.intents),
        entities=pipeline.entity_recognition,
    )
    wider = replace(base, vocabulary=vocabulary, labels=labels)
    tensors = _widened(base.tensors, wider.shapes)
    _take_over_unknown(tensors, base.vocabulary, vocabulary, pipeline)
    return Grown(
        model=replace(
            wider, tensors=tensors, optimizer=_moments(base.optimizer, wider.shapes)
        ),
        fresh=_mask(tensors, base.tensors),
    )


def _widened(old: Tensors, wanted: Shapes) -> dict[str, Floats]:
    """The old values at the old places, zeros behind; a new part of the network small.

    A model without any entity has no tag layers; theirs are drawn then, from a fixed
    seed, so that the first entity type finds layers that can learn.
    """
    random = np.random.default_rng(0)
    found = {}
    for name, shape in sorted(wanted.items()):
        found[name] = np.zeros(shape, np.float32)
        if name in old:
            found[name][tuple(slice(size) for size in old[name].shape)] = old[name]
        elif len(shape) > 1 and name.startswith(("tags/conv", "tags/context")):
            spread = np.float32(np.sqrt(2 / sum(shape)))
            found[name] = random.standard_normal(shape, np.float32) * spread
    return found


def _moments(old: Tensors | None, wanted: Shapes) -> Tensors | None:
    if old is None:
        return None
    shapes = {m + name: shape for m in MOMENTS for name, shape in wanted.items()}
    kept = {name: value for name, value in old.items() if name not in shapes}
    zeros = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    for name, value in zeros.items():
        if name in old:
            value[tuple(slice(size) for size in old[name].shape)] = old[name]
    return {**kept, **zeros}


def _take_over_unknown(
    tensors: dict[str, Floats], old: Vocabulary, new: Vocabulary, pipeline: Pipeline
) -> None:
    """A word that was unknown until now starts as what unknown words meant."""
    for block, settings in enumerate(pipeline.counts):
        row = old.rows.get(oov_feature(block, settings) or "")
        if row is None:
            continue
        for at in range(len(old.features), len(new.features)):
            if new.features[at].startswith(f"{block}:"):
                tensors[TABLE][at] = tensors[TABLE][row]


def _mask(tensors: dict[str, Floats], old: Tensors) -> dict[str, Floats]:
    """Put new labels out of reach; say which they are."""
    fresh = {}
    for name in (INTENT_BIAS, TAG_BIAS):
        if name not in tensors:
            continue
        # The tag outside of all entities is never new.
        known = old[name].shape[0] if name in old else 1
        entries = np.zeros(tensors[name].shape, np.float32)
        entries[known:] = 1
        if entries.any():
            tensors[name] += np.float32(recipe.MASKED) * entries
            fresh[name] = entries
    _draw_label_rows(tensors, old)
    return fresh


def _draw_label_rows(tensors: dict[str, Floats], old: Tensors) -> None:
    """New labels of one delta must differ from the start, or they learn as one."""
    if INTENT_ROWS not in tensors:
        return
    rows = tensors[INTENT_ROWS]
    known = old[INTENT_ROWS].shape[0]
    spread = np.float32(old[INTENT_ROWS].std())
    random = np.random.default_rng(known)
    rows[known:] = random.standard_normal(rows[known:].shape, np.float32) * spread * 0.1
