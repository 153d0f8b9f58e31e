"""The machine as training wants it: so many threads, and memory that it keeps.

How a matrix product is shared out among threads decides in which order it adds up, and
so the last bits of a model.

By default glibc hands every array beyond some hundred kilobytes back to the system and
gets it anew as empty pages; on the arrays of a training step that costs as much time as
the arithmetic.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

# From `malloc.h`: from which size on a block is mapped on its own, and how much free
# memory at the end of the heap is given back.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
# The most that glibc takes for the one; for the other more than a training has.
_MAPPED_FROM, _KEPT = 32 << 20, 1 << 30


@contextmanager
def at_work(threads: int) -> Iterator[None]:
    """Within it, NumPy's matrix products take so many threads."""
    _keep_freed()
    with threadpool_limits(limits=threads, user_api="blas"):
        yield


def _keep_freed() -> None:
    """Let this process keep what it frees; does nothing but with glibc."""
    if not sys.platform.startswith("linux"):
        return
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return  # Another C library, such as musl.
    if set_option(_MMAP_THRESHOLD, _MAPPED_FROM):
        set_option(_TRIM_THRESHOLD, _KEPT)
