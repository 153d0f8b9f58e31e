"""DVC's MD5 of files and directories; computed, since importing DVC takes a second."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.snapshot.dvclock import directory_hash

_CHUNK = 1 << 20


def dvc_hash(path: Path) -> str | None:
    """The hash of a file or directory as `dvc.lock` says it; `None` if it is absent."""
    if path.is_file():
        return _md5(path)
    if not path.is_dir():
        return None
    return directory_hash(
        (file.relative_to(path).as_posix(), _md5(file))
        for file in path.rglob("*")
        if file.is_file()
    )


def dvc_hash_of(files: Iterable[CanonicalFile]) -> str:
    """The hash that a directory with these files would have."""
    return directory_hash(
        (file.name, hashlib.md5(file.content, usedforsecurity=False).hexdigest())
        for file in files
    )


def _md5(path: Path) -> str:
    total = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            total.update(chunk)
    return total.hexdigest()
