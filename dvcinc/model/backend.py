"""TensorFlow, set up before it is imported: quiet, and with the same sums everywhere.

oneDNN's kernels add up in other orders on other processors, and are no faster on
networks of this size. Both settings are read when TensorFlow is imported, never later.
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import tensorflow as tf

__all__ = ["tf"]
