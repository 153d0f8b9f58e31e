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
from dvcinc.surfaces.step import Step
from dvcinc.surfaces.terminal import show

MERGE_DRIVER, HOOKS = "merge-driver", "hooks"
ATTRIBUTES = ".gitattributes"
_SECTION = "merge.dvcinc"
_SETTINGS = {
    "name": "what dvc repro writes",
    "driver": "dvcinc merge-file %O %A %B %P",
}


def install(path: Path, parts: Sequence[str] | None, step: Step) -> None:
    """Sets parts up in a repository, or takes them out; twice is as good as once.

    Args:
        path: The project directory.
        parts: Names of parts; `None` for all.
        step: Whether to set them up, or to take them out, and how far.

    Raises:
        GitError: The project is in no repository.
    """
    git = open_git(path)
    for name in parts or PARTS:
        show(PARTS[name](git, step))


def _merge_driver(git: Git, step: Step) -> str:
    # Reached inside the commands alone, as `stages` is.
    from dvcinc.adopt import ignored  # noqa: PLC0415

    attributes = git.project / ATTRIBUTES
    before = attributes.read_bytes() if attributes.is_file() else b""
    if not step.sets_up:
        after = ignored.without_attributes(before)
        stays = after != before and step is Step.TAKE_OUT
        if not stays:
            _write(attributes, before, after)
        if git.try_run("config", "--local", "--get-regexp", rf"^{_SECTION}\."):
            git.run("config", "--local", "--remove-section", _SECTION)
        said = f"; {ATTRIBUTES} is the team's, and stays (--all)" if stays else ""
        return f"merge driver: taken out of this clone{said}"
    after = ignored.with_attributes(before)
    settings = {f"{_SECTION}.{key}": value for key, value in _SETTINGS.items()}
    there = {key: git.try_run("config", "--local", "--get", key) for key in settings}
    if (after, settings) == (before, there):
        return "merge driver: set up already"
    _write(attributes, before, after)
    for key, value in settings.items():
        git.run("config", "--local", key, value)
    path = git.full(ATTRIBUTES)
    is_committed = not git.run("status", "--porcelain", "--", path)
    commit = "" if is_committed else f"commit {ATTRIBUTES}, and "
    return (
        f"merge driver: set up in this clone; {commit}let everybody run dvcinc install"
    )


def _write(path: Path, before: bytes, after: bytes) -> None:
    """Writes what has changed; a file that nothing is left of goes."""
    if after and after != before:
        put_file(after, path)
    elif not after and before:
        path.unlink()


PARTS: Mapping[str, Callable[[Git, Step], str]] = {
    MERGE_DRIVER: _merge_driver,
    HOOKS: hooks,
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
    from dvcinc.snapshot.dvcouts import LOCK  # noqa: PLC0415
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
