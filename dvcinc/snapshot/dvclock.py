"""What `dvc.lock` and DVC's run cache say of stages: what each read and wrote.

A directory's hash is the MD5 of a JSON list of its files, sorted by path, as DVC 3
writes it into its cache.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dvcinc.errors import InputError
from dvcinc.snapshot.dvcouts import LOCK, MAX_POINTER, mappings
from dvcinc.yaml import Json, compose


@dataclass(frozen=True, slots=True)
class LockedStage:
    """A stage as `dvc.lock` holds it: paths to hashes, and files to parameters."""

    deps: Mapping[str, str]
    outs: Mapping[str, str]
    params: Mapping[str, Json]


def directory_hash(entries: Iterable[tuple[str, str]]) -> str:
    """The hash of a directory of files: their paths below it, and their MD5."""
    ordered = [{"md5": md5, "relpath": path} for path, md5 in sorted(entries)]
    listed = json.dumps(ordered)
    return hashlib.md5(listed.encode(), usedforsecurity=False).hexdigest() + ".dir"


def read_lock(data: bytes, path: str = LOCK) -> Mapping[str, LockedStage]:
    """The stages of a `dvc.lock`, by name.

    Raises:
        InputError: It cannot be understood.
    """
    if len(data) > MAX_POINTER:
        raise InputError(f"{path} has {len(data)} bytes: no such file is that large")
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
    params = said.get("params")
    return LockedStage(
        dict(_hashes(said.get("deps"))),
        dict(_hashes(said.get("outs"))),
        dict(params) if isinstance(params, dict) else {},
    )


def _hashes(said: Json) -> Iterator[tuple[str, str]]:
    for entry in mappings(said):
        md5 = _hash(entry)
        if md5 is not None and "path" in entry:
            yield str(entry["path"]), md5


def _hash(entry: Mapping[str, Json]) -> str | None:
    md5 = entry.get("md5")
    if md5 is None and "files" in entry:  # cloud versioning
        files = mappings(entry["files"])
        listed = ((str(f.get("relpath")), str(f.get("md5"))) for f in files)
        return directory_hash(listed)
    return None if md5 is None else str(md5)
