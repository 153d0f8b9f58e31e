"""The clone of a submodule on this disk, where it has the commit that is asked for."""

from __future__ import annotations

import os
from pathlib import Path

from dvcinc.errors import CannotTellError, GitError
from dvcinc.snapshot.discovery import LOCAL, Discovered
from dvcinc.snapshot.entries import Entry
from dvcinc.snapshot.git import Git
from dvcinc.snapshot.process import Objects, Place


def submodule(git: Git, entry: Entry, side: str) -> Git:
    """The repository of a submodule, as git has cloned it for this one.

    Raises:
        CannotTellError: It is not here, or lacks the commit.
    """
    for folder in _git_directories(git, entry.path):
        inner = _opened(git, folder)
        try:
            if inner.objects.get([entry.blob]) != [None]:
                return inner
        except GitError:  # no repository of git's, though it lies where one would
            continue
    raise CannotTellError(
        f"{entry.path} ({side}) is a submodule at {entry.blob[:10]}: this clone does "
        "not have its content",
        f"run git submodule update --init {entry.path}, or fetch in it",
    )


def _git_directories(git: Git, path: str) -> list[Path]:
    top = git.found.place.directory
    full = os.path.normpath(git.prefix + path)
    found = [] if git.bare else [top / full / ".git"]
    found.append(git.directory / "modules" / full)
    return [folder for one in found if (folder := _resolved(one)) is not None]


def _resolved(place: Path) -> Path | None:
    """A Git directory, by itself or by the file that says where it is."""
    try:
        if place.is_file():
            said = place.read_text("utf-8").removeprefix("gitdir:").strip()
            place = (place.parent / said).resolve()
    except (OSError, UnicodeDecodeError):
        return None
    return place if (place / "HEAD").is_file() else None


def _opened(git: Git, folder: Path) -> Git:
    outer = git.found.place
    settled = {k: v for k, v in outer.environment.items() if k not in LOCAL}
    settled |= {"GIT_DIR": str(folder), "GIT_WORK_TREE": str(folder)}
    place = Place(folder, settled, online=outer.online)
    found = Discovered(
        place=place,
        prefix="",
        directory=folder,
        own=folder,
        bare=True,
        shallow=False,
        algorithm=git.algorithm,
    )
    return Git(folder, found, Objects(place))
