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
from dvcinc.snapshot.dvcouts import LOCK
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


def _hashes(entries: Json, key: str = "path") -> Iterator[tuple[str, str]]:
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict) or key not in entry:
            continue
        md5 = entry.get("md5")
        if md5 is None and isinstance(entry.get("files"), list):  # cloud versioning
            md5 = directory_hash(_hashes(entry["files"], "relpath"))
        if md5 is not None:
            yield str(entry[key]), str(md5)
