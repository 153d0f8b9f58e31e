"""`report` of the command line: parses, calls, and no more."""

from __future__ import annotations

from pathlib import Path

import click

_FILE = click.Path(path_type=Path, dir_okay=False)
_READ = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command()
@click.argument("revision", required=False, metavar="[REV]")
@click.option(
    "-o",
    "--output",
    type=_FILE,
    metavar="FILE",
    help="Where to write it [default: report.html; Markdown is printed].",
)
@click.option(
    "-n",
    "limit",
    type=click.IntRange(min=1),
    default=200,
    show_default=True,
    help="How many models.",
)
@click.option(
    "--compare",
    "comparison",
    type=_READ,
    metavar="FILE",
    help="Show how far metrics move from seed to seed, by dvcinc compare --json.",
)
@click.option("--markdown", "as_markdown", is_flag=True, help="For a pull request.")
@click.pass_obj
def report(
    project: Path,
    revision: str | None,
    output: Path | None,
    limit: int,
    comparison: Path | None,
    *,
    as_markdown: bool,
) -> None:
    """Write a page about the models of a branch: lineage, time saved, metrics, data.

    One HTML file that needs no network. REV is a branch, tag or commit; without it,
    HEAD and the work tree count.
    """
    from dvcinc.surfaces import reporting  # noqa: PLC0415

    wish = reporting.Wish(revision=revision, limit=limit, comparison=comparison)
    reporting.report(project, wish, output, as_markdown=as_markdown)
