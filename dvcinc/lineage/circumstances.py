"""What is told beside a decision: what trainings took, and how old the base is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dvcinc.config import Policy
from dvcinc.errors import DvcincError
from dvcinc.lineage.values import Cost
from dvcinc.plan.info import BaseInfo
from dvcinc.plan.project import Project
from dvcinc.snapshot.sources import Source

if TYPE_CHECKING:
    from dvcinc.lineage.record import Lineage

_SECONDS_PER_DAY = 86_400
_LINEAGE, _FINETUNE = "lineage.json", "reports/finetune.json"
_MAX_REPORT = 1 << 20


def recorded_lineage(source: Source) -> Lineage | None:
    """The lineage that a source holds, if it holds one that can be read."""
    try:
        data = source.read(_LINEAGE)
        if not data:
            return None
        # A team that records nothing need not know how.
        from dvcinc.lineage.record import read_lineage  # noqa: PLC0415

        return read_lineage(data)
    except DvcincError:
        return None


def recorded_cost(old: Source) -> Cost:
    """What the trainings took that a source's lineage records.

    Where its model was only packaged again, the stages' reports beside it still say
    what its training took.
    """
    lineage = recorded_lineage(old)
    if lineage is None:
        return Cost()
    finetuned = lineage.model.seconds if lineage.model.ran == "finetuned" else None
    if lineage.model.ran == "packaged":
        finetuned = _reported(old, _FINETUNE, "finetuned")
    trained = lineage.base.seconds if lineage.base.ran == "trained" else None
    return Cost(scratch_s=trained, finetune_s=finetuned)


def _reported(source: Source, path: str, ran: str) -> float | None:
    """The seconds of a stage's report, if it is there and that is what ran."""
    import json  # noqa: PLC0415 - few verdicts follow a refresh

    try:
        data = source.read(path)
        said = json.loads(data) if data and len(data) <= _MAX_REPORT else None
    except (DvcincError, ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.get("ran") != ran:
        return None
    seconds = said.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return float(seconds) if 0 <= seconds < math.inf else None


def age_warnings(
    project: Project, base: BaseInfo, policy: Policy, old: str
) -> list[str]:
    """A warning for an old base; never a rule, since a plan has no clock."""
    age, limit = age_days(project, base, old), policy.warn_age_days
    if age is None or age <= limit:
        return []
    told = f"the base is {age:.0f} days old (policy.warn_age_days: {limit:g})"
    return [f"{told}; policy.mode: scratch cuts a new one"]


def age_days(project: Project, base: BaseInfo, old: str) -> float | None:
    """How old a base was at a commit, in days; `None` where that cannot be told."""
    if base.commit is None:
        return None
    try:
        cut_at = project.git.commit_time(base.commit)
        return (project.git.commit_time(old) - cut_at) / _SECONDS_PER_DAY
    except DvcincError:
        return None
