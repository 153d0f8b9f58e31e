"""When to ask again, and how long to wait: an answer or an error to seconds.

Built on urllib3's Retry, which counts and backs off. What is added is what GitHub does:
it answers 403 where others answer 429, and then says in headers of its own when to come
back (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
"""

from __future__ import annotations

import time
from typing import ClassVar

from urllib3 import BaseHTTPResponse, Retry
from urllib3.exceptions import HTTPError

# Rarely more than four fit into the time there is.
TRIES = 6
_FIRST_WAIT = 0.5
_REFUSED = 403
_TOO_MANY = 429
# What a server, or a proxy before it, answers while it is not well.
_UNWELL = frozenset({_TOO_MANY, 500, 502, 503, 504})
_REMAINING = "x-ratelimit-remaining"
# GitHub: requests left, and when there are more; GitLab calls them RateLimit-*.
_RESETS = {
    _REMAINING: "x-ratelimit-reset",
    "ratelimit-remaining": "ratelimit-reset",
}


class Patience(Retry):
    """How often a request is made again."""

    RETRY_AFTER_STATUS_CODES: ClassVar[frozenset[int]] = frozenset(  # type: ignore[misc] # theirs is no ClassVar
        {_REFUSED, *Retry.RETRY_AFTER_STATUS_CODES}
    )

    @classmethod
    def fresh(cls) -> Patience:
        """The patience that a request begins with."""
        return cls(
            total=TRIES,
            # What may be asked twice is decided for each request, not by its method.
            allowed_methods=None,
            status_forcelist=_UNWELL,
            backoff_factor=0.5,
            backoff_max=16,
            backoff_jitter=0.25,
        )

    def asks_again(self, response: BaseHTTPResponse) -> bool:
        """Whether an answer means: not now."""
        later = self.get_retry_after(response) is not None
        return self.is_retry("", response.status, has_retry_after=later)

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """The seconds that a server asks to wait; `None` where it says nothing sane."""
        try:
            said = super().get_retry_after(response)
        except (HTTPError, ValueError, OverflowError):
            said = None
        if said is None and response.status in (_REFUSED, _TOO_MANY):
            return _until_reset(response)
        return said

    def wait(self, response: BaseHTTPResponse | None) -> float:
        """The seconds until the next try, by the answer or else by how many were."""
        said = None if response is None else self.get_retry_after(response)
        return max(self.get_backoff_time(), _FIRST_WAIT) if said is None else said


def _until_reset(response: BaseHTTPResponse) -> float | None:
    for remaining, reset in _RESETS.items():
        moment = response.headers.get(reset, "")
        if response.headers.get(remaining) == "0" and _is_count(moment):
            return max(0.0, int(moment) - time.time())
    return None


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len(str(2**63))
