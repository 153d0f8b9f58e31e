"""The network's tensors: their names, shapes and values before the first step.

What the TensorFlow side trains, the NumPy runtime serves and the check-point holds is
the same set of named float32 arrays; this is the one place that lists them.

    table               [features, deep + wide]  a row for each feature
    phrase/conv, /conv_bias                      words with their neighbours
    transformer/…                                see `transformer_shapes`
    text/in, /phrases, /norm_scale, /norm_shift, /hidden, /hidden_bias     one vector
    text/tokens                                  what it hears of a transformer
    intent/out, /labels, /bias                   text -> label space, dot product
    tags/context, /conv0, /conv0_bias, …, /out, /bias            tokens in their context
    tags/transitions, /first, /last              the conditional random field
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dvcinc.corpus.transformer import TransformerSettings
from dvcinc.model.labels import Labels

Tensors = Mapping[str, npt.NDArray[np.float32]]
Shapes = Mapping[str, tuple[int, ...]]

TABLE = "table"
# Tokens that a convolution sees at once: one and its neighbours.
KERNEL = 3
# One row of these belongs to one feature or label, so they grow with the data; of
# `tags/out` it is a column, and of the transitions both.
INTENT_ROWS = "intent/labels"
TAG_BIAS = "tags/bias"
INTENT_BIAS = "intent/bias"
TRANSITIONS = "tags/transitions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """How wide the network is.

    Args:
        deep: Columns of the table that the layers see; also the width of the layers.
        wide: Columns that go straight to the label space; its dimension.
        phrase: Columns of what a word and its neighbours say; of a text the loudest
            word of each counts.
        convolutions: Residual convolutions below the tags.
        transformer: What is below the text and the tags beside these; `None` for
            nothing, which is the fast encoder.
    """

    deep: int = 128
    wide: int = 64
    phrase: int = 64
    convolutions: int = 1
    transformer: TransformerSettings | None = None

    @classmethod
    def of(cls, transformer: TransformerSettings | None) -> Architecture:
        """The fast encoder, or a transformer in place of its convolutions."""
        return cls(convolutions=0, transformer=transformer) if transformer else cls()


def shapes(
    architecture: Architecture, labels: Labels, features: int, *, intents: bool
) -> Shapes:
    """The shape of every tensor, by name, for a table of `features` rows."""
    deep, wide = architecture.deep, architecture.wide
    found: dict[str, tuple[int, ...]] = {
        TABLE: (features, deep + (wide if intents else 0)),
        "phrase/conv": (KERNEL * deep, architecture.phrase),
        "phrase/conv_bias": (architecture.phrase,),
        "text/in": (deep, deep),
        "text/phrases": (architecture.phrase, deep),
        "text/norm_scale": (deep,),
        "text/norm_shift": (deep,),
        "text/hidden": (deep, deep),
        "text/hidden_bias": (deep,),
    }
    if architecture.transformer:
        found |= transformer_shapes(architecture.transformer, deep)
        found["text/tokens"] = (deep, deep)
    if intents:
        found["intent/out"] = (deep, wide)
        found[INTENT_ROWS] = (len(labels.parts), wide)
        found[INTENT_BIAS] = (len(labels.intents),)
    if labels.entities:
        found |= _tag_shapes(architecture, labels.tags)
    return found


def _tag_shapes(architecture: Architecture, tags: int) -> Shapes:
    deep = architecture.deep
    found: dict[str, tuple[int, ...]] = {"tags/context": (deep, deep)}
    for layer in range(architecture.convolutions):
        found[f"tags/conv{layer}"] = (KERNEL * deep, deep)
        found[f"tags/conv{layer}_bias"] = (deep,)
    found["tags/out"] = (deep, tags)
    found["tags/bias"] = found["tags/first"] = found["tags/last"] = (tags,)
    found[TRANSITIONS] = (tags, tags)
    return found


# Rasa's, and that of Vaswani et al. (2017): so much wider is a layer inside.
WIDENED = 4


def transformer_shapes(settings: TransformerSettings, deep: int) -> Shapes:
    """The shapes of a transformer between tokens of some width.

    transformer/in, /out                   to its width and back, where they differ
    transformer/positions                  how much of each wave of the place is heard
    transformer/norm_scale, …              behind the last layer
    transformer/0/attend, …                queries, keys and values, side by side
    transformer/0/near_keys, /near_values  a row for each distance, far ones share one
    transformer/0/joined, …                what the heads heard, put together
    transformer/0/widened, /narrowed, …    the feed-forward part
    """
    size = settings.size
    found: dict[str, tuple[int, ...]] = {"transformer/positions": (size,)}
    if size != deep:
        found |= {"transformer/in": (deep, size), "transformer/out": (size, deep)}
    found |= _norm_shapes("transformer", size)
    for layer in range(settings.layers):
        name = f"transformer/{layer}"
        found |= _norm_shapes(f"{name}/attend", size)
        found |= _norm_shapes(f"{name}/widened", size)
        for part, rows, columns in (
            ("attend", size, 3 * size),
            ("joined", size, size),
            ("widened", size, WIDENED * size),
            ("narrowed", WIDENED * size, size),
        ):
            found[f"{name}/{part}"] = (rows, columns)
            found[f"{name}/{part}_bias"] = (columns,)
        for part, reach in (
            ("near_keys", settings.key_reach),
            ("near_values", settings.value_reach),
        ):
            if reach:
                found[f"{name}/{part}"] = (2 * reach + 1, size // settings.heads)
    return found


def _norm_shapes(name: str, size: int) -> Shapes:
    return {f"{name}/norm_scale": (size,), f"{name}/norm_shift": (size,)}


# Deviations of the normal distributions that rows start from. A table that starts
# larger, or as small as layers do, learns several times slower.
TABLE_SPREAD, WIDE_SPREAD, LABEL_SPREAD = 0.3, 0.03, 0.1


def initial(
    architecture: Architecture, wanted: Shapes, random: np.random.Generator
) -> dict[str, npt.NDArray[np.float32]]:
    """Values to start from, drawn tensor by tensor in the order of their names."""
    found = {name: _drawn(name, wanted[name], random) for name in sorted(wanted)}
    found[TABLE][:, : architecture.deep] *= TABLE_SPREAD / WIDE_SPREAD
    return found


def _drawn(
    name: str, shape: tuple[int, ...], random: np.random.Generator
) -> npt.NDArray[np.float32]:
    if name == TABLE:
        return _normal(shape, WIDE_SPREAD, random)
    if name == INTENT_ROWS:
        return _normal(shape, LABEL_SPREAD, random)
    if name.endswith("/norm_scale"):
        return np.ones(shape, np.float32)
    if name == TRANSITIONS or len(shape) == 1:
        return np.zeros(shape, np.float32)
    # Glorot and Bengio (2010): the variance that keeps both directions steady.
    return _normal(shape, float(np.sqrt(2 / sum(shape))), random)


def _normal(
    shape: tuple[int, ...], spread: float, random: np.random.Generator
) -> npt.NDArray[np.float32]:
    return random.standard_normal(shape, np.float32) * np.float32(spread)
