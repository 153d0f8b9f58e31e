"""DVC's configuration without DVC: where a repository keeps its cache, and remotes."""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from dvcinc.errors import CannotTellError


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
    They are read once, as long as they stay as they are: each object asks for this.
    """
    return _cache_folder(root, tuple((f, _state(f)) for f in _config_files(root)))


def _state(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


@lru_cache(maxsize=64)
def _cache_folder(root: Path, files: tuple[tuple[Path, object], ...]) -> Path:
    folder = root / ".dvc" / "cache"
    remotes: dict[str, Path] = {}
    named = ""
    for file, config in ((file, _config(file)) for file, state in files if state):
        for section in config.sections():
            name = _remote(section)
            if name and config.has_option(section, "url"):
                remotes[name] = _resolved(file, config.get(section, "url"))
        if config.has_option("cache", "dir"):
            folder = _resolved(file, config.get("cache", "dir"))
        named = config.get("cache", "local", fallback=named)
    return remotes.get(named.strip("'\" "), folder)


def has_remote(root: Path) -> bool:
    """Whether DVC's configuration names a remote."""
    return any(_remote(s) for _, config in _configs(root) for s in config.sections())


def remote_scheme(root: Path) -> str:
    """How the default remote is reached: `s3`, `ssh`, …; empty for a folder or none."""
    named, found = default_remote(root), {}
    for _, config in _configs(root):
        for section in config.sections():
            if name := _remote(section):
                url = config.get(section, "url", fallback="").strip("'\" ")
                found[name] = url.partition("://")[0] if "://" in url else ""
    return found.get(named or "", "")


def default_remote(root: Path) -> str | None:
    """The remote that DVC pushes to, where its configuration names one."""
    named: str | None = None
    for _, config in _configs(root):
        named = config.get("core", "remote", fallback=named)
    return named.strip("'\" ") if named else None


def _configs(root: Path) -> Iterator[tuple[Path, configparser.ConfigParser]]:
    for file in _config_files(root):
        yield file, _config(file)


def _config_files(root: Path) -> Iterator[Path]:
    home = Path(_expanded("~"))
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
    place = said.strip("'\" ")
    if "\0" in place:
        raise CannotTellError(f"{file}: {place!r} is no path", "see dvc config --list")
    return file.parent / _expanded(place)


def _expanded(path: str) -> str:
    """As DVC does it: `~` of nobody whom this machine knows stays as it is."""
    return os.path.expanduser(path)  # noqa: PTH111 - `Path.expanduser` raises there
