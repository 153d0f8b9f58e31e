"""What DVC tracks: `.dvc` files and `dvc.lock` to outs, by path and MD5.

They come from anywhere, so that nothing in them is believed: neither a path that leads
elsewhere nor a hash that would name another file than one of the cache.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dvcinc.errors import CannotTellError, InputError
from dvcinc.snapshot import dvcconflict
from dvcinc.yaml import Json, compose

LOCK, PIPELINE, POINTER = "dvc.lock", "dvc.yaml", ".dvc"
MAX_POINTER = 16 << 20
"""Larger than any list of outs, in bytes."""
_MD5 = re.compile(r"[0-9a-f]{32}(\.dir)?\Z")
# Finds what a lock may be about, some fifty times faster than reading it.
_LOCKED_PATH = re.compile(rb"^[ \t]*(?:-[ \t]*)?['\"]?path['\"]?:(.+)$", re.MULTILINE)

Read = Callable[[Sequence[str]], list[bytes | None]]


class Out(NamedTuple):
    """A file or directory that DVC tracks.

    Attributes:
        path: From the project.
        md5: Of the file, or of the directory's listing, then with `.dir` behind it.
        legacy: Whether DVC 2 wrote it, which hashed texts with Unix line ends.
        pointer: The file that says so.
        size: Its bytes; `None` where the pointer does not say.
        nfiles: How many files a directory has likewise.
    """

    path: str
    md5: str
    legacy: bool
    pointer: str
    size: int | None = None
    nfiles: int | None = None


def is_below(path: str, folder: str) -> bool:
    """Whether a path is another, or lies below it; `.` holds all."""
    return folder in {".", path} or path.startswith(f"{folder}/")


def ancestors(path: str) -> list[str]:
    """The folders above a path, outermost first, without `.` and those above it."""
    parts = path.split("/")
    found = ["/".join(parts[:count]) for count in range(1, len(parts))]
    return [folder for folder in found if posixpath.basename(folder) != ".."]


def tracked(
    read: Read, paths: Sequence[str], names: Iterable[str], prefix: str = ""
) -> list[Out]:
    """The outs at, above or below the paths that pointers of a side tell of.

    Args:
        read: Gives files of the side by path, `None` where there is none.
        paths: What is asked for.
        names: Files that the side has below the paths.
        prefix: The project's path from the top of the repository, empty or ending in
            `/`: what lies above may track what lies in the project.

    Raises:
        CannotTellError: A pointer to the paths cannot be followed.
        InputError: A pointer is no YAML.
    """
    if prefix:
        return _from_top(read, paths, names, prefix)
    return _tracked(read, paths, list(names), ".", ["."])


def _from_top(
    read: Read, paths: Sequence[str], names: Iterable[str], prefix: str
) -> list[Out]:
    """Looks from the top of the repository, where each path has one name."""

    def full(path: str) -> str:
        return posixpath.normpath(prefix + path)

    def short(path: str) -> str:
        own = path.startswith(prefix)
        return path.removeprefix(prefix) if own else posixpath.relpath(path, prefix)

    root = full(".")
    outs = _tracked(
        lambda wanted: read([short(path) for path in wanted]),
        [full(path) for path in paths],
        [full(name) for name in names],
        root,
        [".", *ancestors(root), root],
    )
    return [o._replace(path=short(o.path), pointer=short(o.pointer)) for o in outs]


def _tracked(
    read: Read,
    paths: Sequence[str],
    have: Sequence[str],
    root: str,
    folders: Sequence[str],
) -> list[Out]:
    pointers, locks = _candidates(paths, have, folders)
    wanted = [*pointers, *(f for pair in locks for f in pair)]
    said = dict(zip(wanted, read(wanted), strict=True))
    asked = [path for path in paths if path != root]
    found: dict[str, Out] = {}
    for pointer in pointers:
        for out in _pointed(pointer, said[pointer]):
            if any(_touches(out.path, path) for path in paths):
                found[out.path] = out
    for lock, pipeline in locks:
        for out in _locked(lock, said[lock], said[pipeline], asked, have):
            found.setdefault(out.path, out)
    return sorted(found.values())


def _candidates(
    paths: Sequence[str], names: Sequence[str], above: Sequence[str]
) -> tuple[list[str], list[tuple[str, str]]]:
    folders = {*above}
    pointers = {name for name in names if name.endswith(POINTER)}
    for path in paths:
        up = [*ancestors(path), *([] if path == "." else [path])]
        folders |= {*up}
        pointers |= {f"{folder}{POINTER}" for folder in up}
    folders |= {posixpath.dirname(n) or "." for n in names if _is_lock(n)}
    locks = [
        (posixpath.normpath(f"{f}/{LOCK}"), posixpath.normpath(f"{f}/{PIPELINE}"))
        for f in sorted(folders)
    ]
    return sorted(pointers), locks


def _is_lock(name: str) -> bool:
    return posixpath.basename(name) == LOCK


def _touches(out: str, path: str) -> bool:
    return is_below(path, out) or is_below(out, path)


def _pointed(pointer: str, data: bytes | None) -> Iterator[Out]:
    if data is None:
        return
    said = _mapping(pointer, data)
    folder = posixpath.join(posixpath.dirname(pointer), _text(said.get("wdir")))
    for entry in mappings(said.get("outs")):
        yield from _out(folder, entry, pointer, data)


def _locked(
    lock: str,
    data: bytes | None,
    pipeline: bytes | None,
    paths: Sequence[str],
    names: Sequence[str],
) -> Iterator[Out]:
    """Outs of stages; what Git has as well is none of theirs."""
    folder = posixpath.dirname(lock)

    def wanted(out: str) -> bool:
        asked = any(_touches(out, path) for path in paths)
        return asked and not any(is_below(name, out) for name in names)

    moved = b"wdir" in (pipeline or b"")
    if data is None or not (moved or any(map(wanted, _mentioned(folder, data)))):
        return
    told = _stages(posixpath.join(folder, PIPELINE), pipeline or b"")
    for name, stage in _stages(lock, data).items():
        said = told.get(name.partition("@")[0], {})
        at = posixpath.join(folder, _text(said.get("wdir")))
        uncached = {*_uncached(said)}
        for entry in mappings(stage.get("outs")):
            if wanted(_path(at, entry)) and _text(entry.get("path")) not in uncached:
                yield from _out(at, entry, lock, data)


def _mentioned(folder: str, data: bytes) -> Iterator[str]:
    for match in _LOCKED_PATH.finditer(data):
        said = match[1].strip(b" \t").decode(errors="replace").strip("'\"")
        yield posixpath.normpath(posixpath.join(folder, said))


def _stages(path: str, data: bytes) -> dict[str, dict[str, Json]]:
    """The stages of a `dvc.yaml` or `dvc.lock`, those of `foreach` by what they do."""
    stages = _mapping(path, data).get("stages")
    found = {}
    for name, said in sorted(stages.items()) if isinstance(stages, dict) else ():
        inner = said.get("do", said) if isinstance(said, dict) else None
        if isinstance(inner, dict):
            found[name] = inner
    return found


def _uncached(stage: Mapping[str, Json]) -> Iterator[str]:
    """Outs that are left to Git (`cache: false`): DVC has no content of theirs."""
    for kind in ("outs", "metrics", "plots"):
        for entry in mappings(stage.get(kind)):
            for path, about in entry.items():
                if isinstance(about, dict) and about.get("cache") is False:
                    yield path


def _out(
    folder: str, entry: Mapping[str, Json], pointer: str, data: bytes
) -> Iterator[Out]:
    path = _path(folder, entry)
    md5 = entry.get("md5")
    if md5 is None and isinstance(entry.get("files"), list):  # cloud versioning
        for file in mappings(entry["files"]):
            relpath = _text(file.get("relpath"))
            yield Out(
                f"{path}/{inner_path(relpath, pointer)}",
                _hash(file.get("md5"), relpath, pointer, data),
                legacy=False,
                pointer=pointer,
                size=_count(file.get("size")),
            )
        return
    legacy = entry.get("hash") is None
    size, nfiles = _count(entry.get("size")), _count(entry.get("nfiles"))
    yield Out(path, _hash(md5, path, pointer, data), legacy, pointer, size, nfiles)


def _count(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _hash(md5: Json, path: str, pointer: str, data: bytes) -> str:
    if isinstance(md5, str) and _MD5.match(md5):
        return md5
    # Not by the node: few are wrong, and all would have to keep theirs.
    wanted = str(md5) if md5 is not None else posixpath.basename(path)
    line = data.count(b"\n", 0, max(0, data.find(wanted.encode()))) + 1
    raise CannotTellError(
        f"{pointer}:{line}: {path} has no MD5 that DVC would write: {str(md5)[:60]!r}",
        "run dvc add or dvc commit, and commit its pointer",
    )


def inner_path(relpath: str, pointer: str) -> str:
    """A path below a tracked directory.

    Raises:
        CannotTellError: It leads out of it.
    """
    parts = relpath.split("/")
    if {"", ".", ".."}.isdisjoint(parts) and "\0" not in relpath:
        return relpath
    raise CannotTellError(
        f"{pointer}: {relpath[:200]!r} leads out of the directory that DVC tracks",
        "do not trust this pointer; see who wrote it",
    )


def _path(folder: str, entry: Mapping[str, Json]) -> str:
    return posixpath.normpath(posixpath.join(folder, _text(entry.get("path"))))


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def mappings(value: Json) -> list[dict[str, Json]]:
    """The entries of a list, if that is what a value is."""
    entries = value if isinstance(value, list) else []
    return [entry for entry in entries if isinstance(entry, dict)]


def _mapping(path: str, data: bytes) -> dict[str, Json]:
    if len(data) > MAX_POINTER:
        raise CannotTellError(
            f"{path} has {len(data)} bytes: no such file of DVC's is that large",
            "see who wrote it",
        )
    if path.endswith(POINTER) and dvcconflict.is_conflict(data):
        raise InputError(dvcconflict.said(path, data), dvcconflict.way_out(path))
    document = compose(data, path)
    value = document.value(document.root) if document.root is not None else None
    return value if isinstance(value, dict) else {}
