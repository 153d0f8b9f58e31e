"""Names of files on disk below directories, through links, as a commit says them."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from dvcinc.errors import InputError

# Where DVC's links lead with `cache.type: symlink`: files/md5/ab/cdef…
_CACHED = re.compile(r"/files/md5/[0-9a-f]{2}/[0-9a-f]{30}\Z")
# As many as Linux follows in a row.
_MAX_CHAIN = 40


def on_disk(folder: Path, paths: Sequence[str], top: Path) -> Iterator[str]:
    """The files at or below the paths, hidden ones left out; some may come twice.

    Raises:
        InputError: A link leads out of `top`, or a folder cannot be read.
    """
    for base in map(posixpath.normpath, paths):
        start = folder / base
        if linked := _is_linked(folder, base):
            _check_own(folder, base, top)
        if start.is_file():
            yield base
        elif start.is_dir():
            prefix = "" if base == "." else f"{base}/"
            yield from _below(folder, prefix, top, (), linked=linked)


def is_own(path: Path, top: Path) -> bool:
    """Whether a file is the repository's own, or DVC's link into its cache."""
    real = Path(os.path.realpath(path))  # a link that leads to itself is no error
    return real.is_relative_to(top.resolve()) or bool(_CACHED.search(real.as_posix()))


def _below(
    folder: Path, prefix: str, top: Path, chain: tuple[Path, ...], *, linked: bool
) -> Iterator[str]:
    try:
        with os.scandir(folder / prefix) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
    except OSError as error:
        raise InputError(
            f"{prefix or '.'}: cannot be read: {error.strerror}", "see its permissions"
        ) from error
    for entry in entries:
        path = f"{prefix}{entry.name}"
        if entry.name.startswith("."):
            continue
        through = linked or entry.is_symlink()
        if through:
            _check_own(folder, path, top)
        if _is_file(entry):  # no device, no pipe, no broken link
            yield path
        elif entry.is_symlink() and _is_dir(entry):
            here = (folder / prefix).resolve()
            if not _is_round(Path(entry.path).resolve(), (*chain, here)):
                inner = (*chain, here)
                yield from _below(folder, f"{path}/", top, inner, linked=True)
        elif entry.is_dir(follow_symlinks=False):
            yield from _below(folder, f"{path}/", top, chain, linked=through)


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link that leads to itself
        return False


def _is_dir(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_round(target: Path, chain: tuple[Path, ...]) -> bool:
    """Whether a link leads to a folder that it lies in, or one on the way to it."""
    passed = any(folder.is_relative_to(target) for folder in chain)
    return passed or len(chain) > _MAX_CHAIN


def _is_linked(folder: Path, base: str) -> bool:
    parts = base.split("/")
    above = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
    return any((folder / path).is_symlink() for path in above)


def _check_own(folder: Path, path: str, top: Path) -> None:
    """Also where nothing is there: on another machine, something may be."""
    if not is_own(folder / path, top):
        raise leads_out(path)


def leads_out(path: str) -> InputError:
    """The error for a file that lies outside of the project and its repository."""
    return InputError(
        f"{path}: a link that leads out of the project", "copy the file instead"
    )
