"""Where dvcinc is published, and the release that others can fetch."""

from __future__ import annotations

URL = "https://github.com/dvcinc/dvcinc"
TAG: str | None = None
"""The release that pre-commit and CI can fetch; none has been made yet."""


def getting(extra: str, tag: str | None = TAG) -> str:
    """How people get an extra: a hint that works before there is a release, too."""
    if tag is None:
        said = f"install the extra {extra} of the dvcinc that you have"
        return f"{said} (pip install '.[{extra}]' in its clone)"
    return f"pip install 'dvcinc[{extra}]'"
