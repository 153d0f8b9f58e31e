"""The command line: each command parses, calls, prints; the work is done elsewhere.

Imports stand inside the commands, so that `--help` and a hook start in a blink.
"""

from __future__ import annotations

from pathlib import Path

import click

from dvcinc import __version__
from dvcinc.surfaces.adopt_commands import doctor, init
from dvcinc.surfaces.comment_command import comment
from dvcinc.surfaces.compare_command import compare
from dvcinc.surfaces.ending import to_the_end
from dvcinc.surfaces.hook_commands import hook
from dvcinc.surfaces.lineage_commands import lineage
from dvcinc.surfaces.place import nearest_project
from dvcinc.surfaces.project_option import ProjectGroup, project_type
from dvcinc.surfaces.report_command import report
from dvcinc.surfaces.sides import sides

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def run() -> None:
    """Runs the command line, and exits."""
    to_the_end(cli)


@click.group(cls=ProjectGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="%(version)s")
@click.option(
    "--project",
    type=project_type(),
    default=None,
    envvar="DVCINC_PROJECT",
    metavar="DIR",
    help="The project directory [default: the nearest with a dvc.yaml or params.yaml].",
)
@click.pass_context
def cli(context: click.Context, project: Path | None) -> None:
    """Incremental training for assistants whose data lie in Git and DVC.

    dvcinc decides from the Git diff whether a commit needs no training, a refresh, a
    fine-tune or training from scratch, says why with file and line, and lets a plain
    `dvc repro` run just the right stage.
    """
    context.obj = project or nearest_project(Path())


@cli.command()
@click.argument("base", required=False)
@click.argument("head", required=False)
@click.option("--staged", is_flag=True, help="Judge what is staged, against BASE.")
@_JSON
@click.option("--md", "as_markdown", is_flag=True, help="Print Markdown.")
@click.option("--sarif", "as_sarif", is_flag=True, help="Print SARIF 2.1.0.")
@click.option(
    "--exit-code",
    "with_code",
    is_flag=True,
    help="Exit by what is left to run: 0 none, 10 refresh, 11 finetune, 20 scratch.",
)
@click.option(
    "--fetch",
    is_flag=True,
    help="Fetch what this clone lacks, from DVC's and Git's remotes.",
)
@click.option(
    "--split",
    "by_file",
    is_flag=True,
    help="Say also which files would need less alone.",
)
@click.pass_obj
def classify(  # noqa: PLR0913 - one for each option
    project: Path,
    base: str | None,
    head: str | None,
    *,
    staged: bool,
    as_json: bool,
    as_markdown: bool,
    as_sarif: bool,
    with_code: bool,
    fetch: bool,
    by_file: bool,
) -> None:
    """Say what training a change needs, and why.

    Compares HEAD with the work tree; BASE and HEAD are revisions. A..B compares two
    revisions, A...B their merge base with B.
    """
    forms = {"json": as_json, "md": as_markdown, "sarif": as_sarif}
    if sum(forms.values()) > 1:
        raise click.UsageError("--json, --md and --sarif exclude each other")
    from dvcinc.surfaces import judging  # noqa: PLC0415

    wanted = sides(base, head, staged=staged)
    form = next((form for form, asked in forms.items() if asked), "text")
    judging.classify(
        project, wanted, form, with_code=with_code, fetch=fetch, by_file=by_file
    )


cli.add_command(comment)


@cli.command()
@_JSON
@click.option(
    "--exit-code",
    "with_code",
    is_flag=True,
    help="Exit by what a repro takes, as classify does; 0 where all is up to date.",
)
@click.pass_obj
def status(project: Path, *, as_json: bool, with_code: bool) -> None:
    """Say what the next `dvc repro` will run, and why."""
    from dvcinc.surfaces.status import show_status  # noqa: PLC0415

    show_status(project, as_json=as_json, with_code=with_code)


@cli.command()
@click.option("--dry-run", is_flag=True, help="Say what would be done; do nothing.")
@_JSON
@click.pass_obj
def resolve(project: Path, *, dry_run: bool, as_json: bool) -> None:
    """Put right what a merge leaves in conflict of what `dvc repro` writes.

    Touches dvc.lock, plan/plan.json, metrics.json, lineage.json, reports and plots,
    and stages them; trains nothing.
    """
    from dvcinc.surfaces.resolving import resolve as put_right  # noqa: PLC0415

    put_right(project, dry_run=dry_run, as_json=as_json)


cli.add_command(init)
cli.add_command(doctor)


