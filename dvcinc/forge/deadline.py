"""How long posting may take: one limit for all that is asked of a forge in a run."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment at which nothing more is tried, by the monotonic clock."""

    until: float
    seconds: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """A deadline that lies so many seconds ahead."""
        return cls(time.monotonic() + seconds, seconds)

    @property
    def left(self) -> float:
        """The seconds that are left, never below zero."""
        return max(0.0, self.until - time.monotonic())

    def sleep(self, seconds: float) -> bool:
        """Waits, or says at once that there is no time for it."""
        if seconds >= self.left:
            return False
        time.sleep(seconds)
        return True


def within(seconds: float, work: Callable[[], T]) -> T:
    """What some work returns, if it is done in time.

    A look-up of a name, a handshake and a header that comes byte by byte know no limit
    on their whole length. So the work is done by a thread that is left to itself, and
    dies with the process, when time is over.

    Raises:
        TimeoutError: It is not done in time.
    """
    done: queue.SimpleQueue[tuple[T, None] | tuple[None, BaseException]]
    done = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put((work(), None))
        except BaseException as error:  # noqa: BLE001 - raised again by who waits
            done.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        value, error = done.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return value  # type: ignore[return-value]  # without an error there is a value
