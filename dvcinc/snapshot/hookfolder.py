"""Where Git looks for the hooks of a clone, and whether other repositories share it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from dvcinc.snapshot.git import Git

KEY = "core.hooksPath"


class HookFolder(NamedTuple):
    """A folder of hooks.

    Attributes:
        path: Where it is.
        own: Where the repository's own would be.
        named: Whether `core.hooksPath` leads there.
        sharing: What makes other repositories look there, too: a file of settings that
            are not this repository's own, or a link; empty where nothing does.
    """

    path: Path
    own: Path
    named: bool = False
    sharing: str = ""


def hook_folder(git: Git) -> HookFolder:
    """The folder that Git takes hooks from.

    One outside of the repository is shared, unless its own settings lead there.
    """
    found = git.run("rev-parse", "--git-path", "hooks").decode().removesuffix("\n")
    path, own = git.top / found, git.directory / "hooks"
    told = git.try_run("config", "-z", "--show-origin", "--get", KEY) or ""
    kind, _, file = told.partition("\0")[0].partition(":")
    is_meant = kind == "file" and _is_own(git, git.top / file)
    if is_meant or _is_own(git, path):
        return HookFolder(path, own, named=bool(told))
    said = f"{KEY} of {file or f'the {kind}'}" if told else "a link"
    return HookFolder(path, own, named=bool(told), sharing=said)


def _is_own(git: Git, path: Path) -> bool:
    """Whether a place lies in the repository: a work tree, or its Git directory."""
    shared = git.directory
    roots = [git.top, shared, *([shared.parent] if shared.name == ".git" else [])]
    place = path.resolve()
    return any(place.is_relative_to(root.resolve()) for root in roots)
