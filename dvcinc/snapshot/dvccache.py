"""DVC's local cache without DVC, which takes a second to import: MD5 to bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dvcinc.errors import CannotTellError
from dvcinc.snapshot.dvcconfig import cache_folder, has_remote
from dvcinc.snapshot.dvcouts import POINTER, Out, inner_path, is_below
from dvcinc.snapshot.found import MAX_FILE

_BELOW = "files/md5"


@dataclass(frozen=True, slots=True)
class Cache:
    """The local cache of a DVC repository.

    Attributes:
        root: The directory that holds `.dvc`, `None` where there is none on disk.
        side: The source that asks, for messages.
        fetch: Whether what is missing may be fetched from the remote, through DVC.
        pull: Whether it is the work tree that asks, which `dvc pull` puts right.
    """

    root: Path | None
    side: str
    fetch: bool = False
    pull: bool = False

    def files(self, out: Out, wanted: list[str]) -> Iterator[tuple[str, Out]]:
        """The files of an out at or below the wanted paths, by path.

        Raises:
            CannotTellError: The listing of a directory cannot be had.
        """
        if not out.md5.endswith(".dir"):
            if any(is_below(out.path, path) for path in wanted):
                yield out.path, out
            return
        for relpath, md5 in listing(self.read(out), out):
            path = f"{out.path}/{relpath}"
            if any(is_below(path, one) for one in wanted):
                yield path, Out(path, md5, out.legacy, out.pointer)

    def read(self, out: Out) -> bytes:
        """The bytes that a hash stands for, or a directory's listing.

        Raises:
            CannotTellError: The cache does not have them, or has others.
        """
        data = self._cached(out)
        root = self.root
        if data is None and self.fetch and root is not None and has_remote(root):
            # Imports DVC, which takes a second.
            from dvcinc.snapshot.dvcfetch import fetch  # noqa: PLC0415

            fetch(root, out)
            data = self._cached(out)
        if data is None:
            raise self._missing(out)
        return data

    def known(self, out: Out) -> dict[str, str] | None:
        """The MD5 of each file of an out by path, `None` where no listing is here.

        Raises:
            CannotTellError: The cache has another listing.
        """
        if not out.md5.endswith(".dir"):
            return {out.path: out.md5}
        data = self._cached(out)
        if data is None:
            return None
        return {f"{out.path}/{path}": md5 for path, md5 in listing(data, out)}

    def _cached(self, out: Out) -> bytes | None:
        folder = None if self.root is None else cache_folder(self.root)
        for path in () if folder is None else objects(folder, out.md5):
            try:
                if not path.is_file():  # a pipe would not end
                    continue
                if path.stat().st_size > MAX_FILE:
                    raise self._wrong(out, f"is larger than {MAX_FILE} bytes")
                data = path.read_bytes()
            except OSError:
                continue
            if not _matches(data, out):
                raise self._wrong(out, "is broken: it has another MD5")
            return data
        return None

    def _wrong(self, out: Out, what: str) -> CannotTellError:
        return CannotTellError(
            f"{out.path} ({self.side}): the object {out.md5} of {out.pointer} in the "
            f"DVC cache {what}",
            "remove it there and run dvc fetch",
        )

    def _missing(self, out: Out) -> CannotTellError:
        tracked = (
            f"{out.path} ({self.side}): its content is tracked by DVC ({out.pointer}: "
            f"{out.md5})"
        )
        if self.root is None:
            return CannotTellError(
                f"{tracked}, and there is no DVC cache here, as in a bare clone",
                "compare in a clone with a work tree, after dvc fetch --all-commits",
            )
        if self.fetch or not has_remote(self.root):
            return CannotTellError(*self._nowhere(tracked))
        if self.pull:
            said = f"{out.path} is not checked out: {tracked.partition(': ')[2]}"
            hint = f"dvc pull {target(out)}"
            return CannotTellError(f"{said} and not in the local cache", hint)
        return CannotTellError(
            f"{tracked} and not in the local cache",
            "run dvc fetch --all-commits, or dvcinc classify --fetch",
        )

    def _nowhere(self, tracked: str) -> tuple[str, str]:
        """What is said where another fetch would not help, and what to do."""
        pushed = "dvc push --all-commits in a clone that has it"
        if self.root is not None and has_remote(self.root):
            said = f"{tracked}; neither the local cache nor the remote has it"
            return said, pushed
        said = f"{tracked}; not in the local cache, and there is no remote"
        return said, f"dvc remote add --default NAME URL, and {pushed}"


def target(out: Out) -> str:
    """How DVC's commands name an out: by its `.dvc` file, or as a stage's out."""
    return out.pointer if out.pointer.endswith(POINTER) else out.path


def objects(folder: Path, md5: str) -> tuple[Path, ...]:
    """Where a cache may have the object of a hash: as DVC 3 puts it, and as DVC 2."""
    return tuple(base / md5[:2] / md5[2:] for base in (folder / _BELOW, folder))


def _matches(data: bytes, out: Out) -> bool:
    """Whether bytes are those of a hash; DVC 2 hashed texts with Unix line ends."""
    forms = [data, data.replace(b"\r\n", b"\n")] if out.legacy else [data]
    wanted = out.md5.removesuffix(".dir")
    return any(
        hashlib.md5(form, usedforsecurity=False).hexdigest() == wanted for form in forms
    )


def listing(data: bytes, out: Out) -> Iterator[tuple[str, str]]:
    """The files of a directory, by path below it, and their MD5.

    Raises:
        CannotTellError: It is no listing of DVC's, or names what lies elsewhere.
    """
    try:
        entries = json.loads(data)
        pairs = [(str(entry["relpath"]), str(entry["md5"])) for entry in entries]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CannotTellError(
            f"{out.path}: the listing {out.md5} of {out.pointer} is none of DVC's",
            "remove it from the cache and run dvc fetch",
        ) from error
    for relpath, md5 in pairs:
        hexadecimal = len(md5) == 32 and {*md5} <= {*"0123456789abcdef"}  # noqa: PLR2004
        if not hexadecimal:
            raise CannotTellError(
                f"{out.path}/{relpath[:200]!a}: {md5[:60]!r} is no MD5",
                "do not trust this pointer; see who wrote it",
            )
        yield inner_path(relpath, out.pointer), md5
