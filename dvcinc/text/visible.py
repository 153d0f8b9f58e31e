"""Text from repositories made safe to show: nothing in it talks to a terminal."""

from __future__ import annotations

import re

# Control characters are commands to a terminal; some others turn or hide text.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+"
)


def visible(text: str) -> str:
    """Text on one line, without characters that a terminal or a browser obeys."""
    return _INVISIBLE.sub(" ", text)
