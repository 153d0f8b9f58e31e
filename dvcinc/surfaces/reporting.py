"""`report`: the models of a branch as a page, or as Markdown for a pull request."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dvcinc.errors import InputError
from dvcinc.lineage.seeds import Seeds, read_seeds
from dvcinc.lineage.story import story
from dvcinc.plan.files import put_file
from dvcinc.render.report.markdown import markdown
from dvcinc.render.report.page import Report, page
from dvcinc.render.words import plural, source
from dvcinc.snapshot.git import open_git
from dvcinc.surfaces.following import history_of
from dvcinc.surfaces.terminal import show, warn

DEFAULT = "report.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a report is asked of.

    Attributes:
        revision: Where to look back from; `None` for HEAD and the work tree.
        limit: How many models.
        comparison: What `compare --json` has written, where there is something.
    """

    revision: str | None
    limit: int
    comparison: Path | None


def report(path: Path, wish: Wish, output: Path | None, *, as_markdown: bool) -> None:
    """Writes a report, and says where; Markdown without a file is printed.

    Raises:
        DvcincError: There is no such revision, or the file cannot be read or written.
    """
    seeds = _seeds(wish.comparison)
    git = open_git(path)
    revision = wish.revision
    commit = git.commit(revision) if revision else git.head()
    history = history_of(git, commit, here=revision is None)
    found = Report(
        project=git.prefix.rstrip("/") or ".",
        revision=source(revision or "HEAD", commit),
        story=story(git, history, wish.limit),
        seeds=seeds,
    )
    for said in found.story.missing:
        warn(said)
    if as_markdown and output is None:
        show(markdown(found).rstrip("\n"))
        return
    said = markdown(found) if as_markdown else page(found)
    _write(output or Path(DEFAULT), said, len(found.story.told))


def _seeds(path: Path | None) -> Seeds | None:
    if path is None:
        return None
    try:
        return read_seeds(path.read_bytes(), str(path))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _write(path: Path, text: str, count: int) -> None:
    data = text.encode()
    try:
        put_file(data, path)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be written: {error.strerror}", "name another file with -o"
        ) from error
    show(f"{path}: {plural(count, 'model')}, {max(1, len(data) // 1000):,} kB")
