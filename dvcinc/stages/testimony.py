"""What a commit holds beside `lineage.json`: lock, plan, metrics, reports; from Git."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from dvcinc.errors import DvcincError
from dvcinc.lineage.history import Version
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.plan.document import PATH as PLAN
from dvcinc.plan.document import PlanDocument, read_plan
from dvcinc.snapshot.dvclock import LockedStage, read_lock
from dvcinc.snapshot.dvcouts import LOCK
from dvcinc.snapshot.git import Git
from dvcinc.stages.hashes import md5_of
from dvcinc.stages.metrics import read_metrics
from dvcinc.stages.paths import FINETUNE_REPORT, METRICS, TRAIN_REPORT
from dvcinc.stages.reports import Report, read_report

Read = TypeVar("Read")

_REPORTS = (TRAIN_REPORT, FINETUNE_REPORT)
WITNESSES = (LOCK, LINEAGE, PLAN, METRICS, *_REPORTS)
"""What is committed with a model, as paths from the project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """What a commit says of the model that it holds.

    Attributes:
        git: The repository, as seen from where the project was then.
        commit: The commit's id.
        files: The witnesses that it has, by path.
        lock: The stages of its `dvc.lock`; none where that is missing or broken.
        plan: Its plan.
        metrics: Its metrics.
        reports: Its reports of trainings, by path.
        problems: Why a witness cannot be understood, by path.
    """

    git: Git
    commit: str
    files: Mapping[str, bytes]
    lock: Mapping[str, LockedStage] = field(default_factory=dict)
    plan: PlanDocument | None = None
    metrics: Mapping[str, float] | None = None
    reports: Mapping[str, Report] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The commit, for people."""
        return self.commit[:10]

    def place(self, path: str) -> str:
        """A file of the commit, for people."""
        return f"{self.name}:{self.git.full(path)}"

    def locked(self, out: str) -> str | None:
        """The hash that `dvc.lock` has for an out; `None` where it has none."""
        found = (stage.outs.get(out) for stage in self.lock.values())
        return next((md5 for md5 in found if md5), None)

    def md5(self, path: str) -> str:
        """The MD5 of a witness that it has."""
        return md5_of(self.files[path])


def testimony(git: Git, version: Version) -> Testimony:
    """Reads what lies beside a version of `lineage.json`."""
    git, commit = _seen_from(git, version.path), version.commit.name
    found = zip(WITNESSES, git.at(commit, WITNESSES), strict=True)
    files = {path: one.data for path, one in found if one and one.kind == "blob"}
    read = _Reading(files)
    reports = {path: read.said(path, read_report) for path in _REPORTS}
    return Testimony(
        git=git,
        commit=commit,
        files=files,
        lock=read.said(LOCK, read_lock) or {},
        plan=read.said(PLAN, read_plan),
        metrics=read.said(METRICS, _metrics),
        reports={path: report for path, report in reports.items() if report},
        problems=read.problems,
    )


def _seen_from(git: Git, path: str) -> Git:
    """The repository from where the project lay when its `lineage.json` lay there."""
    folder = posixpath.dirname(path)
    prefix = f"{folder}/" if folder else ""
    if prefix == git.prefix:
        return git
    return Git(git.top / folder, replace(git.found, prefix=prefix), git.objects)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads witnesses; what cannot be understood is a problem, and says nothing."""

    files: Mapping[str, bytes]
    problems: dict[str, str] = field(default_factory=dict)

    def said(self, path: str, read: Callable[[bytes, str], Read]) -> Read | None:
        """What a witness says, if there is one."""
        try:
            return read(self.files[path], path) if path in self.files else None
        except DvcincError as error:
            self.problems[path] = error.message
            return None


def _metrics(data: bytes, _: str) -> Mapping[str, float]:
    return read_metrics(data)
