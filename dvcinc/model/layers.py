"""The network's layers with their derivatives, in NumPy.

Each function returns a value and the way back: a function that takes the gradient of
the loss by that value, writes those by the layer's weights where they belong, and
returns that by the layer's input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from dvcinc.model.norm import EPSILON
from dvcinc.model.packing import Packed, neighbour_sums
from dvcinc.model.units import Floats, Ints

Back = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights by name, and an array of the same shape for the gradient of each."""

    values: Mapping[str, Floats]
    gradients: Mapping[str, Floats]

    def __getitem__(self, name: str) -> Floats:
        return self.values[name]


def affine(
    weights: Weights, rows: Floats, name: str, bias: str | None = None
) -> tuple[Floats, Back]:
    """Rows times a matrix, plus a bias."""
    matrix = weights[name]
    found = rows @ matrix
    if bias:
        found += weights[bias]

    def back(gradient: Floats) -> Floats:
        np.matmul(rows.T, gradient, out=weights.gradients[name])
        if bias:
            gradient.sum(axis=0, out=weights.gradients[bias])
        before: Floats = gradient @ matrix.T
        return before

    return found, back


def rectified(rows: Floats, mask: Floats) -> tuple[Floats, Back]:
    """What is positive, times a dropout mask."""
    gate = (rows > 0) * mask
    return rows * gate, lambda gradient: gradient * gate


def normalised(
    weights: Weights, rows: Floats, scale: str, shift: str
) -> tuple[Floats, Back]:
    """Layer normalisation (Ba et al., 2016)."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    variance = np.square(centred).mean(axis=1, keepdims=True)
    inverse = 1 / np.sqrt(variance + np.float32(EPSILON))
    unit = centred * inverse

    def back(gradient: Floats) -> Floats:
        (gradient * unit).sum(axis=0, out=weights.gradients[scale])
        gradient.sum(axis=0, out=weights.gradients[shift])
        inner = gradient * weights[scale]
        along = (inner * unit).mean(axis=1, keepdims=True)
        inner -= inner.mean(axis=1, keepdims=True)
        inner -= unit * along
        inner *= inverse
        return inner

    return unit * weights[scale] + weights[shift], back


def convolved(
    weights: Weights, tokens: Floats, name: str, packed: Packed
) -> tuple[Floats, Back]:
    """Each token and its two neighbours times a matrix, plus a bias."""
    count, width = tokens.shape
    seen = np.empty((count, 3, width), tokens.dtype)
    padded = _padded(tokens)
    seen[:, 0] = padded.take(packed.before, axis=0)
    seen[:, 1] = tokens
    seen[:, 2] = padded.take(packed.behind, axis=0)
    found, inner = affine(weights, seen.reshape(count, -1), name, f"{name}_bias")

    def back(gradient: Floats) -> Floats:
        parts = inner(gradient).reshape(seen.shape)
        # A token was the left neighbour of the one behind it.
        before = _padded(parts[:, 0]).take(packed.behind, axis=0)
        before += parts[:, 1]
        before += _padded(parts[:, 2]).take(packed.before, axis=0)
        return before

    return found, back


def phrased(
    weights: Weights, words: Floats, name: str, places: Ints, packed: Packed
) -> tuple[Floats, Back]:
    """The same, for tokens that are few distinct words: each is multiplied but once.

    Args:
        weights: Where the layer's are.
        words: Distinct words [W, D].
        name: The layer's name.
        places: The word of each token [N].
        packed: Where the tokens stand.
    """
    matrix = weights[name]
    width = matrix.shape[1]
    # [3 D, P] as [D, 3 P]: what a word says to the right, to itself and to the left.
    wide = matrix.reshape(3, -1, width).transpose(1, 0, 2).reshape(-1, 3 * width)
    sums = neighbour_sums(places, packed, len(words))
    found = sums.of((words @ wide).reshape(-1, width))
    found += weights[f"{name}_bias"]

    def back(gradient: Floats) -> Floats:
        gradient.sum(axis=0, out=weights.gradients[f"{name}_bias"])
        heard = sums.back(gradient).reshape(len(words), 3 * width)
        wanted = (words.T @ heard).reshape(-1, 3, width).transpose(1, 0, 2)
        weights.gradients[name][:] = wanted.reshape(matrix.shape)
        before: Floats = heard @ wide.T
        return before

    return found, back


def peaks(tokens: Floats, packed: Packed) -> tuple[Floats, Back]:
    """The largest of each column over a text's tokens [B, columns]."""
    top = tokens[packed.first].copy()
    for part in packed.slices[1:]:
        so_far = top[: part.stop - part.start]
        np.maximum(so_far, tokens[part], out=so_far)

    def back(gradient: Floats) -> Floats:
        highest = tokens == top.take(packed.texts, axis=0)
        passed: Floats = gradient.take(packed.texts, axis=0) * highest
        return passed

    return top, back


def _padded(tokens: Floats) -> Floats:
    """With a row of zeros behind, for neighbours that are not there."""
    found = np.empty((len(tokens) + 1, tokens.shape[1]), tokens.dtype)
    found[:-1] = tokens
    found[-1] = 0
    return found
