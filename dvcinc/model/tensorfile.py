"""Tensors in a safetensors file, written to the same bytes each time and read warily.

Only float32 is used, without metadata, since the order of metadata is random. A reader
says first which tensors it wants in which shapes; nothing is allocated before the
file's header is seen to hold just these.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from dvcinc.errors import InputError
from dvcinc.model.network import Shapes, Tensors

ITEM = 4
LARGEST_HEADER = 1 << 20
REMEDY = "run dvc repro (or dvc pull, where a remote has the model)"
# Where DVC's links lead with `cache.type: symlink`: files/md5/ab/cdef…
_CACHED = re.compile(r"/files/md5/[0-9a-f]{2}/[0-9a-f]{30}\Z")


def write_tensors(tensors: Tensors, path: Path) -> None:
    """Write float32 tensors, little endian; the same tensors, the same bytes."""
    arrays = {
        name: np.ascontiguousarray(tensors[name], "<f4") for name in sorted(tensors)
    }
    with path.open("xb") as file:
        file.write(save(arrays))


def read_tensors(path: Path, wanted: Shapes) -> dict[str, npt.NDArray[np.float32]]:
    """Read a file that holds just the wanted tensors.

    Raises:
        InputError: The file is missing, no plain file, damaged, holds other tensors,
            or a value that is not finite.
    """
    if not is_plain(path):
        raise _unfit(path, "it is missing or no plain file")
    most = ITEM * sum(math.prod(shape) for shape in wanted.values()) + LARGEST_HEADER
    if path.stat().st_size > most:
        raise _unfit(path, f"it has {path.stat().st_size} bytes, more than {most}")
    try:
        with safe_open(path, framework="numpy") as file:
            _check(path, file, wanted)
            found = {name: file.get_tensor(name) for name in sorted(wanted)}
    except (SafetensorError, ValueError) as error:
        raise _unfit(path, str(error)) from error
    for name, array in found.items():
        if not np.isfinite(array).all():
            raise _unfit(path, f"tensor {name!r} holds values that are not finite")
    return found


def is_plain(path: Path) -> bool:
    """Whether a path is a file of its own, or DVC's link into its cache."""
    if path.is_symlink() and not _CACHED.search(path.resolve().as_posix()):
        return False
    return path.is_file()


def _check(path: Path, file: Any, wanted: Shapes) -> None:  # noqa: ANN401 - untyped
    """Refuses a header that claims other tensors; nothing has been allocated yet."""
    names = set(file.keys())
    for name in sorted(wanted.keys() - names):
        raise _unfit(path, f"tensor {name!r} is missing")
    for name in sorted(names - wanted.keys()):
        raise _unfit(path, f"tensor {name!r} does not belong there")
    for name in sorted(wanted):
        claimed = file.get_slice(name)
        shape, kind = claimed.get_shape(), claimed.get_dtype()
        if shape != [*wanted[name]] or kind != "F32":
            raise _unfit(
                path,
                f"tensor {name!r} is {kind} {shape}, not F32 {[*wanted[name]]}",
            )


def _unfit(path: Path, what: str) -> InputError:
    return InputError(f"{path}: this is no weights file of this model: {what}", REMEDY)
