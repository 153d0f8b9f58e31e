"""Which engine trains a model: NumPy the fast encoder, TensorFlow a transformer."""

from __future__ import annotations

from dvcinc.model.document import Model
from dvcinc.model.engine import Engine, NumpyEngine


def engine_for(
    model: Model,
    seed: int,
    feature_drop: float,
    *,
    threads: int = 1,
) -> Engine:
    """A training of the model; TensorFlow is imported only for a transformer.

    Args:
        model: The weights to start from.
        seed: For dropout.
        feature_drop: The share of features left out.
        threads: Of each of TensorFlow's pools; `dvcinc.model.machine` sets NumPy's.
    """
    if model.architecture.transformer is None:
        return NumpyEngine(model, seed, feature_drop)
    # Its import takes seconds, and nobody else needs it.
    from dvcinc.model.trainer import (  # noqa: PLC0415 - see above
        TensorFlowEngine,
        prepare,
    )

    prepare(threads)
    return TensorFlowEngine(model, seed, feature_drop)
