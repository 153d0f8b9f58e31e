"""What a merge leaves in conflict to what `dvc repro` can go on from; trains nothing.

Only what `dvc repro` writes is touched: all of it follows the side whose base the plan
for the merged data chooses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from dvcinc.errors import CheckError, DvcincError
from dvcinc.params import PATH as PARAMS
from dvcinc.plan.document import PATH as PLAN
from dvcinc.plan.document import PlanDocument, read_plan
from dvcinc.plan.files import put_file
from dvcinc.plan.make import make_plan
from dvcinc.plan.project import Project
from dvcinc.snapshot import dvcconflict
from dvcinc.snapshot.dvclock import read_lock
from dvcinc.snapshot.dvcouts import LOCK, POINTER
from dvcinc.snapshot.files import covers, uncovered
from dvcinc.stages.hashes import dvc_hash
from dvcinc.stages.lockmerge import MergedLock, Side, merge_locks
from dvcinc.stages.pipeline import DVC_YAML
from dvcinc.stages.sides import Sides, read_sides
from dvcinc.stages.status import Status, status

WORKTREE = "work tree"


class Action(Enum):
    """What becomes of a file."""

    TAKEN = "taken"
    MERGED = "merged"
    REMOVED = "removed"
    KEPT = "kept"
    LEFT = "left in conflict"


@dataclass(frozen=True, slots=True)
class Resolved:
    """What becomes of one file."""

    path: str
    action: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """How a conflict is put right.

    Attributes:
        side: Whose files are taken: `ours`, `theirs` or `work tree`; `None` where
            nothing of `dvc repro` is in conflict.
        files: What becomes of each file.
        stages: The stages in `dvc.lock` that are for a person to decide.
        others: Other files below the project that are still in conflict.
        status: What the next `dvc repro` will do.
    """

    side: str | None
    files: tuple[Resolved, ...]
    stages: tuple[str, ...]
    others: tuple[str, ...]
    status: Status


def resolve(project: Project, *, dry_run: bool) -> Resolution:
    """Puts right what is in conflict.

    Args:
        project: The project.
        dry_run: Whether only to say what would be done.

    Raises:
        CheckError: Data that the plan is made from are in conflict, too.
        DvcincError: The data cannot be used.
    """
    sides = read_sides(project.git)
    planned = _plan(project, sides)
    if not sides.in_conflict():
        return _report(project, sides, None, _Work({}, None))
    side = _nearest(sides, planned)
    if _stands(project, sides):
        work = _standing(project, sides, side)
    else:
        work = _work(project, sides, side)
    if not dry_run:
        _do(project, work)
    return _report(project, sides, work.side, work)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be done.

    Attributes:
        files: What each file will say; `None` takes it away, or keeps it as it stands
            where the side is the work tree.
        lock: `dvc.lock`, where its stages have to be merged.
        side: Whose files they are.
    """

    files: Mapping[str, bytes | None]
    lock: MergedLock | None
    side: str | None = None

    def action(self, path: str) -> Action:
        """What becomes of a file."""
        if path == LOCK and self.lock is not None and self.lock.conflicts:
            return Action.LEFT
        if self.side == WORKTREE:
            return Action.KEPT
        if path == LOCK and self.lock is not None:
            return Action.MERGED
        return Action.REMOVED if self.files[path] is None else Action.TAKEN


def _plan(project: Project, sides: Sides) -> PlanDocument:
    """The plan for the data as they are merged.

    Raises:
        CheckError: They are not merged yet.
    """
    _refuse(p for p in sides.unmerged if p in (PARAMS, DVC_YAML))
    source = project.worktree()
    data = project.reader.params(source).data
    paths = (*data.nlu, *data.domain, data.config)
    held = [p for p in sides.unmerged if covers(paths, p.removesuffix(POINTER))]
    for path in held:
        if path.endswith(POINTER):
            text = dvcconflict.said(path, (project.path / path).read_bytes())
            raise CheckError(text, f"{dvcconflict.way_out(path)}; then dvcinc resolve")
    _refuse(held)
    now = project.snapshot(source)
    _refuse(sides.unmerged.keys() & set(uncovered(now.corpus, ())))
    head = project.git.head()
    return make_plan(project.situation(now, head, tolerant=True)).document


