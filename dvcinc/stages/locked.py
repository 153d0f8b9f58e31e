"""What `dvc.lock` says, held against what lies in the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dvcinc.errors import DvcincError
from dvcinc.params import PATH as PARAMS
from dvcinc.snapshot.dvclock import LockedStage, read_lock
from dvcinc.snapshot.dvcouts import LOCK
from dvcinc.stages.hashes import dvc_hash
from dvcinc.stages.restore import section
from dvcinc.yaml import Json


@dataclass(frozen=True, slots=True)
class Locked:
    """A project and the stages of its `dvc.lock`, by name; of none without one."""

    project: Path
    stages: Mapping[str, LockedStage]

    @classmethod
    def of(cls, project: Path, lock: bytes | None) -> Locked:
        """Reads a `dvc.lock`: the project's own, if no other is given.

        One that cannot be read holds no stages.
        """
        path = project / LOCK
        if lock is None and not path.is_file():
            return cls(project, {})
        try:
            return cls(project, read_lock(path.read_bytes() if lock is None else lock))
        except DvcincError:
            return cls(project, {})

    def here(self, path: str) -> str | None:
        """The hash of what lies at a path."""
        return dvc_hash(self.project / path)

    def dep(self, stage: str, path: str) -> str | None:
        """The hash of a dep when its stage last ran."""
        locked = self.stages.get(stage)
        return locked.deps.get(path) if locked else None

    def moved_deps(self, stage: str, but: str = "") -> str:
        """The deps of a stage that differ from what `dvc.lock` says of them."""
        locked = self.stages.get(stage)
        deps = dict(locked.deps) if locked else {}
        moved = [p for p, md5 in deps.items() if p != but and self.here(p) != md5]
        return ", ".join(moved)

    def moved_params(self, stage: str) -> str:
        """The parameters of a stage that differ from what `dvc.lock` says of them."""
        locked = self.stages.get(stage)
        return self.moved_in(locked) if locked else ""

    def moved_in(self, run: LockedStage) -> str:
        """The parameters here that differ from those of a run."""
        said = run.params.get(PARAMS)
        if not isinstance(said, dict):
            return ""
        path = self.project / PARAMS
        data = path.read_bytes() if path.is_file() else b""
        return ", ".join(name for name in said if _param(data, name) != said[name])

    def is_stale(self, stage: str) -> str:
        """What keeps a stage that follows the others from being up to date.

        Its deps are held against the outs that the lock has of other stages, whatever
        models this clone holds.
        """
        locked = self.stages.get(stage)
        if locked is None:
            return "it has not passed"
        made = {p: md5 for one in self.stages.values() for p, md5 in one.outs.items()}
        deps = locked.deps.items()
        moved = [p for p, md5 in deps if (made.get(p) or self.here(p)) != md5]
        moved += filter(None, [self.moved_params(stage)])
        moved += [p for p, md5 in locked.outs.items() if self.here(p) != md5]
        return f"{', '.join(moved)} changed" if moved else ""


def _param(data: bytes, name: str) -> Json:
    """A parameter by its dotted name, or `None`."""
    first, *rest = name.split(".")
    value = section(data, first)
    for key in rest:
        value = value.get(key) if isinstance(value, dict) else None
    return value
