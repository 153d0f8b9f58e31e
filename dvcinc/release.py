"""Where dvcinc is published, and the release that others can fetch."""

from __future__ import annotations

URL = "https://github.com/dvcinc/dvcinc"
TAG: str | None = None
"""The release that pre-commit and CI can fetch; none has been made yet."""
