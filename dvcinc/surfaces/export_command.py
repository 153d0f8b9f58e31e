"""The options of `lineage export`; apart from the other commands, since there are many.

What a form means, and what it needs, is imported inside the command.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict, Unpack

import click

from dvcinc.surfaces.project_option import ProjectCommand

_FORMS = ("in-toto", "slsa", "openlineage", "cyclonedx", "model-card")
_ONLY: Mapping[str, tuple[str, ...]] = {
    "all": ("openlineage", "cyclonedx"),
    "builder": ("in-toto", "slsa"),
    "files": ("in-toto",),
    "base-model": ("model-card",),
    "dataset": ("model-card",),
    "emit": ("openlineage",),
}
"""Options that mean something to some forms alone."""


class _Added(TypedDict):
    """What a record cannot know."""

    repository: str | None
    builder: str | None
    base_model: str | None
    datasets: tuple[str, ...]
    files: bool


@click.command(cls=ProjectCommand)
@click.argument("name", required=False, metavar="[REV|DIGEST]")
@click.option("--format", "form", type=click.Choice(_FORMS), required=True)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="All models up to REV (openlineage, cyclonedx).",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write this file.",
)
@click.option("--repository", metavar="URL", help="The repository's page.")
@click.option("--builder", metavar="URI", help="What ran the training (in-toto, slsa).")
@click.option(
    "--files",
    is_flag=True,
    help="Name the model's files as well, out of DVC's cache (in-toto).",
)
@click.option("--base-model", metavar="ID", help="The base on a hub (model-card).")
@click.option(
    "--dataset",
    "datasets",
    multiple=True,
    metavar="ID",
    help="The training data on a hub (model-card).",
)
@click.option("--emit", metavar="URL", help="Send the events there (openlineage).")
@click.pass_obj
def export(
    project: Path,
    name: str | None,
    form: str,
    *,
    everything: bool,
    output: Path | None,
    emit: str | None,
    **added: Unpack[_Added],
) -> None:
    """Write where a model comes from in the form of a standard.

    in-toto: a Statement with SLSA v1 provenance. slsa: its predicate alone, for tools
    that name the subject and sign. openlineage: run events, as JSON lines. cyclonedx:
    an ML-BOM. model-card: Markdown, with what Hugging Face reads in front.
    """
    given = {
        "all": everything,
        "builder": added["builder"],
        "files": added["files"],
        "base-model": added["base_model"],
        "dataset": added["datasets"],
        "emit": emit,
    }
    for option, forms in _ONLY.items():
        if given[option] and form not in forms:
            raise click.UsageError(f"--{option} is for {' and '.join(forms)}")
    if emit and output:
        raise click.UsageError("--emit and --output exclude each other")
    from dvcinc.surfaces import exporting  # noqa: PLC0415

    asked = exporting.Asked(
        form=exporting.Form(form), name=name, everything=everything, **added
    )
    exporting.export(project, asked, output, emit)
