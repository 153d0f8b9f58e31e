"""The commands below `dvcinc hook`: each parses, calls, and exits with what it says."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

_Command = Callable[..., None]
_MESSAGE = click.argument(
    "message", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False)
)


@click.group()
def hook() -> None:
    """Check a commit or a push; git and pre-commit call these."""


def _shared(command: _Command) -> _Command:
    """The options that pre-commit's `args` put behind the subcommand."""
    command = click.option(
        "--strict", is_flag=True, help="Fail, too, where nothing can be told."
    )(command)
    return click.option(
        "--project",
        "projects",
        type=click.Path(path_type=Path, file_okay=False),
        multiple=True,
        metavar="DIR",
        help="A project directory; may be repeated [default: all that are touched].",
    )(command)


def _given(projects: tuple[Path, ...]) -> list[Path]:
    """Those behind the subcommand, else the one before it."""
    above: Any = click.get_current_context().find_root().params.get("project")
    return list(projects) or ([] if above is None else [above])


@hook.command()
@_shared
def check(projects: tuple[Path, ...], *, strict: bool) -> None:
    """Stop a commit that needs training from scratch which nobody has done.

    DVCINC_TRAINING_MODE=scratch says that it is meant.
    """
    from dvcinc.surfaces import hooks  # noqa: PLC0415

    sys.exit(hooks.check(_given(projects), strict=strict))


@hook.command()
@_shared
def warn(projects: tuple[Path, ...], *, strict: bool) -> None:
    """Say what `check` says, and stop nothing."""
    from dvcinc.surfaces import hooks  # noqa: PLC0415

    sys.exit(hooks.warn(_given(projects), strict=strict))


@hook.command("commit-msg")
@_MESSAGE
@_shared
def commit_msg(message: Path, projects: tuple[Path, ...], *, strict: bool) -> None:
    """Check, and take the trailer `Training-Mode: scratch` of FILE for an answer."""
    from dvcinc.surfaces import hooks  # noqa: PLC0415

    sys.exit(hooks.commit_msg(_given(projects), message, strict=strict))


@hook.command("prepare-commit-msg")
@_MESSAGE
@click.argument("source", default="")
@click.argument("commit", default="")
@_shared
def prepare_commit_msg(
    message: Path,
    source: str,
    commit: str,  # noqa: ARG001 - git gives it
    projects: tuple[Path, ...],
    *,
    strict: bool,
) -> None:
    """Write the trailer `Training-Mode` into FILE, or a comment that tells of it."""
    from dvcinc.surfaces import hooks  # noqa: PLC0415

    sys.exit(hooks.prepare(_given(projects), message, source, strict=strict))


@hook.command("pre-push")
@click.argument("remote", default="")
@click.argument("url", default="")
@_shared
def pre_push(
    remote: str,
    url: str,  # noqa: ARG001 - git gives it
    projects: tuple[Path, ...],
    *,
    strict: bool,
) -> None:
    """Check what is pushed: the range that pre-commit names, or git on stdin."""
    from dvcinc.surfaces import hooks  # noqa: PLC0415

    sys.exit(hooks.pre_push(_given(projects), remote, strict=strict))
