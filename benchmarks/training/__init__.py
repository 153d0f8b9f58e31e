"""The parts of `benchmarks/train.py`; what is imported after this has one thread."""

from __future__ import annotations

import os

# The libraries read these once, when they are first imported.
for _name in (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
):
    os.environ[_name] = "1"
