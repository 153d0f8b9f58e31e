"""`lineage …` of the command line: each command parses, calls, and no more."""

from __future__ import annotations

from pathlib import Path

import click

from dvcinc.surfaces.export_command import export
from dvcinc.surfaces.project_option import ProjectGroup

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_LIMIT = click.option(
    "-n",
    "limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="How many models.",
)


def _form(**asked: bool) -> str:
    """The one form that was asked for, else `text`.

    Raises:
        UsageError: Several were.
    """
    wanted = [form for form, is_asked in asked.items() if is_asked]
    if len(wanted) > 1:
        flags = " and ".join(f"--{form}" for form in wanted)
        raise click.UsageError(f"{flags} exclude each other")
    return wanted[0] if wanted else "text"


@click.group(cls=ProjectGroup)
def lineage() -> None:
    """Follow where models come from by Git history, and prove it."""


@lineage.command()
@click.argument("revision", required=False, metavar="[REV]")
@_LIMIT
@click.option("--all-projects", is_flag=True, help="Of all projects in the repository.")
@_JSON
@click.option("--md", "as_markdown", is_flag=True, help="Print Markdown.")
@click.pass_obj
def log(
    project: Path,
    revision: str | None,
    limit: int,
    *,
    all_projects: bool,
    as_json: bool,
    as_markdown: bool,
) -> None:
    """List the models of a branch, newest first, with the main reason of each.

    REV is a branch, tag or commit; without it, HEAD and the work tree count.
    """
    form = _form(json=as_json, md=as_markdown)
    from dvcinc.surfaces.following import show_log  # noqa: PLC0415

    show_log(project, revision, limit, form, everywhere=all_projects)


@lineage.command()
@click.argument("revision", required=False, metavar="[REV]")
@_LIMIT
@click.option("--mermaid", is_flag=True, help="Print a Mermaid flowchart.")
@click.option("--dot", is_flag=True, help="Print a graph for Graphviz.")
@_JSON
@click.pass_obj
def graph(
    project: Path,
    revision: str | None,
    limit: int,
    *,
    mermaid: bool,
    dot: bool,
    as_json: bool,
) -> None:
    """Draw the models of a branch, the bases they come from, branches and merges."""
    form = _form(mermaid=mermaid, dot=dot, json=as_json)
    from dvcinc.surfaces.graphing import show_graph  # noqa: PLC0415

    show_graph(project, revision, limit, form)


@lineage.command()
@click.argument("name", required=False, metavar="[REV|DIGEST]")
@_JSON
@click.pass_obj
def show(project: Path, name: str | None, *, as_json: bool) -> None:
    """Show everything that is known of one model.

    By its digest (four characters or more), or the one that a revision holds; without
    a name, the one in the work tree.
    """
    from dvcinc.surfaces.tracing import show_model  # noqa: PLC0415

    show_model(project, name, as_json=as_json)


@lineage.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="[B]", required=False)
@_JSON
@click.option("--md", "as_markdown", is_flag=True, help="Print Markdown.")
@click.pass_obj
def diff(
    project: Path, old: str, new: str | None, *, as_json: bool, as_markdown: bool
) -> None:
    """Say what data, settings and metrics lie between two models.

    A and B are revisions or digests; without B, the model in the work tree.
    """
    form = _form(json=as_json, md=as_markdown)
    from dvcinc.surfaces.tracing import show_difference  # noqa: PLC0415

    show_difference(project, old, new, form)


@lineage.command()
@click.argument("subject", metavar='INTENT|ENTITY|"TEXT"')
@click.option("--rev", "revision", metavar="REV", help="Look back from here [HEAD].")
@_JSON
@click.pass_obj
def blame(project: Path, subject: str, revision: str | None, *, as_json: bool) -> None:
    """Say which training first knew a label or an example, and who brought it."""
    from dvcinc.surfaces.blaming import show_blame  # noqa: PLC0415

    show_blame(project, subject, revision, as_json=as_json)


@lineage.command()
@click.argument("revision", required=False, metavar="[REV]")
@click.option("--all", "everything", is_flag=True, help="All models of its history.")
@click.option("--remote", is_flag=True, help="Fetch what the DVC cache lacks.")
@click.option("--rebuild", is_flag=True, help="Fine-tune again, and compare.")
@click.option("--rebuild-base", is_flag=True, help="Train bases again, and compare.")
@_JSON
@click.pass_obj
def verify(
    project: Path,
    revision: str | None,
    *,
    everything: bool,
    remote: bool,
    rebuild: bool,
    rebuild_base: bool,
    as_json: bool,
) -> None:
    """Prove a model's record: against Git, the model's bytes, and its data.

    Of the model and base that REV holds [HEAD]. Exit code 1: something is wrong; 3:
    something cannot be told here.
    """
    from dvcinc.stages.proving import Wish  # noqa: PLC0415
    from dvcinc.surfaces.verifying import show_proofs  # noqa: PLC0415

    wish = Wish(
        everything=everything, remote=remote, rebuild=rebuild, bases=rebuild_base
    )
    show_proofs(project, revision, wish, as_json=as_json)


lineage.add_command(export)
