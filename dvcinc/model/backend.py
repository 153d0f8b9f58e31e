"""TensorFlow, set up before it is imported: quiet, and with the same sums everywhere.

oneDNN's kernels add up in other orders on other processors, and are no faster on
networks of this size. Both settings are read when TensorFlow is imported, never later.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
_STDERR = 2


@contextmanager
def _hushed() -> Iterator[None]:
    """Keeps what native code writes to stderr; shows it only if the import fails.

    TensorFlow's libraries report on graphics cards before they look at the log level.
    """
    sys.stderr.flush()
    kept = os.dup(_STDERR)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), _STDERR)
        try:
            yield
        except BaseException:
            said.seek(0)
            os.write(kept, said.read())
            raise
        finally:
            os.dup2(kept, _STDERR)
            os.close(kept)


with _hushed():
    import tensorflow as tf

__all__ = ["tf"]
