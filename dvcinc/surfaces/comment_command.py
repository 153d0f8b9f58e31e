"""The options of `comment`; apart from the other commands, since there are many."""

from __future__ import annotations

import os
from pathlib import Path

import click

from dvcinc.surfaces.project_option import ProjectCommand

# What lies there is looked at where it is read: its name may be anybody's.
_DECISION = click.Path(path_type=Path)


@click.command(cls=ProjectCommand)
@click.option(
    "--from",
    "decisions",
    multiple=True,
    type=_DECISION,
    metavar="FILE",
    help="A decision of `classify --json`; again for each further project.",
)
@click.option(
    "--expect",
    "expected",
    multiple=True,
    metavar="PROJECT",
    help="With --from: a project to tell of; again for each. Others are passed over.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Print the Markdown; post nothing, and write neither summary nor outputs.",
)
@click.option(
    "--forge",
    type=click.Choice(["github", "gitlab"]),
    help="Where to post [default: to the forge whose job this is].",
)
@click.option("--strict", is_flag=True, help="Fail if something cannot be posted.")
@click.option(
    "--label/--no-label",
    default=True,
    help="Label the pull request with its mode [default: label].",
)
@click.option(
    "--status/--no-status",
    default=False,
    help="Set a commit status [default: no-status].",
)
@click.option(
    "--pr",
    "claimed",
    type=click.IntRange(min=1),
    metavar="N",
    help="The pull request's number; taken only if its head is what was judged.",
)
@click.option(
    "--within",
    "seconds",
    type=click.FloatRange(1, 600),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Try no longer than this.",
)
@click.option(
    "--dotenv",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write GitLab's report of variables for later jobs.",
)
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the decision to a file, for --from.",
)
@click.option(
    "--post/--no-post",
    default=True,
    help="With --no-post, tell the runner alone [default: post].",
)
@click.pass_obj
def comment(  # noqa: PLR0913 - one for each option
    project: Path,
    *,
    decisions: tuple[Path, ...],
    expected: tuple[str, ...],
    dry_run: bool,
    forge: str | None,
    strict: bool,
    label: bool,
    status: bool,
    claimed: int | None,
    seconds: float,
    dotenv: Path | None,
    save: Path | None,
    post: bool,
) -> None:
    """Post what a pull request needs, as one comment that is kept up to date.

    Without --from, the pull request that is checked out is judged. What cannot be
    posted stands in the step summary, or is printed.
    """
    if save is not None and decisions:
        raise click.UsageError("--save and --from exclude each other")
    if expected and not decisions:
        raise click.UsageError("--expect is of decisions that --from names")
    from dvcinc.forge.publish import Wish  # noqa: PLC0415
    from dvcinc.render.links import Forge  # noqa: PLC0415
    from dvcinc.surfaces.commenting import Wanted  # noqa: PLC0415
    from dvcinc.surfaces.commenting import comment as tell  # noqa: PLC0415

    wanted = Wanted(
        decisions=decisions,
        expected=expected,
        dry_run=dry_run,
        forge=Forge(forge) if forge else None,
        strict=strict,
        wish=Wish(label=label, status=status),
        claimed=claimed,
        seconds=seconds,
        dotenv=dotenv,
        save=save,
        post=post,
    )
    tell(project, wanted, os.environ)
