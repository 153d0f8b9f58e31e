"""What training leaves out by chance, so that nothing rests on one feature alone.

Srivastava et al. (2014). All chance comes from one seeded generator: two trainings in
one process leave out the same.
"""

from __future__ import annotations

import numpy as np

from dvcinc.model.units import Batch, Floats, Ints

# Masks are drawn once and looked up: to draw anew costs more than the layers do.
POOL_ROWS = 8192


class Dropout:
    """Draws what is left out.

    Args:
        values: The share of a layer's values.
        features: The share of each unit's features.
        width: The widest mask that will be asked for.
        random: Where all chance comes from.
    """

    def __init__(
        self, values: float, features: float, width: int, random: np.random.Generator
    ) -> None:
        self._features = features
        # One each: which features are left out does not hang on who asks for masks.
        self._random, self._feature_random = random.spawn(2)
        kept = random.random((POOL_ROWS, width), np.float32) >= values
        self._pool = kept.astype(np.float32) / np.float32(1 - values)

    def features(self, batch: Batch) -> tuple[Ints, Ints, Floats]:
        """Picks, owners and scales of a batch without the features left out."""
        kept = (
            self._feature_random.random(len(batch.picks), np.float32) >= self._features
        )
        scales = batch.scales / np.float32(1 - self._features)
        return batch.picks[kept], batch.owners[kept], scales

    def mask(self, rows: int, width: int) -> Floats:
        """What to multiply values with [rows, width]; it keeps their mean."""
        while rows > len(self._pool):
            self._pool = np.concatenate([self._pool, self._pool])
        start = int(self._random.integers(len(self._pool) - rows + 1))
        return self._pool[start : start + rows, :width]
