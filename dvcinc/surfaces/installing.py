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
_COMMENT = (
    "# Written by dvc repro: merged by dvcinc install, put right by dvcinc resolve."
)


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
    attributes = git.project / ATTRIBUTES
    before = attributes.read_bytes() if attributes.is_file() else b""
    after = _without(before) if uninstall else _with(before)
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


def _own_lines() -> list[bytes]:
    # `stages` is reached inside the commands alone.
    from dvcinc.stages.paths import TRACKED  # noqa: PLC0415

    return [
        line.encode() for line in (_COMMENT, *(f"/{p} merge=dvcinc" for p in TRACKED))
    ]


def _with(before: bytes) -> bytes:
    """The attributes with dvcinc's lines, behind what is there."""
    end = b"\r\n" if b"\r\n" in before else b"\n"
    there = {line.strip() for line in before.splitlines()}
    missing = [line for line in _own_lines() if line not in there]
    head = before + end if before and not before.endswith(b"\n") else before
    return head + b"".join(line + end for line in missing)


def _without(before: bytes) -> bytes:
    """The attributes without dvcinc's lines, and nothing else changed."""
    own = set(_own_lines())
    lines = before.splitlines(keepends=True)
    return b"".join(line for line in lines if line.strip() not in own)


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
