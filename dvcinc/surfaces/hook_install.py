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
from dvcinc.surfaces import hook_scripts, precommit_config
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
    if step is Step.SET_UP:
        return f"hooks: {_set_up(git, project)}"
    takings = _takings(git, project, whole=step is Step.TAKE_ALL)
    return f"hooks: {'; '.join(takings) or 'there were none'}"


def _set_up(git: Git, project: str) -> str:
    config = git.top / precommit_config.PATH
    if config.is_file():
        return "; ".join((_in_config(config, project), *_once(git, project)))
    for manager in _MANAGERS:
        if any((git.top / mark).exists() for mark in manager.marks):
            words = [
                "dvcinc",
                "hook",
                "check",
                *(["--project", project] * bool(project)),
            ]
            add = manager.add.format(
                command=shlex.join(words),
                words=", ".join(words),
                url=URL,
            )
            return (
                f"{manager.name} writes the hooks here; nothing is changed. Add {add}"
            )
    folder = _folder(git)
    return f"{_where(git, folder)}: {hook_scripts.add(folder, project)}"


def _in_config(config: Path, project: str) -> str:
    before = config.read_bytes()
    try:
        after = precommit_config.with_hook(before, project)
    except InputError as error:
        hint = f"add to its repos: {flow(project, TAG)}"
        raise InputError(error.message, hint) from error
    if after == before:
        return f"{config.name} has them already"
    put_file(after, config)
    return (
        f"{HOOK} stands in {config.name}; commit it, and let "
        "everybody run pre-commit install"
    )


def _once(git: Git, project: str) -> Iterator[str]:
    """Takes out what would check a second time beside pre-commit."""
    folder = _folder(git)
    if hook_scripts.remove(folder, project):
        yield f"taken out of {_where(git, folder)}, so that it checks once"


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
    folder = _folder(git)
    if hook_scripts.remove(folder, project):
        yield f"taken out of {_where(git, folder)}"


def _folder(git: Git) -> Path:
    found = git.run("rev-parse", "--git-path", "hooks").decode().rstrip("\n")
    return git.top / found


def _where(git: Git, folder: Path) -> str:
    """The folder of hooks, in words; whose it is, where that is not plain."""
    other = git.try_run("config", "core.hooksPath")
    return f"{folder}, where core.hooksPath leads" if other else ".git/hooks"
