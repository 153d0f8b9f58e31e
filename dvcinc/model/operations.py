"""Layers that the parts of the network in TensorFlow have in common."""

from __future__ import annotations

from typing import Any

from dvcinc.model.backend import tf
from dvcinc.model.norm import EPSILON

Tensor = Any


def layer(rows: Tensor, weights: Tensor, bias: Tensor) -> Tensor:
    """An affine layer on rows; on a tensor of rank three it would be much slower."""
    return tf.nn.bias_add(tf.matmul(rows, weights), bias)


def normalised(rows: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Layer normalisation, as `dvcinc.model.norm`."""
    centred = rows - tf.reduce_mean(rows, axis=1, keepdims=True)
    variance = tf.reduce_mean(tf.square(centred), axis=1, keepdims=True)
    return centred / tf.sqrt(variance + EPSILON) * scale + shift
