"""A recorded model is not trained twice: finds it in the cache or remote, by its lock.

DVC's run cache does this within one clone. Beyond it, any `dvc.lock` in history with
the same inputs names outs that a teammate may have pushed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from dvcinc.errors import DvcincError
from dvcinc.params import PATH as PARAMS
from dvcinc.snapshot.git import open_git
from dvcinc.snapshot.history import History
from dvcinc.snapshot.sources import CommitSource
from dvcinc.stages.bench import Bench
from dvcinc.stages.hashes import LOCK, LockedStage, dvc_hash, read_lock
from dvcinc.yaml import Json, compose

MAX_LOCKS = 500
"""How many versions of `dvc.lock` to look at, newest first."""


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
    """Where a stage with these inputs was run before."""

    commit: str
    outs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Restored:
    """A fetched out, and the stage's report of the commit that recorded it."""

    folder: Path
    report: bytes | None


def wanted(bench: Bench, stage: str, deps: tuple[str, ...], section: str) -> Wanted:
    """The inputs of a stage as they are in the work tree."""
    hashes = {dep: dvc_hash(bench.path(dep)) or "" for dep in deps}
    return Wanted(stage, hashes, section)


def recorded(project: Path, inputs: Wanted) -> Iterator[Recorded]:
    """The commits whose `dvc.lock` holds the stage with the same inputs."""
    git = open_git(project)
    head = git.head()
    if head is None:
        return
    path = project / PARAMS
    now = section(path.read_bytes() if path.is_file() else b"", inputs.section)
    with closing(History(git, head)) as history:
        for number, commit in enumerate(history.commits([LOCK])):
            if number >= MAX_LOCKS:
                return
            locked = _locked(history.read(commit, LOCK), inputs.stage)
            if locked and _matches(locked, inputs, now):
                yield Recorded(commit, locked.outs)


def restore(bench: Bench, inputs: Wanted, out: str, report: str) -> Restored | None:
    """Fetches a recorded out, from the cache or a remote.

    Args:
        bench: The stage at work.
        inputs: Its inputs now.
        out: The out's path from the project.
        report: The path of the stage's report, which Git holds.

    Returns:
        What was fetched, or `None` where nobody has it.
    """
    tried: set[str] = set()
    for found in recorded(bench.project, inputs):
        wanted_hash = found.outs.get(out)
        if wanted_hash is None or wanted_hash in tried:
            continue
        tried.add(wanted_hash)
        target = bench.scratch / "restored"
        shutil.rmtree(target, ignore_errors=True)
        if _fetch(bench, found.commit, out, target) and dvc_hash(target) == wanted_hash:
            bench.talk.say(f"{out}: restored, recorded at {found.commit[:10]}")
            source = CommitSource(open_git(bench.project), found.commit, found.commit)
            return Restored(target, source.read(report))
    return None


def _fetch(bench: Bench, commit: str, out: str, target: Path) -> bool:
    # Importing DVC takes a second; most runs never come here.
    from dvc.api import DVCFileSystem  # noqa: PLC0415
    from dvc.repo import Repo  # noqa: PLC0415

    project = bench.project.resolve()
    try:
        with Repo(str(project), subrepos=True) as here:
            # The default remote of today: that commit may be older than it.
            remote = here.config["core"].get("remote")
            root = Path(here.root_dir)
        path = (project.relative_to(root.resolve()) / out).as_posix()
        files = DVCFileSystem(str(root), rev=commit, remote=remote, subrepos=True)
        files.get(f"/{path}", str(target), recursive=True)
    except Exception as error:  # noqa: BLE001 - storage raises anything; training is the way out
        reason = str(error).partition("\n")[0] or type(error).__name__
        bench.talk.say(f"{out}: recorded at {commit[:10]}, but in no cache ({reason})")
        return False
    return True


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
