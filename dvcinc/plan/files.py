"""Folders of files on disk: read whole, written beside and renamed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.errors import InputError

_OLD = ".old"
_SHELF = ".dvcinc"
"""Where work goes on in a project without DVC; hidden, so no data is read there."""


def read_folder(folder: Path) -> tuple[CanonicalFile, ...]:
    """All files below a folder, names relative to it, sorted.

    Links to files are followed, since DVC may link to its cache.

    Raises:
        InputError: Something there is no regular file, or cannot be read.
    """
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            continue
        if not path.is_file():
            raise InputError(f"{path}: is no regular file", "remove it")
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(
                f"{path}: cannot be read: {error.strerror}", "see its permissions"
            ) from error
        found.append(CanonicalFile(path.relative_to(folder).as_posix(), data))
    return tuple(found)


def write_folder(files: Iterable[CanonicalFile], folder: Path) -> None:
    """Writes files into a folder that is made for them, in the order given."""
    folder.mkdir(parents=True)
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def put_folder(new: Path, final: Path) -> None:
    """Puts a finished folder in the place of another, which is never lost half way.

    Two renames: after a kill between them, `recover` finds the old one.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    old = _old(final)
    recover(final)
    if final.is_dir() and not final.is_symlink():
        final.rename(old)
    elif final.exists() or final.is_symlink():
        final.unlink()
    new.rename(final)
    shutil.rmtree(old, ignore_errors=True)


def recover(final: Path) -> None:
    """Undoes a `put_folder` that was killed between its two renames."""
    old = _old(final)
    if not old.exists():
        return
    if final.exists():
        shutil.rmtree(old)
    else:
        old.rename(final)


def standing(final: Path) -> Path | None:
    """Where a folder's content stands, also after a kill; changes nothing."""
    return next((path for path in (final, _old(final)) if path.is_dir()), None)


def clear(path: Path) -> None:
    """Removes a folder, a file, or a link, but not what the link leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _old(final: Path) -> Path:
    return final.with_name(f".{final.name}{_OLD}")


def put_file(data: bytes, final: Path) -> None:
    """Writes a file beside its place and renames it there."""
    final.parent.mkdir(parents=True, exist_ok=True)
    beside = final.with_name(f".{final.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        # A file that DVC linked from its cache must not be written through.
        beside.replace(final)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def workshop(project: Path, name: str) -> Iterator[Path]:
    """A fresh folder for work in progress, gone when the work is done.

    It lies in DVC's own temporary folder, which Git ignores and which is on the same
    file system as the outs, so that a rename is enough. What a killed run left behind
    there is removed by the next.
    """
    above = [project, *project.parents]
    root = next((p for p in above if (p / ".dvc").is_dir()), None)
    shelf = root / ".dvc" / "tmp" / "dvcinc" if root else project / _SHELF
    shelf.mkdir(parents=True, exist_ok=True)
    _sweep(shelf)
    bench = shelf / f"{name}-{os.getpid()}"
    shutil.rmtree(bench, ignore_errors=True)
    bench.mkdir()
    try:
        yield bench
    finally:
        shutil.rmtree(bench, ignore_errors=True)
        if root is None:
            _remove_empty(shelf)


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):  # another run is at work there
        folder.rmdir()


def _sweep(shelf: Path) -> None:
    for left in shelf.iterdir():
        _, _, process = left.name.rpartition("-")
        if process.isdecimal() and not _lives(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
