"""A recorded model is not trained twice: finds it in the cache or remote, by its lock.

DVC's run cache does this within one clone. Beyond it, any `dvc.lock` in history with
the same inputs names outs that a teammate may have pushed. A lock on a branch that was
never merged is no record: what somebody pushed beside a review shall not be served.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from dvcinc.errors import DvcincError
from dvcinc.params import PATH as PARAMS
from dvcinc.plan.base import FOLDER as BASE
from dvcinc.plan.base import Base, read_base
from dvcinc.plan.candidates import beside
from dvcinc.plan.files import read_folder
from dvcinc.snapshot.dvclock import LockedStage, read_lock
from dvcinc.snapshot.dvcouts import LOCK
from dvcinc.snapshot.git import Git, open_git
from dvcinc.snapshot.history import History
from dvcinc.snapshot.sources import CommitSource
from dvcinc.stages.bench import Bench
from dvcinc.stages.hashes import dvc_hash
from dvcinc.stages.paths import FINETUNE_CURVE, TRAIN_CURVE
from dvcinc.yaml import Json, compose

MAX_LOCKS = 500
"""How many versions of `dvc.lock` to look at, newest first."""
MAX_FETCHES = 3
"""How many outs to try; each may wait for a remote that does not answer."""
_INSTEAD = {
    BASE: "cut here",
    TRAIN_CURVE: "left empty",
    FINETUNE_CURVE: "left empty",
}
"""What becomes of an out that nobody has; models are trained."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A stage's inputs as they are now.

    Attributes:
        stage: Its name in `dvc.yaml`.
        deps: Paths to their hashes.
        section: The section of `params.yaml` that the stage depends on.
    """

    stage: str
    deps: Mapping[str, str]
    section: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where a stage with these inputs was run before; no commit is the work tree."""

    commit: str | None
    outs: Mapping[str, str]

    @property
    def place(self) -> str:
        """Where, for people."""
        return f"at {self.commit[:10]}" if self.commit else f"in {LOCK}"


@dataclass(frozen=True, slots=True)
class Restored:
    """A fetched out, and where it is recorded."""

    folder: Path
    found: Recorded


def wanted(bench: Bench, stage: str, deps: tuple[str, ...], section: str) -> Wanted:
    """The inputs of a stage as they are in the work tree."""
    hashes = {dep: dvc_hash(bench.path(dep)) or "" for dep in deps}
    return Wanted(stage, hashes, section)


def recorded(
    project: Path, inputs: Wanted, most: int = MAX_LOCKS
) -> Iterator[Recorded]:
    """Every `dvc.lock` that holds the stage with the same inputs.

    First the work tree's, then those of the history behind HEAD, then those of the
    history behind what is being merged.

    Args:
        project: The project directory.
        inputs: The stage's inputs.
        most: How many versions of `dvc.lock` to look at; one is the work tree's.
    """
    git = open_git(project)
    path = project / PARAMS
    now = section(path.read_bytes() if path.is_file() else b"", inputs.section)
    for commit, data in islice(_locks(git), most):
        locked = _locked(data, inputs.stage)
        if locked and _matches(locked, inputs, now):
            yield Recorded(commit, locked.outs)


def _locks(git: Git) -> Iterator[tuple[str | None, bytes | None]]:
    lock = git.project / LOCK
    yield None, lock.read_bytes() if lock.is_file() else None
    head = git.head()
    if head is None:
        return
    seen: set[str] = set()
    for start in (head, *beside(git, head, is_open=True)):
        with closing(History(git, start)) as history:
            for commit in history.commits([LOCK]):
                if commit not in seen:
                    seen.add(commit)
                    yield commit, history.read(commit, LOCK)


def restore(bench: Bench, inputs: Wanted, out: str) -> Restored | None:
    """Fetches a recorded out, from the cache or a remote.

    Args:
        bench: The stage at work.
        inputs: Its inputs now.
        out: The out's path from the project.

    Returns:
        What was fetched, or `None` where nobody has it; why is told.
    """
    for found in islice(_distinct(bench, inputs, out), MAX_FETCHES):
        target = bench.scratch / "restored"
        shutil.rmtree(target, ignore_errors=True)
        if _fetch(bench, found, out, target):
            if dvc_hash(target) == found.outs[out]:
                bench.talk.say(f"{out}: restored, recorded {found.place}")
                return Restored(target, found)
            bench.talk.warn(f"{out}: what was stored is not what {found.place} says")
    if open_git(bench.project).is_shallow():
        bench.talk.warn(
            f"{out}: history is cut off here, so it may be recorded and not be found; "
            "fetch the whole history (fetch-depth: 0)"
        )
    return None


