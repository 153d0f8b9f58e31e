"""The reasons of a plan as the record of its model has them."""

from __future__ import annotations

from dvcinc.config import Mode
from dvcinc.lineage.record import ReasonRecord
from dvcinc.plan.document import PlanDocument

MAX_REASONS = 50


def reasons_of(plan: PlanDocument) -> tuple[ReasonRecord, ...]:
    """Why a model was made: the first of the reasons for which something had to run."""
    kept = [reason for reason in plan.reasons if reason.mode > Mode.NONE]
    return tuple(
        ReasonRecord(
            code=reason.code,
            text=reason.text,
            place=str(reason.places[0]) if reason.places else "",
        )
        for reason in kept[:MAX_REASONS]
    )
