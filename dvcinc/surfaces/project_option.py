"""The option `--project`, which may stand before the command's name or behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

_NAMES = frozenset({"project", "projects"})


class ProjectCommand(click.Command):
    """A command that takes `--project` itself, unless it has an option of that name."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:  # noqa: ANN401 - click's
        """Adds the option to those that the command has."""
        super().__init__(*arguments, **settings)
        if _NAMES.isdisjoint(param.name or "" for param in self.params):
            self.params.append(_option())


class ProjectGroup(click.Group):
    """A group whose commands, and those of groups in it, take `--project`."""

    command_class: type[click.Command] | None = ProjectCommand
    group_class: type[click.Group | type] | None = type


def project_type() -> click.Path:
    """What the option takes: a directory, there or not."""
    return click.Path(path_type=Path, file_okay=False)


def given_project(context: click.Context) -> Path | None:
    """The project that the command line names, the last one said; else none."""
    found: Path | None = context.meta.get(_KEY)
    return found or context.find_root().params["project"]


_KEY = f"{__name__}.given"


def _option() -> click.Option:
    return click.Option(
        ["--project"],
        type=project_type(),
        metavar="DIR",
        expose_value=False,
        callback=_take,
        help="The project directory; may stand before the command, too.",
    )


def _take(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.meta[_KEY] = value
        context.obj = value
