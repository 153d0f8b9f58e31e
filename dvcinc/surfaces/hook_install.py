"""The part `hooks` of `install`: pre-commit's configuration, or git's own hooks.

Who manages hooks otherwise is told what to add: such tools write hooks themselves.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dvcinc.errors import InputError
from dvcinc.plan.files import put_file
from dvcinc.release import TAG, URL
from dvcinc.snapshot.git import Git
from dvcinc.snapshot.hookfolder import KEY, HookFolder, hook_folder
from dvcinc.surfaces import hook_scripts, precommit_config
from dvcinc.surfaces.hook_scripts import Written
from dvcinc.surfaces.precommit_entry import HOOK, flow
from dvcinc.surfaces.step import Step


class _Manager(NamedTuple):
    """A tool that writes git's hooks: its name, what tells of it, what to add where."""

    name: str
    marks: tuple[str, ...]
    add: str


_LEFTHOOK = tuple(
    f"{folder}lefthook.{suffix}"
    for folder in ("", ".", ".config/")
    for suffix in ("yml", "yaml", "toml", "json", "jsonc")
)
_MANAGERS = (
    _Manager("husky", (".husky",), "a line of .husky/pre-commit: {command}"),
    _Manager(
        "lefthook",
        _LEFTHOOK,
        "below pre-commit: commands: of its file: dvcinc: {{run: {command}}}",
    ),
    _Manager(
        "overcommit",
        (".overcommit.yml",),
        "below PreCommit: of .overcommit.yml: Dvcinc: {{enabled: true, "
        "required_executable: dvcinc, command: [{words}]}}",
    ),
    _Manager(
        "simple-git-hooks",
        (".simple-git-hooks.json", "simple-git-hooks.json"),
        '"pre-commit" of its file: {command}',
    ),
    _Manager("prek", ("prek.toml",), "a repo of prek.toml: {url}, dvcinc-check"),
)


def hooks(git: Git, step: Step) -> str:
    """Sets the hook up, or takes it out, and says what it has done.

    Raises:
        InputError: Something is in the way, which people have to decide about.
    """
    project = git.prefix.rstrip("/")
    if git.bare:
        return "hooks: a bare repository makes no commits"
    if step.sets_up:
        folder, is_shared = hook_folder(git), step is Step.SHARE
        new, said = planned(git.top, project, folder, is_shared=is_shared)
        if new is not None:
            hook_scripts.put(new)
        return f"hooks: {'; '.join((said, *_once(git, project, folder)))}"
    takings = _takings(git, project, whole=step is Step.TAKE_ALL)
    return f"hooks: {'; '.join(takings) or 'there were none'}"


def planned(
    top: Path, project: str, folder: HookFolder, *, is_shared: bool = False
) -> tuple[Written | None, str]:
    """The file that hooks are set up by, `None` where it is so; and what it does.

    Args:
        top: The top of the repository.
        project: The project from there; empty for the top itself.
        folder: Where Git looks for hooks.
        is_shared: Whether other repositories may get them, too.

    Raises:
        InputError: Something is in the way, which people have to decide about.
    """
    config = top / precommit_config.PATH
    if config.is_file():
        return _in_config(config, project)
    for manager in _MANAGERS:
        if any((top / mark).exists() for mark in manager.marks):
            return None, _by_hand(manager, project)
    new, said = hook_scripts.with_check(folder.path, project)
    if new is not None and folder.sharing and not is_shared:
        raise _shared(folder)
    return new, f"{_where(folder)}: {said}"


def _by_hand(manager: _Manager, project: str) -> str:
    words = ["dvcinc", "hook", "check", *(["--project", project] * bool(project))]
    listed = ", ".join(words)
    add = manager.add.format(command=shlex.join(words), words=listed, url=URL)
    return f"{manager.name} writes the hooks here; nothing is changed. Add {add}"


def _shared(folder: HookFolder) -> InputError:
    own = shlex.quote(str(folder.own))
    here = f"git config --local {KEY} {own}" if folder.named else "remove that link"
    return InputError(
        f"hooks are looked for in {folder.path}, where {folder.sharing} leads: what is "
        "written there runs in other repositories, too",
        f"{here}, and those there run here no more; or, if all are to have it, "
        "dvcinc install --hooks --shared-hooks",
    )


def _in_config(config: Path, project: str) -> tuple[Written | None, str]:
    before = config.read_bytes()
    try:
        after = precommit_config.with_hook(before, project)
    except InputError as error:
        hint = f"add to its repos: {flow(project, TAG)}"
        raise InputError(error.message, hint) from error
    if after == before:
        return None, f"{config.name} has them already"
    said = f"{HOOK} stands in {config.name}; commit it, and let "
    return Written(config, before, after), f"{said}everybody run pre-commit install"


def _once(git: Git, project: str, folder: HookFolder) -> Iterator[str]:
    """Takes out what would check a second time beside pre-commit."""
    by_pre_commit = (git.top / precommit_config.PATH).is_file()
    # What others share may be there for them.
    is_own = by_pre_commit and not folder.sharing
    if is_own and hook_scripts.remove(folder.path, project):
        yield f"taken out of {_where(folder)}, so that it checks once"


def _takings(git: Git, project: str, *, whole: bool) -> Iterator[str]:
    config = git.top / precommit_config.PATH
    if config.is_file():
        before = config.read_bytes()
        after = precommit_config.without_hook(before, project)
        if after != before and whole:
            put_file(after, config)
            yield f"taken out of {config.name}"
        elif after != before:
            yield f"{config.name} is the team's, and stays (--all)"
    folder = hook_folder(git)
    if hook_scripts.remove(folder.path, project):
        yield f"taken out of {_where(folder)}"


def _where(folder: HookFolder) -> str:
    """The folder of hooks, in words; whose it is, where that is not plain."""
    if folder.named:
        return f"{folder.path}, where {KEY} leads"
    return ".git/hooks"
