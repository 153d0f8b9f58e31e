"""Whether the model of a plan has been trained: what `dvc.lock` and the lineage say.

A plan alone proves nothing: `dvc repro plan` writes it, and so does a run that is
interrupted later. DVC writes into `dvc.lock` what each stage has read and written, and
the stage `record` names the data of models that it has held against the plan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dvcinc.errors import DvcincError, InputError
from dvcinc.params import PATH as PARAMS
from dvcinc.plan.info import PLAN, current_versions
from dvcinc.snapshot.dvcouts import LOCK, PIPELINE

if TYPE_CHECKING:
    from dvcinc.config import Params
    from dvcinc.plan.document import PlanDocument
    from dvcinc.snapshot.dvclock import LockedStage
    from dvcinc.snapshot.git import Git
    from dvcinc.snapshot.sources import Source
    from dvcinc.yaml import Json

_BASE = ("plan", "train")
_MODEL = (*_BASE, "finetune", "package")
_RECORD = "record"
_LINEAGE = "lineage.json"
_FITS = f"{PLAN} fits"
_FORCED = " (after dvc commit --force, run dvc repro --force)"


def runs(new: Source, stage: str) -> bool | None:
    """Whether a side's `dvc.yaml` has a stage of dvcinc's; `None` without that file."""
    try:
        data = new.read(PIPELINE)
    except DvcincError:
        return None
    return None if data is None else f"dvcinc stage {stage}".encode() in data


def is_trained(
    before: bytes | None, new: Source, params: Params, digest: str | None
) -> tuple[bool, str]:
    """Whether a side has a plan of its own for just its data, and its model trained.

    Args:
        before: The plan of the old side.
        new: The new side.
        params: Its parameters.
        digest: The digest of its corpus.

    Returns:
        Whether it has, and why a plan that is there does not count.
    """
    data = new.read(PLAN)
    if data is None or data == before:
        return False, ""
    # Most changes come without a plan.
    from dvcinc.plan.document import read_plan  # noqa: PLC0415

    try:
        plan = read_plan(data, PLAN)
    except InputError as error:
        return False, error.message
    note = _misfit(plan, params, digest) or _unproven(plan, _md5(data), new)
    return not note, note


def _misfit(plan: PlanDocument, params: Params, digest: str | None) -> str:
    """Why a plan is not that of the data and settings beside it; empty if it is."""
    if plan.corpus.digest != digest:
        return f"{PLAN} was made for other data than these"
    if not _is_of_params(plan, params):
        return f"{PLAN} was made with other settings than params.yaml has"
    if plan.base.versions != current_versions():
        return f"{PLAN} was made by another version of dvcinc"
    return ""


def _is_of_params(plan: PlanDocument, params: Params) -> bool:
    forced = plan.forced or not params.policy.forced
    learned = plan.delta.is_empty or plan.finetune == params.finetune
    return forced and learned and plan.base.train == params.train


def _unproven(plan: PlanDocument, md5: str, new: Source) -> str:
    """Why a side does not show that its plan's model has been trained."""
    from dvcinc.snapshot.dvclock import read_lock  # noqa: PLC0415 - as above

    try:
        data = new.read(LOCK)
        if data is None:
            return f"{_FITS}, but there is no {LOCK} to tell of a training from it"
        stages = read_lock(data)
    except DvcincError as error:
        return f"{_FITS}, but {error.message}"
    if not _follow(stages, _MODEL, {md5}):
        return f"{_FITS}, but {LOCK} tells of no training from it"
    if runs(new, _RECORD) is False:
        return ""
    record = stages.get(_RECORD)
    if record is None or record.deps.get(PLAN) != md5:
        return f"{_FITS}, but {LOCK} does not say that its model was recorded"
    return _unrecorded(plan, new)


def _unrecorded(plan: PlanDocument, new: Source) -> str:
    """Why the lineage is not that of a plan's model; `dvc commit` does not ask it."""
    from dvcinc.lineage.circumstances import recorded_lineage  # noqa: PLC0415

    lineage = recorded_lineage(new)
    if lineage is None:
        return f"{_FITS}, but there is no {_LINEAGE} that can be read"
    said = (lineage.base.data.digest, lineage.model.data.digest)
    if said != (plan.base.corpus, plan.corpus.digest):
        return f"{_FITS}, but {_LINEAGE} tells of another model{_FORCED}"
    return ""


def was_trained(git: Git, heads: Sequence[str], base: str) -> bool:
    """Whether history tells that a base has been trained, of which a plan tells.

    Args:
        git: The repository.
        heads: The commits to look back from.
        base: The base's digest.
    """
    from dvcinc.plan.candidates import versions  # noqa: PLC0415 - few reverts

    plans = versions(git, heads, PLAN)
    naming = {_md5(data) for _, data in plans if base.encode() in data}
    locks = versions(git, heads, LOCK)
    return any(_trains(data, naming) for _, data in locks)


def _trains(lock: bytes, plans: set[str]) -> bool:
    """Whether a `dvc.lock` tells of the training of a base from one of some plans."""
    from dvcinc.snapshot.dvclock import read_lock  # noqa: PLC0415 - as above

    if not any(md5.encode() in lock for md5 in plans):
        return False
    try:
        return _follow(read_lock(lock), _BASE, plans)
    except InputError:
        return False


def _follow(
    stages: Mapping[str, LockedStage], names: Sequence[str], plans: set[str]
) -> bool:
    """Whether each stage has read what those before wrote, from one of some plans.

    After an interrupted run, those that were not reached still name what they read
    before. What a stage is told by `params.yaml` has the stage's own name there.
    """
    first, made = stages.get(names[0]), dict[str, str]()
    for name in names:
        stage = stages.get(name)
        if first is None or stage is None or not _has_read(stage, made):
            return False
        told = _params(stage).get(name)
        if _params(first).get(name, told) != told:
            return False
        made |= stage.outs
    return made.get(PLAN) in plans


def _has_read(stage: LockedStage, made: Mapping[str, str]) -> bool:
    """Whether a stage has read what was made before, as it was made."""
    read = {path: md5 for path, md5 in stage.deps.items() if path in made}
    return bool(read or not made) and all(made[p] == md5 for p, md5 in read.items())


def _params(stage: LockedStage) -> Mapping[str, Json]:
    said = stage.params.get(PARAMS)
    return said if isinstance(said, dict) else {}


def _md5(data: bytes) -> str:
    """The hash by which `dvc.lock` names a file."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