def recorded_report(bench: Bench, found: Recorded, path: str) -> bytes | None:
    """The report of a recorded run, from Git; `None` where that has another, or none.

    DVC has taken the work tree's away before it runs the stage; HEAD may have it.
    """
    git = open_git(bench.project)
    commit = found.commit or git.head()
    data = CommitSource(git, commit, commit).read(path) if commit else None
    if data is None:
        return None
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return data if found.outs.get(path) == md5 else None


def fetched_curve(bench: Bench, found: Recorded, out: str) -> Path | None:
    """The curve of a recorded run, from the cache or a remote, if somebody has it."""
    target = bench.scratch / "curve"
    if out not in found.outs or not _fetch(bench, found, out, target):
        return None
    return target if dvc_hash(target) == found.outs[out] else None


def fetched_base(bench: Bench, commit: str) -> Base | None:
    """The base of the `dvc.lock` at a commit, from a remote, if somebody has it."""
    target = bench.scratch / "fetched"
    shutil.rmtree(target, ignore_errors=True)
    if not _fetch(bench, Recorded(commit, {}), BASE, target):
        return None
    try:
        return read_base(read_folder(target), BASE)
    except DvcincError as error:
        bench.talk.warn(f"{BASE} of {commit[:10]}: {error.message}")
        return None


def _distinct(bench: Bench, inputs: Wanted, out: str) -> Iterator[Recorded]:
    """Where the out is recorded, each of its contents once."""
    tried: set[str] = set()
    for found in recorded(bench.project, inputs):
        if out in found.outs and found.outs[out] not in tried:
            tried.add(found.outs[out])
            yield found


def _fetch(bench: Bench, found: Recorded, out: str, target: Path) -> bool:
    # Importing DVC takes a second; most runs never come here.
    from dvc.api import DVCFileSystem  # noqa: PLC0415
    from dvc.repo import Repo  # noqa: PLC0415

    project = bench.project.resolve()
    remote = None
    try:
        with Repo(str(project), subrepos=True) as here:
            # The default remote of today: that commit may be older than it.
            remote = here.config["core"].get("remote")
            root = Path(here.root_dir)
        path = (project.relative_to(root.resolve()) / out).as_posix()
        files = DVCFileSystem(str(root), rev=found.commit, remote=remote, subrepos=True)
        files.get(f"/{path}", str(target), recursive=True)
    except Exception as error:  # noqa: BLE001 - storage raises anything; training is the way out
        reason = str(error).partition("\n")[0] or type(error).__name__
        bench.talk.say(f"{out}: {_not_had(found, out, remote, reason)}")
        return False
    return True


def _not_had(found: Recorded, out: str, remote: str | None, reason: str) -> str:
    """Why a recorded out is not to be had, and what happens then."""
    if remote is not None:
        place = f"recorded {found.place}"
        return f"{place}, but not to be had (remote {remote}: {reason})"
    # Without a remote there is nothing to look into, and DVC's words mislead.
    instead = _INSTEAD.get(out, "trained here")
    return f"recorded {found.place}, and not in the cache; no remote: {instead}"


def _locked(data: bytes | None, stage: str) -> LockedStage | None:
    if data is None:
        return None
    try:
        return read_lock(data).get(stage)
    except DvcincError:
        return None


def _matches(locked: LockedStage, inputs: Wanted, now: Json) -> bool:
    params = locked.params.get(PARAMS)
    before = params.get(inputs.section) if isinstance(params, dict) else None
    same = all(locked.deps.get(path) == md5 for path, md5 in inputs.deps.items())
    return same and before == now


def section(data: bytes, name: str) -> Json:
    """A section of `params.yaml` as plain values, or `None`."""
    document = compose(data, PARAMS)
    value = document.value(document.root) if document.root is not None else {}
    return value.get(name) if isinstance(value, dict) else None
