"""`init`: sets dvcinc up in a repository that is an assistant already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from dvcinc.changes import base_intent
from dvcinc.errors import DvcincError, InputError
from dvcinc.release import getting
from dvcinc.render.words import plural
from dvcinc.snapshot.files import covers
from dvcinc.snapshot.git import open_git
from dvcinc.snapshot.process import start_repository
from dvcinc.surfaces import installing
from dvcinc.surfaces.step import Step
from dvcinc.surfaces.terminal import painter, show
from dvcinc.text.visible import visible

if TYPE_CHECKING:
    from dvcinc.adopt.find import Found, Ground
    from dvcinc.adopt.initial import Adoption

_WIDTH = 14
_NAMED = 5
"""How many intents or warnings are told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asks for.

    Attributes:
        dry_run: Whether to show all changes and make none.
        git: Whether to make the directory a Git repository, if it lies in none.
        dvc: Whether to make it a DVC repository, likewise.
        share: Of the examples that are to become test data.
        test: Whether to evaluate, where there is test data.
        hooks: Whether to set up Git hooks.
        workflow: Whether to write workflows for CI.
        host: Whose CI: `github`, `gitlab`; `None` for the forge that is found.
        train: Whether CI is to train, too.
        source: Where CI takes dvcinc from.
    """

    dry_run: bool
    git: bool
    dvc: bool
    share: float | None
    test: bool
    hooks: bool
    workflow: bool
    host: str | None
    train: bool
    source: str | None

    @property
    def parts(self) -> list[str]:
        """What is to be set up in this clone."""
        return list(installing.PARTS) if self.hooks else [installing.MERGE_DRIVER]


def initialise(path: Path, asked: Asked) -> None:
    """Computes all changes, shows or makes them, and says what to do next.

    Raises:
        DvcincError: Nothing was changed, and why.
    """
    from dvcinc.adopt.find import ground  # noqa: PLC0415 - inside the command
    from dvcinc.adopt.initial import WORKFLOW, Wishes, prepare  # noqa: PLC0415
    from dvcinc.adopt.source import read_source  # noqa: PLC0415
    from dvcinc.adopt.workflows import Host  # noqa: PLC0415

    here = ground(path)
    if asked.dvc and here.git is None and not asked.git:
        raise InputError("dvc init needs a Git repository", "add --git")
    wishes = Wishes(
        share=asked.share,
        test=asked.test,
        without=frozenset() if asked.workflow else frozenset({WORKFLOW}),
        host=Host(asked.host) if asked.host else None,
        train=asked.train,
        source=read_source(asked.source) if asked.source else None,
    )
    found = prepare(here, wishes)
    show("\n".join(_found_lines(found, asked)))
    if not asked.dry_run:
        _make(here, asked, found)
    show("\n".join(_change_lines(here, found, dry_run=asked.dry_run)))
    if asked.dry_run:
        _preview(here, asked, found)
    else:
        _install(path, asked)
    show("\n".join(_next_lines(path, asked, found)))


# --- effects ----------------------------------------------------------------------


def _make(here: Ground, asked: Asked, found: Adoption) -> None:
    from dvcinc.adopt.repositories import dvc_missing  # noqa: PLC0415
    from dvcinc.adopt.write import write_all  # noqa: PLC0415

    with_dvc = asked.dvc and dvc_missing(here.project)
    if with_dvc and find_spec("dvc") is None:
        raise InputError("dvc is not installed", getting("train"))
    if asked.git and here.git is None:
        start_repository(here.project)
    if with_dvc:
        from dvcinc.stages.dvcinit import init_dvc  # noqa: PLC0415 - imports DVC

        init_dvc(here.project, subdir=bool(open_git(here.project).prefix))
    write_all(here.project, found.changes, here.top)


def _install(path: Path, asked: Asked) -> None:
    """Sets up what belongs to this clone, as `dvcinc install` does."""
    from dvcinc.adopt.find import ground  # noqa: PLC0415

    if ground(path).git is None:
        return
    for part in asked.parts:
        try:
            installing.install(path, [part], Step.SET_UP)
        except DvcincError as error:
            # The files are written; one hook that stands in the way spoils nothing.
            said = f"{part}: {error.message}: {error.hint}"
            show(f"{painter()('warning', 'yellow')}: {visible(said)}")


def _preview(here: Ground, asked: Asked, found: Adoption) -> None:
    """Shows all that would be done."""
    from dvcinc.adopt.repositories import dvc_init, dvc_missing  # noqa: PLC0415
    from dvcinc.surfaces.previewing import preview  # noqa: PLC0415

    with_git = asked.git and here.git is None
    with_dvc = asked.dvc and dvc_missing(here.project)
    commands = [*(["git init"] * with_git), *([dvc_init(here)] * with_dvc)]
    parts = asked.parts if here.git is not None or with_git else []
    preview(here, found.changes, commands, parts)


# --- what is told -----------------------------------------------------------------


def _found_lines(adoption: Adoption, asked: Asked) -> Iterator[str]:
    found = adoption.found
    corpus, data = found.corpus, found.data
    intents = len({base_intent(example.intent) for example in corpus.examples})
    examples = plural(len(corpus.examples), "example")
    yield f"found{' (as params.yaml says)' if found.named else ''}:"
    said = f"{examples} of {plural(intents, 'intent')}"
    yield _row("training data", ", ".join(data.nlu), said)
    # Where a domain would be looked for is no finding.
    there = [path for path in data.domain if covers(found.deps, path)]
    yield _row("domain", ", ".join(there) or "none")
    components = plural(len(corpus.config.pipeline), "component")
    language = corpus.config.language or "no language"
    yield _row("config", data.config, f"{language}, {components}")
    yield _row("tests", *_tests(found, adoption, asked))
    for warning in corpus.warnings[:_NAMED]:
        yield f"{painter()('warning', 'yellow')}: {visible(warning)}"
    if (more := len(corpus.warnings) - _NAMED) > 0:
        yield f"{painter()('warning', 'yellow')}: {more} more like these"


def _row(what: str, where: str, said: str = "") -> str:
    told = f"  ({said})" if said else ""
    return f"  {what:<{_WIDTH}} {visible(where)}{told}"


def _tests(found: Found, adoption: Adoption, asked: Asked) -> tuple[str, str]:
    if not found.tests:
        return "none", "evaluate is left out; --test-split 0.2 cuts some"
    where = ", ".join(found.tested)
    if not asked.test:
        return where, "evaluate is left out, as asked"
    if adoption.split is not None:
        return where, f"{plural(found.tests, 'example')}, cut from the training data"
    kept = "; nothing is split" if asked.share is not None else ""
    return where, f"{plural(found.tests, 'example')}{kept}"


def _change_lines(here: Ground, adoption: Adoption, *, dry_run: bool) -> Iterator[str]:
    if not adoption.changes:
        yield "nothing to write: all of it is there"
    else:
        yield "would write:" if dry_run else "wrote:"
    paths = [here.from_top(change.path) for change in adoption.changes]
    width = max([_WIDTH, *map(len, paths)])
    for path, change in zip(paths, adoption.changes, strict=True):
        new = "new: " if change.before is None else ""
        yield f"  {path:<{width}} {new}{change.about}"
    if adoption.split is not None and adoption.split.left:
        left = adoption.split.left
        more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
        yield f"  too few examples to test: {visible(', '.join(left[:_NAMED]))}{more}"
    for note in adoption.notes:
        yield f"{painter()('warning', 'yellow')}: {visible(note)}"


def _next_lines(path: Path, asked: Asked, adoption: Adoption) -> Iterator[str]:
    from dvcinc.adopt.repositories import next_steps  # noqa: PLC0415

    steps = list(
        next_steps(
            path,
            git=asked.git and asked.dry_run,
            dvc=asked.dvc and asked.dry_run,
            changed=bool(adoption.changes),
        )
    )
    yield "next:" if steps else "next: dvc repro, when data have changed"
    yield from (f"  {step}" for step in steps)
