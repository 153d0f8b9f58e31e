"""The versions that tie a model, or what is remembered of a file, to the code."""

from __future__ import annotations

FEATURE_CODE = 1
"""Raised whenever the same text would give other features: old bases no longer fit."""

MODEL_FORMAT = 2
"""Raised whenever the files of a model change their meaning."""

READER = 2
"""Raised whenever the same file would give other facts, or is summarised otherwise."""
