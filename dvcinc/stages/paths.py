"""Where the stages' outs lie, as `dvc.yaml` names them."""

from __future__ import annotations

from dvcinc.lineage import measured, record, verified
from dvcinc.plan.document import PATH as PLAN
from dvcinc.snapshot.dvcouts import LOCK

DELTA, TABLES = "plan/delta", "plan/tables"
BASE_MODEL, WEIGHTS, MODEL = record.BASE_OUT, "models/weights", record.MODEL_OUT
TRAIN_REPORT, FINETUNE_REPORT = "reports/train.json", "reports/finetune.json"
VERIFY_REPORT = verified.PATH
TRAIN_CURVE, FINETUNE_CURVE = "plots/train", "plots/finetune"
ENTITIES, RESPONSES = "plots/entities.csv", "plots/responses.csv"
METRICS, INTENTS, CONFUSION = measured.METRICS, measured.INTENTS, measured.CONFUSION
TRACKED = (
    LOCK,
    PLAN,
    METRICS,
    record.PATH,
    TRAIN_REPORT,
    FINETUNE_REPORT,
    VERIFY_REPORT,
    CONFUSION,
    INTENTS,
    ENTITIES,
    RESPONSES,
)
"""What `dvc repro` writes and Git may track: no merge needs a person for them."""
