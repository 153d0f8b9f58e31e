"""The files of a model out of DVC's cache, by the SHA-256 that any tool can compute.

DVC's hash in the record names a list of files, and the list names their MD5: nothing is
told of bytes that are not those.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from dvcinc.errors import CannotTellError
from dvcinc.lineage.exported import Told, read_hash
from dvcinc.lineage.record import BASE_OUT, MODEL_OUT, PATH
from dvcinc.snapshot.commits import readable
from dvcinc.snapshot.dvccache import Cache
from dvcinc.snapshot.dvcconfig import dvc_root
from dvcinc.snapshot.dvcouts import Out
from dvcinc.snapshot.git import Git


def contents(git: Git, told: Told) -> Mapping[str, str]:
    """The SHA-256 of each file of a model, by its path from the top, sorted.

    Raises:
        CannotTellError: The record has no hash of DVC's, or the cache not its bytes.
    """
    name = f"{told.kind} {told.sha256[:8]}"
    if read_hash(told.record.dvc) is None:
        raise CannotTellError(f"{name}: its record has no hash of DVC's")
    path = MODEL_OUT if told.base else BASE_OUT
    out = Out(path, told.record.dvc, legacy=False, pointer=PATH)
    cache = Cache(dvc_root(git.project, git.top), name)
    files = sorted(cache.files(out, [path]))
    return {
        readable(git.full(at)): hashlib.sha256(cache.read(one)).hexdigest()
        for at, one in files
    }
