"""`init` and `doctor` of the command line: each parses, calls, and no more."""

from __future__ import annotations

from pathlib import Path

import click

from dvcinc.surfaces.project_option import ProjectCommand, given_project


@click.command(cls=ProjectCommand)
@click.option("--dry-run", is_flag=True, help="Show all changes as a diff; make none.")
@click.option("--git", is_flag=True, help="Run git init, if it is needed.")
@click.option("--dvc", is_flag=True, help="Run dvc init, if it is needed.")
@click.option(
    "--test-split",
    "share",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    metavar="SHARE",
    help="Move this share of the examples to a test file, if there is no test data.",
)
@click.option("--no-test", is_flag=True, help="Leave out the stage evaluate.")
@click.option("--no-hooks", is_flag=True, help="Set up no Git hooks.")
@click.option(
    "--workflow",
    "host",
    type=click.Choice(["github", "gitlab"]),
    help="Whose CI to write workflows for [default: by the remote's address].",
)
@click.option("--no-workflow", is_flag=True, help="Write no workflow for CI.")
@click.option("--train-in-ci", "train", is_flag=True, help="Let CI train pushes, too.")
@click.option(
    "--source",
    metavar="OWNER/REPO@COMMIT",
    help="Where CI takes dvcinc from [default: its release, or what pip took].",
)
@click.pass_context
def init(  # noqa: PLR0913 - one for each option
    context: click.Context,
    *,
    dry_run: bool,
    git: bool,
    dvc: bool,
    share: float | None,
    no_test: bool,
    no_hooks: bool,
    host: str | None,
    no_workflow: bool,
    train: bool,
    source: str | None,
) -> None:
    """Set dvcinc up in a Rasa project: dvc.yaml, params.yaml, .gitignore, hooks.

    Works in the current directory, or that of --project. Keeps what is there, and
    refuses to write over what is not its own; run twice, it changes nothing.
    """
    if share is not None and no_test:
        raise click.UsageError("--test-split and --no-test exclude each other")
    if no_workflow and (host or train or source):
        raise click.UsageError(
            "--no-workflow excludes --workflow, --train-in-ci and --source"
        )
    from dvcinc.surfaces.initialising import Asked, initialise  # noqa: PLC0415

    asked = Asked(
        dry_run=dry_run,
        git=git,
        dvc=dvc,
        share=share,
        test=not no_test,
        hooks=not no_hooks,
        workflow=not no_workflow,
        host=host,
        train=train,
        source=source,
    )
    # A project above is none that this directory should become.
    initialise(given_project(context) or Path(), asked)


@click.command(cls=ProjectCommand)
@click.option("--online", is_flag=True, help="Ask the DVC remote whether it is there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def doctor(project: Path, *, online: bool, as_json: bool) -> None:
    """Look over programs, repository, settings and data; say what to do.

    Exits with 1 if there is a problem; warnings are none.
    """
    from dvcinc.surfaces.doctoring import examine  # noqa: PLC0415

    examine(project, online=online, as_json=as_json)
