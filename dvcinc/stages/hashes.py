"""DVC's MD5 of files and directories, and what `dvc.lock` says of them.

A directory's hash is the MD5 of a JSON list of its files, sorted by path, as DVC 3
writes it into its cache; it is computed here since importing DVC takes a second.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.errors import InputError
from dvcinc.yaml import Json, compose

LOCK = "dvc.lock"
_CHUNK = 1 << 20


def dvc_hash(path: Path) -> str | None:
    """The hash of a file or directory as `dvc.lock` says it; `None` if it is absent."""
    if path.is_file():
        return _md5(path)
    if not path.is_dir():
        return None
    return _directory(
        (file.relative_to(path).as_posix(), _md5(file))
        for file in path.rglob("*")
        if file.is_file()
    )


def dvc_hash_of(files: Iterable[CanonicalFile]) -> str:
    """The hash that a directory with these files would have."""
    return _directory((file.name, md5_of(file.content)) for file in files)


def md5_of(data: bytes) -> str:
    """The hash of a file with these bytes."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _directory(entries: Iterable[tuple[str, str]]) -> str:
    ordered = [{"md5": md5, "relpath": path} for path, md5 in sorted(entries)]
    listed = json.dumps(ordered)
    return f"{md5_of(listed.encode())}.dir"


def _md5(path: Path) -> str:
    total = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            total.update(chunk)
    return total.hexdigest()


@dataclass(frozen=True, slots=True)
class LockedStage:
    """A stage as `dvc.lock` holds it: paths to hashes, and files to parameters."""

    deps: Mapping[str, str]
    outs: Mapping[str, str]
    params: Mapping[str, Json]


def read_lock(data: bytes, path: str = LOCK) -> Mapping[str, LockedStage]:
    """The stages of a `dvc.lock`, by name.

    Raises:
        InputError: It cannot be understood.
    """
    document = compose(data, path)
    value = document.value(document.root) if document.root is not None else {}
    stages = value.get("stages") if isinstance(value, dict) else None
    if not isinstance(stages, dict):
        raise InputError(f"{path}: holds no stages", "run dvc repro")
    return {
        name: _stage(said)
        for name, said in sorted(stages.items())
        if isinstance(said, dict)
    }


def read_run(data: bytes, path: str) -> LockedStage:
    """One entry of DVC's run cache, which has the form of a stage in `dvc.lock`.

    Raises:
        InputError: It cannot be understood.
    """
    document = compose(data, path)
    value = document.value(document.root) if document.root is not None else None
    if not isinstance(value, dict):
        raise InputError(f"{path}: holds no stage")
    return _stage(value)


def _stage(said: Mapping[str, Json]) -> LockedStage:
    return LockedStage(_hashes(said, "deps"), _hashes(said, "outs"), _params(said))


def _hashes(said: Mapping[str, Json], key: str) -> dict[str, str]:
    listed = said.get(key)
    entries = cast("Sequence[Json]", listed if isinstance(listed, list) else [])
    return {
        str(entry["path"]): str(entry["md5"])
        for entry in entries
        if isinstance(entry, dict) and "path" in entry and "md5" in entry
    }


def _params(said: Mapping[str, Json]) -> dict[str, Json]:
    found = said.get("params")
    return dict(found) if isinstance(found, dict) else {}
