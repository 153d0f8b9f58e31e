"""Gathers what a plan is made from: the plan at HEAD, and the bases that might fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

from dvcinc.corpus.values import Corpus
from dvcinc.errors import InputError
from dvcinc.plan.base import Base, read_base
from dvcinc.plan.candidates import (
    WORKTREE,
    Named,
    beside,
    earlier,
    in_conflict,
    named_at,
    named_in,
)
from dvcinc.plan.document import PATH, PlanDocument, read_plan
from dvcinc.plan.find import Finder
from dvcinc.plan.info import FOLDER, current_versions
from dvcinc.plan.project import Project
from dvcinc.plan.situation import Committed, Situation
from dvcinc.snapshot.read import Snapshot

if TYPE_CHECKING:
    from dvcinc.plan.load import Loader


def situation(
    project: Project, now: Snapshot, old: str | None, *, tolerant: bool = False
) -> Situation:
    """What the plan for a snapshot is made from.

    Args:
        project: The project.
        now: The snapshot to plan for.
        old: The commit whose plan holds; `None` before the first commit.
        tolerant: Whether a pipeline that cannot be trained is only a warning.

    Raises:
        InputError: The plan at the commit cannot be understood.
    """
    data = project.plan_data(old) if old else None
    held = committed(project, old, data) if old and data is not None else None
    return Situation(
        now=now,
        committed=held,
        candidates=tuple(_candidates(project, now.commit, held, old)),
        earlier=cache(partial(_earlier, project, now.commit, old)) if old else tuple,
        load=_loading(project, now.corpus),
        is_cut_off=project.git.is_shallow,
        versions=current_versions(),
        commit=old,
        tolerant=tolerant,
    )


def committed(project: Project, commit: str, data: bytes) -> Committed:
    """The plan that a commit holds.

    Args:
        project: The project.
        commit: The commit.
        data: The bytes of its plan.

    Raises:
        InputError: It cannot be understood.
    """
    document = read_plan(data, f"{commit[:10]}:{PATH}")
    return Committed(
        document=document,
        data=data,
        snapshot=cache(partial(_planned, project, commit, document)),
    )


def _planned(project: Project, commit: str, document: PlanDocument) -> Snapshot | None:
    side = Finder(project.git, commit, project.ledger).plan(document)
    return project.reader.snapshot(side.source) if side else None


def worktree_base(project: Project) -> Base | None:
    """The base in the work tree, if its files are those that `base.json` says."""
    from dvcinc.plan.files import read_folder, standing  # noqa: PLC0415

    folder = standing(project.path / FOLDER)
    if folder is None:
        return None
    try:
        return read_base(read_folder(folder), FOLDER)
    except InputError:
        return None


def _loading(project: Project, now: Corpus) -> Callable[[Named], Corpus | None]:
    """Loads bases; what differs is mostly enough, and asks for none."""

    @cache
    def loader() -> Loader:
        from dvcinc.plan.load import Loader  # noqa: PLC0415

        return Loader(
            path=project.path,
            git=project.git,
            ledger=project.ledger,
            reader=project.reader,
            now=now,
            here=partial(worktree_base, project),
            fetch=project.fetch,
        )

    return lambda named: loader().load(named)


def _candidates(
    project: Project, now: str | None, committed: Committed | None, old: str | None
) -> Iterator[Named]:
    """HEAD's base, the work tree's, those of a merge: `dvcinc.plan.candidates`.

    Args:
        project: The project.
        now: The commit to plan for, if it is one.
        committed: The plan at HEAD.
        old: The commit at HEAD.
    """
    if committed is not None and old is not None:
        info = committed.document.base
        yield Named(f"the plan at {old[:10]}", info, old)
    # What a commit needs does not depend on what happens to lie in the work tree.
    if now is None:
        yield from _worktree(project, old)
    if old is not None:
        commits = beside(project.git, old, is_open=now is None)
        yield from named_at(project.git, commits)


def _worktree(project: Project, old: str | None) -> Iterator[Named]:
    """The bases that the work tree's `plan.json` names.

    A base in `plan/base` that it does not name is a leftover: `git checkout`
    without `dvc checkout` leaves that of another commit behind.
    """
    data = project.worktree().read(PATH)
    if data is None:
        return
    try:
        yield Named(WORKTREE, named_in(data), old)
    except InputError:
        if old is not None:
            yield from in_conflict(project.git, old)


def _earlier(project: Project, now: str | None, old: str) -> list[Named]:
    """The bases of all plans behind a commit, and behind what is merged into it."""
    heads = [old, *beside(project.git, old, is_open=now is None)]
    return list(earlier(project.git, heads))
