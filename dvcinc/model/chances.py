"""Logits to chances, and what these say."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dvcinc.model import recipe
from dvcinc.model.document import TEMPERATURE
from dvcinc.model.units import Floats


def softmax(logits: Floats) -> Floats:
    """Probabilities along the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def added_up(chances: Floats, owners: npt.NDArray[np.intp] | None) -> Floats:
    """Chances of labels [B, labels] as those of their owners [B, owners]."""
    if owners is None:
        return chances
    found = np.zeros((len(chances), int(owners.max()) + 1), np.float32)
    for label, owner in enumerate(owners.tolist()):
        found[:, owner] += chances[:, label]
    return found


def are_sure(logits: Floats, right: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Whether logits [B, labels] give the right label more than `recipe.SURE`.

    As they are served, that is, by the chances that a caller would see.
    """
    chances = softmax(logits / np.float32(TEMPERATURE))
    return np.asarray(chances[np.arange(len(chances)), right] > recipe.SURE)
