"""Models out of DVC's cache, none of whose bytes is believed: hashes to folders.

An object that is missing may be fetched; one with another MD5 is broken.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from dvcinc.errors import CannotTellError, CheckError
from dvcinc.snapshot.dvccache import listing, objects
from dvcinc.snapshot.dvcconfig import cache_folder, has_remote
from dvcinc.snapshot.dvcfetch import fetch
from dvcinc.snapshot.dvcouts import MAX_POINTER, Out
from dvcinc.stages.hashes import dvc_hash

_FETCH = "dvc fetch --all-commits, or dvcinc lineage verify --remote"
_PUSH = "dvc push --all-commits in a clone that has it"
_MEND = "remove it from the cache and run dvc fetch"


@dataclass(frozen=True, slots=True)
class Vault:
    """The objects of a DVC repository.

    Args:
        root: The directory that holds `.dvc`; `None` where there is none on disk.
        remote: Whether what is missing may be fetched from the remote.
    """

    root: Path | None
    remote: bool
    _sound: set[Path] = field(default_factory=set)

    @contextmanager
    def checked_out(self, out: Out) -> Iterator[Path]:
        """A directory of the cache, as a temporary folder.

        Raises:
            CannotTellError: Some of it is not at hand.
            CheckError: Some of it is broken.
        """
        with tempfile.TemporaryDirectory(prefix="dvcinc-") as folder:
            for name, md5 in self._listed(out):
                target = Path(folder, name)
                target.parent.mkdir(parents=True, exist_ok=True)
                inner = out._replace(path=f"{out.path}/{name}", md5=md5)
                _put(self._object(inner), target)
            yield Path(folder)

    def _listed(self, out: Out) -> list[tuple[str, str]]:
        path = self._object(out)
        try:
            if path.stat().st_size > MAX_POINTER:
                raise _broken(out, "is too large for a listing")
            found = list(listing(path.read_bytes(), out))
        except CannotTellError as error:
            raise CheckError(error.message, error.hint) from error
        # What stood there already could be written through, into the cache.
        names = [PurePosixPath(name) for name, _ in found]
        taken = {*names, *(folder for name in names for folder in name.parents)}
        if len(taken) < len(names) + len({f for n in names for f in n.parents}):
            raise _broken(out, "lists one place twice")
        return found

    def _object(self, out: Out) -> Path:
        """The file of a hash, its bytes those of the hash."""
        path = self._found(out)
        if path is None and self.remote and self.root and has_remote(self.root):
            fetch(self.root, out)
            path = self._found(out)
        if path is None:
            raise self._missing(out)
        if path not in self._sound:
            if dvc_hash(path) != out.md5.removesuffix(".dir"):
                raise _broken(out, "has another MD5")
            self._sound.add(path)
        return path

    def _found(self, out: Out) -> Path | None:
        if self.root is None:
            return None
        found = objects(cache_folder(self.root), out.md5)
        return next((path for path in found if path.is_file()), None)

    def _missing(self, out: Out) -> CannotTellError:
        said = f"{out.path}: {out.md5} is not in the DVC cache"
        if self.root is None:
            return CannotTellError(f"{out.path}: there is no DVC cache here", _FETCH)
        if not has_remote(self.root):
            return CannotTellError(f"{said}, and there is no remote", _PUSH)
        if self.remote:
            return CannotTellError(f"{said}, nor in the remote", _PUSH)
        return CannotTellError(said, _FETCH)


def _broken(out: Out, what: str) -> CheckError:
    return CheckError(f"{out.path}: {out.md5} in the DVC cache {what}", _MEND)


def _put(source: Path, target: Path) -> None:
    """A link costs nothing, however large the file; only one file system has it."""
    try:
        os.link(source.resolve(), target)
    except OSError:
        shutil.copyfile(source, target)
