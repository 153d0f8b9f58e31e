"""A token that does not print: whatever is shown of an answer goes through it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dvcinc.errors import InputError
from dvcinc.text.visible import visible

_HIDDEN = "***"
# What a header can carry; anything else would be quoted in Python's own complaint.
_TOKEN = re.compile(r"[!-~]+")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Token:
    """A secret for one forge.

    Args:
        value: The secret itself.
        source: The environment variable that it came from, for messages.

    Raises:
        InputError: It cannot be sent in a header.
    """

    value: str = field(repr=False)
    source: str

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.value):
            raise InputError(
                f"{self.source} holds blanks, or characters that no token has",
                "set the secret anew, without quotes and line breaks",
            )

    def hidden(self, text: str) -> str:
        """A text of somebody else's on one short line, without the secret."""
        clean = visible(text.replace(self.value, _HIDDEN)).strip()
        return clean if len(clean) <= _LONGEST else clean[:_LONGEST] + "…"