@cli.command()
@click.option("--merge-driver", is_flag=True, help="Let git merge without conflicts.")
@click.option("--hooks", is_flag=True, help="Check each commit, by pre-commit or git.")
@click.option(
    "--uninstall",
    is_flag=True,
    help="Take out of this clone what install has set up; the team's files stay.",
)
@click.option("--all", "everything", is_flag=True, help="Of the team's files as well.")
@click.option(
    "--shared-hooks",
    "shared",
    is_flag=True,
    help="Write hooks where other repositories share them, too.",
)
@click.pass_obj
def install(
    project: Path,
    *,
    merge_driver: bool,
    hooks: bool,
    uninstall: bool,
    everything: bool,
    shared: bool,
) -> None:
    """Set dvcinc up in this repository: all parts, or those that are named."""
    from dvcinc.surfaces import installing  # noqa: PLC0415
    from dvcinc.surfaces.step import Step  # noqa: PLC0415

    if everything and not uninstall:
        raise click.UsageError("--all goes with --uninstall")
    if shared and uninstall:
        raise click.UsageError("--shared-hooks and --uninstall exclude each other")
    out = Step.TAKE_ALL if everything else Step.TAKE_OUT
    into = Step.SHARE if shared else Step.SET_UP
    named = {"merge-driver": merge_driver, "hooks": hooks}
    parts = [name for name, is_wanted in named.items() if is_wanted]
    installing.install(project, parts or None, out if uninstall else into)


@cli.command("merge-file", cls=click.Command, hidden=True)
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
@click.argument("path")
def merge_file(base: Path, ours: Path, theirs: Path, path: str) -> None:
    """Merge one file that `dvc repro` writes; git calls this."""
    from dvcinc.surfaces.installing import merge_file as merge  # noqa: PLC0415

    merge(base, ours, theirs, path)


@cli.command()
@click.argument("revision", required=False, metavar="[RANGE]")
@click.option(
    "-n",
    "limit",
    type=click.IntRange(min=1),
    help="How many commits [default: 20, or all of a range A..B].",
)
@_JSON
@click.option("--md", "as_markdown", is_flag=True, help="Print Markdown.")
@click.pass_obj
def log(
    project: Path,
    revision: str | None,
    limit: int | None,
    *,
    as_json: bool,
    as_markdown: bool,
) -> None:
    """Say what training each commit of RANGE needed, and the main reason.

    RANGE is a revision or A..B, by default HEAD; each commit is judged against its
    first parent.
    """
    if as_json and as_markdown:
        raise click.UsageError("--json and --md exclude each other")
    from dvcinc.surfaces.looking_back import show_log  # noqa: PLC0415

    wanted = revision or "HEAD"
    most = limit if limit or ".." in wanted else 20
    form = "json" if as_json else "md" if as_markdown else "text"
    show_log(project, wanted, most, form)


@cli.command(cls=click.Command)
@click.argument("code", required=False, metavar="[CODE]")
@_JSON
def explain(code: str | None, *, as_json: bool) -> None:
    """Explain a rule, such as DI201; without CODE, list all of them."""
    from dvcinc.surfaces import explaining  # noqa: PLC0415

    explaining.explain(code, as_json=as_json)


@cli.command()
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option(
    "--model",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The packaged model [default: models/nlu of the project].",
)
@_JSON
@click.pass_obj
def predict(
    project: Path, texts: tuple[str, ...], model: Path | None, *, as_json: bool
) -> None:
    """Say what texts mean, one a line from stdin without TEXT."""
    from dvcinc.surfaces.predicting import predict as answer  # noqa: PLC0415

    answer(project, model, texts, as_json=as_json)


cli.add_command(lineage)
cli.add_command(compare)
cli.add_command(report)
cli.add_command(hook)


@cli.group()
def stage() -> None:
    """Run one stage; dvc.yaml calls these."""


def _stage(name: str, text: str) -> None:
    def command(project: Path) -> None:
        from dvcinc.surfaces.staging import run_stage  # noqa: PLC0415

        run_stage(name, project)

    stage.command(name, help=text)(click.pass_obj(command))


_stage("plan", "Choose the base; write plan/base, plan/delta, plan/tables, plan.json.")
_stage("train", "Train the base from scratch: plan/base to models/base.")
_stage("finetune", "Learn plan/delta on top of models/base: models/weights.")
_stage("package", "Put weights and tables together: models/nlu.")
_stage("evaluate", "Test models/nlu on the test data: metrics.json and plots.")
_stage("record", "Write where the model comes from: lineage.json.")
_stage("verify", "Compare models/nlu with models/base, intent by intent; or fail.")
