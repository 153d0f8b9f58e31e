"""A base that DVC keeps: read from its cache by the `dvc.lock` beside a plan.

Importing DVC takes a second, so its cache is read as it lies on disk: `files/md5/ab/…`,
a folder as a JSON list. What is read proves itself against the plan's digests.
"""

from __future__ import annotations

import configparser
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.errors import DvcincError
from dvcinc.plan.base import FOLDER, Base, BaseInfo, read_base
from dvcinc.snapshot.sources import Source
from dvcinc.yaml import Json, compose

LOCK = "dvc.lock"
_MD5 = re.compile("[0-9a-f]{32}")
_FOLDER_MD5 = re.compile(r"[0-9a-f]{32}\.dir")
_CACHE = "files/md5"


def stored_base(source: Source, info: BaseInfo, cache: Path) -> Base | None:
    """The base that a source's `dvc.lock` names, if it is that one and in the cache.

    Args:
        source: Where to read `dvc.lock`: the commit or work tree of the plan.
        info: What the plan says of the base.
        cache: DVC's cache folder.
    """
    try:
        md5 = _named(source.read(LOCK) or b"")
        base = read_base(_files(cache / _CACHE, md5), FOLDER) if md5 else None
    except (DvcincError, OSError, ValueError):
        return None
    return base if base is not None and base.info.digest == info.digest else None


def _named(lock: bytes) -> str | None:
    """The hash of `plan/base` in a `dvc.lock`, whatever the stage is called."""
    document = compose(lock, LOCK)
    value = document.value(document.root) if document.root is not None else None
    stages = value.get("stages") if isinstance(value, dict) else None
    for stage in stages.values() if isinstance(stages, dict) else ():
        for out in _entries(stage.get("outs") if isinstance(stage, dict) else None):
            md5 = out.get("md5")
            if out.get("path") == FOLDER and _FOLDER_MD5.fullmatch(str(md5)):
                return str(md5)
    return None


def _files(cache: Path, md5: str) -> Iterator[CanonicalFile]:
    listed: Json = json.loads((cache / md5[:2] / md5[2:]).read_bytes())
    for entry in _entries(listed):
        name, content = str(entry.get("relpath")), str(entry.get("md5"))
        if not _MD5.fullmatch(content):
            raise ValueError(content)
        yield CanonicalFile(name, (cache / content[:2] / content[2:]).read_bytes())


def _entries(value: Json) -> list[dict[str, Json]]:
    listed = value if isinstance(value, list) else []
    return [entry for entry in listed if isinstance(entry, dict)]


def dvc_config(project: Path) -> configparser.ConfigParser:
    """DVC's configuration, as far as it says where the cache is and what remotes."""
    found = configparser.ConfigParser(strict=False, interpolation=None)
    folder = _root(project) / ".dvc"
    # DVC itself says what is wrong with it; here it is as good as empty.
    with suppress(configparser.Error, UnicodeDecodeError):
        found.read([folder / "config", folder / "config.local"], encoding="utf-8")
    return found


def dvc_cache(project: Path) -> Path:
    """The folder of DVC's cache."""
    folder = _root(project) / ".dvc"
    return folder / dvc_config(project).get("cache", "dir", fallback="cache")


def _root(project: Path) -> Path:
    above = (project.resolve(), *project.resolve().parents)
    return next((p for p in above if (p / ".dvc").is_dir()), project)
