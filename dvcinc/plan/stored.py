"""A base that DVC keeps: read from its cache by the `dvc.lock` beside a plan.

What is read proves itself against the plan's digests.
"""

from __future__ import annotations

from collections.abc import Sequence

from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.errors import DvcincError
from dvcinc.plan.base import FOLDER, Base, BaseInfo, read_base
from dvcinc.snapshot.dvccache import Cache
from dvcinc.snapshot.dvcouts import LOCK, PIPELINE, tracked
from dvcinc.snapshot.sources import Source


def stored_base(source: Source, info: BaseInfo, cache: Cache) -> Base | None:
    """The base that a source's `dvc.lock` names, if it is that one and in the cache.

    Args:
        source: Where to read `dvc.lock`: the commit or work tree of the plan.
        info: What the plan says of the base.
        cache: DVC's cache.
    """

    def read(paths: Sequence[str]) -> list[bytes | None]:
        return [source.read(p) if p in {LOCK, PIPELINE} else None for p in paths]

    try:
        files = (
            CanonicalFile(path.removeprefix(f"{FOLDER}/"), cache.read(file))
            for out in tracked(read, [FOLDER], [])
            for path, file in cache.files(out, [FOLDER])
        )
        base = read_base(files, FOLDER)
    except DvcincError:
        return None
    return base if base.info.digest == info.digest else None
