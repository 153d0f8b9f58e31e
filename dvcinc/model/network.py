"""The network's tensors: their names, shapes and values before the first step.

What the TensorFlow side trains, the NumPy runtime serves and the check-point holds is
the same set of named float32 arrays; this is the one place that lists them.

    table               [features, deep + wide]  a row for each feature
    phrase/conv, /conv_bias                      words with their neighbours
    text/in, /phrases, /norm_scale, /norm_shift, /hidden, /hidden_bias     one vector
    intent/out, /labels, /bias                   text -> label space, dot product
    tags/context, /conv0, /conv0_bias, …, /out, /bias            tokens in their context
    tags/transitions, /first, /last              the conditional random field
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dvcinc.model.labels import Labels

Tensors = Mapping[str, npt.NDArray[np.float32]]
Shapes = Mapping[str, tuple[int, ...]]

TABLE = "table"
# Tokens that a convolution sees at once: one and its neighbours.
KERNEL = 3
# One row of these belongs to one feature or label, so they grow with the data; of
# `tags/out` it is a column, and of the transitions both.
INTENT_ROWS = "intent/labels"
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
    """

    deep: int = 128
    wide: int = 64
    phrase: int = 64
    convolutions: int = 1


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
    if name == "text/norm_scale":
        return np.ones(shape, np.float32)
    if name == TRANSITIONS or len(shape) == 1:
        return np.zeros(shape, np.float32)
    # Glorot and Bengio (2010): the variance that keeps both directions steady.
    return _normal(shape, float(np.sqrt(2 / sum(shape))), random)


def _normal(
    shape: tuple[int, ...], spread: float, random: np.random.Generator
) -> npt.NDArray[np.float32]:
    return random.standard_normal(shape, np.float32) * np.float32(spread)