def _refuse(unmerged: Iterable[str]) -> None:
    """Conflicts that only a person can decide, and the plan depends on."""
    paths = sorted(unmerged)
    if paths:
        raise CheckError(
            f"{', '.join(paths)}: in conflict, and the plan is made from it",
            "resolve it and git add it first, then run dvcinc resolve again",
        )


def _stands(project: Project, sides: Sides) -> bool:
    """Whether the files in the work tree are already what one `dvc repro` wrote."""
    source = project.worktree()
    try:
        locked = read_lock(source.read(LOCK) or b"")
        read_plan(source.read(PLAN) or b"")
    except DvcincError:
        return False
    outs = {path: md5 for stage in locked.values() for path, md5 in stage.outs.items()}
    return all(
        path in outs and dvc_hash(project.path / path) == outs[path]
        for path in (PLAN, *sides.in_conflict())
        if path != LOCK
    )


def _nearest(sides: Sides, planned: PlanDocument) -> Side:
    """The side after which `dvc repro` has least to do; HEAD's if they are equal."""
    return max(Side, key=lambda side: _agreement(sides.plan(side), planned))


def _agreement(side: PlanDocument | None, planned: PlanDocument) -> tuple[bool, ...]:
    if side is None:
        return (False, False, False, False, False)
    return (
        side.base.digest == planned.base.digest,
        side.delta.digest == planned.delta.digest,
        side.tables == planned.tables,
        side.corpus.digest == planned.corpus.digest,
        True,
    )


def _standing(project: Project, sides: Sides, side: Side) -> _Work:
    """Files that stay as they are; a stage of somebody else's is still not decided."""
    files = dict.fromkeys(sides.in_conflict())
    lock = _merged_lock(project, sides, side) if LOCK in files else None
    here = project.worktree().read(LOCK)
    if lock is not None and here is not None:
        lock = replace(lock, data=here, marked=here)
    return _Work(files, lock, WORKTREE)


def _work(project: Project, sides: Sides, side: Side) -> _Work:
    files = {path: sides.data(blob) for path, blob in sides.files(side).items()}
    lock = None
    if LOCK in sides.unmerged:
        lock = _merged_lock(project, sides, side)
    elif LOCK in files:
        lock = _own_entries(project, files[LOCK])
    if lock is not None:
        files[LOCK] = lock.data
    return _Work(files, lock, side.value)


def _merged_lock(project: Project, sides: Sides, side: Side) -> MergedLock:
    """One `dvc.lock` out of the versions that Git could not unite.

    Raises:
        InputError: A version cannot be understood.
    """
    base, ours, theirs = (sides.data(blob) for blob in sides.unmerged[LOCK])
    here = project.worktree().read(LOCK)
    try:
        read_lock(here or b"")
    except DvcincError:
        here = None
    # One that can be read was made by a person or by the merge driver.
    return merge_locks(base, ours, theirs, side, decided=here)


def _own_entries(project: Project, mine: bytes | None) -> MergedLock:
    """The `dvc.lock` that Git has merged, with a side's entries for dvcinc's stages."""
    return merge_locks(mine, mine, project.worktree().read(LOCK), Side.OURS)


def _do(project: Project, work: _Work) -> None:
    add = []
    for path in work.files:
        action = work.action(path)
        data = work.files[path]
        final = project.path / path
        if action is Action.REMOVED:
            final.unlink(missing_ok=True)
            project.git.run(
                "update-index", "--force-remove", "--", project.git.full(path)
            )
            continue
        if action is Action.LEFT and work.lock is not None:
            put_file(work.lock.marked, final)
            continue
        if action is not Action.KEPT and data is not None:
            put_file(data, final)
        add.append(path)
    if add:
        # Somebody may ignore what Git tracks all the same.
        project.git.run("add", "--force", "--", *map(project.git.full, add))


def _report(
    project: Project, sides: Sides, side: str | None, work: _Work
) -> Resolution:
    lock = work.files.get(LOCK)
    return Resolution(
        side=side,
        files=tuple(Resolved(path, work.action(path)) for path in sorted(work.files)),
        stages=work.lock.conflicts if work.lock else (),
        others=tuple(p for p in sides.unmerged if p not in sides.in_conflict()),
        status=status(project, lock),
    )
