"""DVC's local cache without DVC, which takes a second to import: MD5 to bytes."""

from __future__ import annotations

import configparser
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dvcinc.errors import CannotTellError
from dvcinc.snapshot.dvcouts import Out, inner_path, is_below

MAX_OBJECT = 256 << 20
"""Larger than any training data, in bytes: hostile pointers name what they like."""
_BELOW = "files/md5"


@dataclass(frozen=True, slots=True)
class Cache:
    """The local cache of a DVC repository.

    Attributes:
        root: The directory that holds `.dvc`, `None` where there is none on disk.
        side: The source that asks, for messages.
        fetch: Whether what is missing may be fetched from the remote, through DVC.
    """

    root: Path | None
    side: str
    fetch: bool = False

    def files(self, out: Out, wanted: list[str]) -> Iterator[tuple[str, Out]]:
        """The files of an out at or below the wanted paths, by path.

        Raises:
            CannotTellError: The listing of a directory cannot be had.
        """
        if not out.md5.endswith(".dir"):
            if any(is_below(out.path, path) for path in wanted):
                yield out.path, out
            return
        for relpath, md5 in _members(self.read(out), out):
            path = f"{out.path}/{relpath}"
            if any(is_below(path, one) for one in wanted):
                yield path, Out(path, md5, out.legacy, out.pointer)

    def read(self, out: Out) -> bytes:
        """The bytes that a hash stands for, or a directory's listing.

        Raises:
            CannotTellError: The cache does not have them, or has others.
        """
        data = self._cached(out)
        if data is None and self.fetch and self.root is not None:
            # Imports DVC, which takes a second.
            from dvcinc.snapshot.dvcfetch import fetch  # noqa: PLC0415

            fetch(self.root, out)
            data = self._cached(out)
        if data is None:
            raise self._missing(out)
        return data

    def _cached(self, out: Out) -> bytes | None:
        md5 = out.md5
        folder = None if self.root is None else cache_folder(self.root)
        for base in () if folder is None else (folder / _BELOW, folder):
            path = base / md5[:2] / md5[2:]
            try:
                if path.stat().st_size > MAX_OBJECT:
                    raise self._wrong(out, f"is larger than {MAX_OBJECT} bytes")
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
        return CannotTellError(
            f"{out.path} ({self.side}): its content is tracked by DVC ({out.pointer}: "
            f"{out.md5}) and not in the local cache",
            "run dvc fetch --all-commits, or dvcinc classify --fetch",
        )


def _matches(data: bytes, out: Out) -> bool:
    """Whether bytes are those of a hash; DVC 2 hashed texts with Unix line ends."""
    forms = [data, data.replace(b"\r\n", b"\n")] if out.legacy else [data]
    wanted = out.md5.removesuffix(".dir")
    return any(
        hashlib.md5(form, usedforsecurity=False).hexdigest() == wanted for form in forms
    )


def _members(data: bytes, out: Out) -> Iterator[tuple[str, str]]:
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


def dvc_root(start: Path, top: Path) -> Path | None:
    """The nearest directory with a `.dvc`, from a directory up to the repository's."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / ".dvc").is_dir():
            return folder
        if folder == top:
            break
    return None


def cache_folder(root: Path) -> Path:
    """Where a DVC repository keeps its objects, as DVC's configuration says.

    As in DVC: system, global, the repository's own, its local one; later ones win.
    """
    folder = root / ".dvc" / "cache"
    remotes: dict[str, Path] = {}
    named = ""
    for file in _config_files(root):
        config = _config(file)
        for section in config.sections():
            name = _remote(section)
            if name and config.has_option(section, "url"):
                remotes[name] = _resolved(file, config.get(section, "url"))
        if config.has_option("cache", "dir"):
            folder = _resolved(file, config.get("cache", "dir"))
        named = config.get("cache", "local", fallback=named)
    return remotes.get(named.strip("'\" "), folder)


def _config_files(root: Path) -> Iterator[Path]:
    home = Path("~").expanduser()
    if sys.platform == "darwin":
        system, own = Path("/Library/Application Support"), home / "Library"
        own = own / "Application Support"
    else:
        system = Path(os.environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")[0])
        own = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    yield Path(os.environ.get("DVC_SYSTEM_CONFIG_DIR") or system / "dvc") / "config"
    yield Path(os.environ.get("DVC_GLOBAL_CONFIG_DIR") or own / "dvc") / "config"
    yield root / ".dvc" / "config"
    yield root / ".dvc" / "config.local"


def _config(file: Path) -> configparser.ConfigParser:
    config = configparser.ConfigParser(strict=False, interpolation=None)
    try:
        config.read_string(_unindented(file.read_text("utf-8")))
    except OSError:
        return config
    except (configparser.Error, UnicodeDecodeError) as error:
        raise CannotTellError(
            f"{file}: not a configuration of DVC's", "see dvc config --list"
        ) from error
    return config


def _unindented(text: str) -> str:
    """DVC indents its settings, which means a continued line to `configparser`."""
    return "\n".join(line.strip() for line in text.splitlines())


def _remote(section: str) -> str:
    name = section.strip("'\" ")
    return name.removeprefix("remote").strip("'\" ") if "remote" in name else ""


def _resolved(file: Path, said: str) -> Path:
    return file.parent / Path(said.strip("'\" ")).expanduser()
