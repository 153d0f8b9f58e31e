"""`init --dry-run`: what would be run, set up and written, each file as a diff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dvcinc.errors import InputError
from dvcinc.snapshot.hookfolder import HookFolder, hook_folder
from dvcinc.surfaces import precommit_config
from dvcinc.surfaces.hook_install import planned
from dvcinc.surfaces.installing import HOOKS
from dvcinc.surfaces.terminal import painter, show
from dvcinc.text.visible import visible

if TYPE_CHECKING:
    from dvcinc.adopt.find import Ground
    from dvcinc.adopt.write import Change

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def preview(
    here: Ground,
    changes: Sequence[Change],
    commands: Sequence[str],
    parts: Sequence[str],
) -> None:
    """Shows all that would be done, with paths from the top of the repository.

    Args:
        here: Where the assistant lies.
        changes: The files of the project that would be written.
        commands: What would be run before.
        parts: What would be set up in this clone.
    """
    hook, said = _hook(here) if HOOKS in parts else (None, "")
    is_tracked = hook is not None and hook.path == precommit_config.PATH
    if commands:
        show(f"would run: {', '.join(commands)}")
    if parts:
        show("would set up:")
    for part in parts:
        show(f"  {part}: {visible(said)}" if part == HOOKS else f"  {part}")
    if hook is not None and not is_tracked:
        # Indented, it is none of what `git apply` takes: that makes no hook.
        show("\n".join(f"    {row}" for row in _rows(hook)))
    files = [change._replace(path=here.from_top(change.path)) for change in changes]
    for change in [*files, *([hook] if hook is not None and is_tracked else [])]:
        show("\n".join(_rows(change)))


def _hook(here: Ground) -> tuple[Change | None, str]:
    """The file that hooks are set up by, as a change, and what it does."""
    from dvcinc.adopt.write import Change  # noqa: PLC0415 - inside the command

    top, git = here.top.resolve(), here.git
    own = top / ".git/hooks"
    folder = HookFolder(own, own) if git is None else hook_folder(git)
    project = "" if git is None else git.prefix.rstrip("/")
    try:
        new, said = planned(top, project, folder)
    except InputError as error:
        return None, f"{error.message}: {error.hint}"
    if new is None:
        return None, said
    inside = new.path.is_relative_to(top)
    path = new.path.relative_to(top) if inside else new.path
    return Change(path.as_posix(), new.before, new.after), said


def _rows(change: Change) -> Iterator[str]:
    from dvcinc.adopt.diff import diff  # noqa: PLC0415 - inside the command

    paint = painter()
    for number, row in enumerate(diff(change)):
        # The carriage return of a line of Windows is a part of the diff.
        end = "\r" if row.endswith("\r") else ""
        shown = visible(row.removesuffix("\r")) + end
        style = "bold" if number < 2 else _COLOURS.get(row[:1], "")  # noqa: PLR2004
        yield paint(shown, style) if style else shown
