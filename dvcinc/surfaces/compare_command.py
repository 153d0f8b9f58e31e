"""The options of `compare`; apart from the other commands, since there are many."""

from __future__ import annotations

from pathlib import Path

import click

_MOST_SEEDS = 100
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("revision", required=False, metavar="[REV]")
@click.option(
    "--seeds",
    type=click.IntRange(1, _MOST_SEEDS),
    default=3,
    show_default=True,
    metavar="N",
    help="Train N bases with their fine-tunes, and N from scratch.",
)
@click.option(
    "--base",
    metavar="REV",
    help="Fine-tune the base of this revision, whatever the policy says "
    "[default: the base that the plan chooses].",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--md", "as_markdown", is_flag=True, help="Print Markdown.")
@click.option("--html", type=_FILE, metavar="FILE", help="Write a page as well.")
@click.option(
    "--exit-code",
    "with_code",
    is_flag=True,
    help="Exit by the verdict: 0 within noise, 1 worse, 3 cannot tell.",
)
@click.option(
    "--fresh", is_flag=True, help="Train anew what is kept from earlier comparisons."
)
@click.pass_obj
def compare(  # noqa: PLR0913 - one for each option
    project: Path,
    *,
    revision: str | None,
    seeds: int,
    base: str | None,
    as_json: bool,
    as_markdown: bool,
    html: Path | None,
    with_code: bool,
    fresh: bool,
) -> None:
    """Say whether fine-tuning is as good as training from scratch.

    Trains the work tree's data, or those of REV, both ways in a temporary directory,
    tests all models on the same test data, and compares.
    """
    if as_json and as_markdown:
        raise click.UsageError("--json and --md exclude each other")
    from dvcinc.stages.compare import Wish  # noqa: PLC0415
    from dvcinc.surfaces.comparing import compare as tell  # noqa: PLC0415

    wish = Wish(revision=revision, base=base, seeds=seeds, is_fresh=fresh)
    form = "json" if as_json else "md" if as_markdown else "text"
    tell(project, wish, form, html, with_code=with_code)
