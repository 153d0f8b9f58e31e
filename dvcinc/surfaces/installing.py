"""`install`: what of dvcinc a repository is set up with, part by part.

Here is the merge driver. Git calls it for a file that both sides of a merge changed.
What `dvc repro` writes has no meaning line by line: it is taken from HEAD, and the next
run writes it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from dvcinc.errors import ExitCode
from dvcinc.plan.files import put_file
from dvcinc.snapshot.git import Git, open_git
from dvcinc.surfaces.hook_install import hooks
from dvcinc.surfaces.terminal import show

ATTRIBUTES = ".gitattributes"
_SECTION = "merge.dvcinc"
_SETTINGS = {
    "name": "what dvc repro writes",
    "driver": "dvcinc merge-file %O %A %B %P",
}


def install(path: Path, parts: Sequence[str] | None, *, uninstall: bool) -> None:
    """Sets parts up in a repository, or takes them out; twice is as good as once.

    Args:
        path: The project directory.
        parts: Names of parts; `None` for all.
        uninstall: Whether to take them out.

    Raises:
        GitError: The project is in no repository.
    """
    git = open_git(path)
    for name in parts or PARTS:
        show(PARTS[name](git, uninstall))


def _merge_driver(git: Git, uninstall: bool) -> str:  # noqa: FBT001 - a part's form
    # Reached inside the commands alone, as `stages` is.
    from dvcinc.adopt import ignored  # noqa: PLC0415

    attributes = git.project / ATTRIBUTES
    before = attributes.read_bytes() if attributes.is_file() else b""
    change = ignored.without_attributes if uninstall else ignored.with_attributes
    after = change(before)
    if after != before:
        if after:
            put_file(after, attributes)
        else:
            attributes.unlink()
    is_set = git.try_run("config", "--local", "--get-regexp", rf"^{_SECTION}\.")
    if uninstall and is_set:
        git.run("config", "--local", "--remove-section", _SECTION)
    if uninstall:
        return "merge driver: taken out"
    for key, value in _SETTINGS.items():
        git.run("config", "--local", f"{_SECTION}.{key}", value)
    return (
        f"merge driver: set up in this clone; commit {ATTRIBUTES}, and let everybody "
        "run dvcinc install"
    )


PARTS: Mapping[str, Callable[[Git, bool], str]] = {
    "merge-driver": _merge_driver,
    "hooks": hooks,
}
"""What can be set up: each part takes itself out, too, and says what it has done."""


def merge_file(base: Path, ours: Path, theirs: Path, path: str) -> None:
    """Merges one file, as Git asks for it: the result stands in `ours`.

    `dvc.lock` is merged stage by stage, with HEAD's entries for dvcinc's stages; every
    other file stays HEAD's. Exits with 1 where both sides changed a stage of somebody
    else's: Git then says that the file is in conflict, and keeps all versions.

    Raises:
        InputError: A version cannot be understood; it counts as a conflict.
    """
    from dvcinc.stages.hashes import LOCK  # noqa: PLC0415
    from dvcinc.stages.lockmerge import Side, merge_locks  # noqa: PLC0415

    if PurePosixPath(path).name != LOCK:
        return
    # Git hands over an empty file where there was none.
    before, head, other = (f.read_bytes() or None for f in (base, ours, theirs))
    merged = merge_locks(before, head, other, Side.OURS)
    put_file(merged.data, ours)
    if merged.conflicts:
        named = ", ".join(merged.conflicts)
        print(f"{path}: both sides changed {named}", file=sys.stderr)  # noqa: T201
        sys.exit(ExitCode.CHECK_SAID_NO)
