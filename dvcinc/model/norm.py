"""Layer normalisation in NumPy (Ba et al., 2016): each row around zero, of one size."""

from __future__ import annotations

import numpy as np

from dvcinc.model.units import Floats

# What is added to the variance.
EPSILON = 1e-5


def normalised(rows: Floats, scale: Floats, shift: Floats) -> Floats:
    """Rows [N, D] of mean `shift` and deviation `scale`."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    variance = np.square(centred).mean(axis=1, keepdims=True)
    unit = centred / np.sqrt(variance + np.float32(EPSILON))
    found: Floats = unit * scale + shift
    return found
