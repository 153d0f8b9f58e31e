"""The versions that tie a model to the code that made it; the plan records them."""

from __future__ import annotations

FEATURE_CODE = 1
"""Raised whenever the same text would give other features: old bases no longer fit."""

MODEL_FORMAT = 2
"""Raised whenever the files of a model change their meaning."""
