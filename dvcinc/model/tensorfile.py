"""Tensors in a safetensors file, written to the same bytes each time and read warily.

The format: eight bytes of header length, a JSON header of name -> dtype, shape and
place, then the data. Only float32 is used, names are sorted, there is no metadata. A
reader says first which tensors it wants in which shapes; nothing is allocated before
the header is seen to hold just these, and the file to be just as long.
"""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dvcinc.errors import InputError
from dvcinc.model.network import Shapes, Tensors

LENGTH = struct.Struct("<Q")
# safetensors aligns its data; the header is filled up with blanks.
ALIGNMENT = 8
LARGEST_HEADER = 1 << 20
ITEM = 4
REMEDY = "restore the model with `dvc checkout`, or train it again with `dvc repro`"


def write_tensors(tensors: Tensors, path: Path) -> None:
    """Write float32 tensors, little endian, sorted by name."""
    header = _header({name: array.shape for name, array in tensors.items()})
    with path.open("xb") as file:
        file.write(LENGTH.pack(len(header)))
        file.write(header)
        for name in sorted(tensors):
            file.write(np.ascontiguousarray(tensors[name], "<f4").tobytes())


def read_tensors(path: Path, wanted: Shapes) -> dict[str, npt.NDArray[np.float32]]:
    """Read a file that holds just the wanted tensors.

    Raises:
        InputError: The file is missing, no file, longer or shorter than it must be,
            holds other tensors, or a value that is not finite.
    """
    if path.is_symlink() or not path.is_file():
        raise _unfit(path, "it is missing or no plain file")
    size = path.stat().st_size
    if size != expected_size(wanted):
        _explain(path, wanted)
        raise _unfit(path, f"it has {size} bytes, not {expected_size(wanted)}")
    header = _header(wanted)
    with path.open("rb") as file:
        if file.read(LENGTH.size + len(header)) != LENGTH.pack(len(header)) + header:
            _explain(path, wanted)
            raise _unfit(path, "its header is not the one that dvcinc writes")
        data = np.fromfile(file, "<f4")
    if not np.isfinite(data).all():
        raise _unfit(path, "it holds values that are not finite")
    return _cut(data, wanted)


def expected_size(wanted: Shapes) -> int:
    """The bytes of a file of these tensors."""
    values = sum(math.prod(shape) for shape in wanted.values())
    return LENGTH.size + len(_header(wanted)) + ITEM * values


def _cut(
    data: npt.NDArray[np.float32], wanted: Shapes
) -> dict[str, npt.NDArray[np.float32]]:
    found = {}
    start = 0
    for name in sorted(wanted):
        count = math.prod(wanted[name])
        found[name] = data[start : start + count].reshape(wanted[name])
        start += count
    return found


def _header(wanted: Shapes) -> bytes:
    entries = {}
    start = 0
    for name in sorted(wanted):
        end = start + ITEM * math.prod(wanted[name])
        entries[name] = {
            "dtype": "F32",
            "shape": [*wanted[name]],
            "data_offsets": [start, end],
        }
        start = end
    header = json.dumps(entries, separators=(",", ":")).encode()
    return header + b" " * (-len(header) % ALIGNMENT)


def _explain(path: Path, wanted: Shapes) -> None:
    """Raise with the first tensor that differs, as far as the header can be read."""
    found = _claimed(path)
    for name in sorted(wanted.keys() - found.keys()):
        raise _unfit(path, f"tensor {name!r} is missing")
    for name in sorted(found.keys() - wanted.keys()):
        raise _unfit(path, f"tensor {name!r} does not belong there")
    for name in sorted(wanted):
        if found[name] != [*wanted[name]]:
            raise _unfit(
                path, f"tensor {name!r} has shape {found[name]}, not {[*wanted[name]]}"
            )


def _claimed(path: Path) -> dict[str, object]:
    """The shapes that a header claims, by name."""
    with path.open("rb") as file:
        first = file.read(LENGTH.size)
        if len(first) < LENGTH.size:
            raise _unfit(path, "it is cut off within its header")
        length = int(LENGTH.unpack(first)[0])
        if length > LARGEST_HEADER:
            raise _unfit(path, f"it claims a header of {length} bytes")
        raw = file.read(length)
    try:
        header = json.loads(raw)
        return {name: entry["shape"] for name, entry in header.items()}
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
        raise _unfit(path, "its header cannot be read") from error


def _unfit(path: Path, what: str) -> InputError:
    return InputError(f"{path}: this is no weights file of this model: {what}", REMEDY)
