"""Models as folders of files: save, load, digest.

    model.json             what the weights mean and where they come from
    weights.safetensors    the weights, a file of their own so that a cache shares it
    optimizer.safetensors  Adam's moments; only in a base
    tables.json            what has no weights; only in a packaged model

Loading runs no code, follows no links and allocates nothing that the sizes, shapes and
types do not warrant.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dvcinc.corpus.tables import Tables
from dvcinc.errors import InputError
from dvcinc.model.document import (
    Model,
    model_document,
    read_model_document,
    read_tables_document,
    tables_document,
    to_bytes,
)
from dvcinc.model.network import Shapes
from dvcinc.model.tensorfile import REMEDY, is_plain, read_tensors, write_tensors

__all__ = ["Model", "Tables", "digest", "load", "pass_on", "save"]

MODEL = "model.json"
WEIGHTS = "weights.safetensors"
OPTIMIZER = "optimizer.safetensors"
TABLES = "tables.json"

# A vocabulary of ten million features fits; a bomb does not.
LARGEST_JSON = 256 << 20
# Adam's moments, and how many steps they have seen.
MOMENTS = ("m/", "v/")
STEPS = "steps"


def save(model: Model, folder: Path) -> None:
    """Write a model into a folder that is new or empty; the same model, the same bytes.

    Raises:
        InputError: There is something in the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise InputError(f"{folder}: not empty", "save the model to a new folder")
    for name, content in _documents(model).items():
        (folder / name).write_bytes(content)
    write_tensors(model.tensors, folder / WEIGHTS)
    if model.optimizer is not None:
        write_tensors(model.optimizer, folder / OPTIMIZER)


def load(folder: Path) -> Model:
    """Read a model.

    Raises:
        InputError: A file is missing, a link, too large, of another format, or does
            not hold what a model of this kind must hold. The file is named.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no model", REMEDY)
    model = read_model_document(_read_json(folder / MODEL), str(folder / MODEL))
    tensors = read_tensors(folder / WEIGHTS, model.shapes)
    tables = None
    if _exists(folder / TABLES):
        path = folder / TABLES
        tables = read_tables_document(_read_json(path), str(path))
    optimizer = None
    if _exists(folder / OPTIMIZER):
        optimizer = read_tensors(folder / OPTIMIZER, optimizer_shapes(model.shapes))
    return replace(model, tensors=tensors, tables=tables, optimizer=optimizer)


def digest(model: Model) -> str:
    """The identity of a model: `sha256:…` of its documents and weights.

    Times, hosts, tool versions and the optimiser are no part of it.
    """
    parts = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in _documents(model).items()
    }
    for name, array in model.tensors.items():
        parts[f"{WEIGHTS}:{name}"] = _tensor_digest(name, array)
    whole = hashlib.sha256()
    for name in sorted(parts):
        whole.update(f"{name} {parts[name]}\n".encode())
    return f"sha256:{whole.hexdigest()}"


def pass_on(base: Model, delta_digest: str) -> Model:
    """The model of an empty delta: the base's weights as they are, no optimiser."""
    return replace(base, delta=delta_digest, optimizer=None)


def optimizer_shapes(wanted: Shapes) -> Shapes:
    """The shapes of Adam's moments for weights of some shapes."""
    moments = {m + name: shape for m in MOMENTS for name, shape in wanted.items()}
    return {**moments, STEPS: (1,)}


def _documents(model: Model) -> dict[str, bytes]:
    found = {MODEL: to_bytes(model_document(model))}
    if model.tables is not None:
        found[TABLES] = to_bytes(tables_document(model.tables))
    return found


def _tensor_digest(name: str, array: npt.NDArray[np.float32]) -> str:
    shape = ",".join(map(str, array.shape))
    found = hashlib.sha256(f"{name} <f4 {shape}\n".encode())
    found.update(np.ascontiguousarray(array, "<f4").tobytes())
    return found.hexdigest()


def _exists(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _read_json(path: Path) -> object:
    if not is_plain(path):
        raise InputError(f"{path}: it is missing or no plain file", REMEDY)
    if path.stat().st_size > LARGEST_JSON:
        raise InputError(f"{path}: larger than {LARGEST_JSON} bytes", REMEDY)
    try:
        found: object = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{path}: this is no JSON document: {error}", REMEDY
        ) from error
    return found
