"""dvcinc: a Git-integrated DVC plugin for incremental training."""

from __future__ import annotations

__version__ = "0.1.0"
