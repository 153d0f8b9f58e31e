"""Where the stages' outs lie, as `dvc.yaml` names them."""

from __future__ import annotations

from dvcinc.lineage import measured, record
from dvcinc.plan.document import PATH as PLAN
from dvcinc.snapshot.dvcouts import LOCK

DELTA, TABLES = "plan/delta", "plan/tables"
BASE_MODEL, WEIGHTS, MODEL = record.BASE_OUT, "models/weights", record.MODEL_OUT
TRAIN_REPORT, FINETUNE_REPORT = "reports/train.json", "reports/finetune.json"
TRAIN_CURVE, FINETUNE_CURVE = "plots/train.csv", "plots/finetune.csv"
CONFUSION, ENTITIES, RESPONSES = (
    "plots/confusion.csv",
    "plots/entities.csv",
    "plots/responses.csv",
)
METRICS, INTENTS = measured.METRICS, measured.INTENTS
TRACKED = (
    LOCK,
    PLAN,
    METRICS,
    record.PATH,
    TRAIN_REPORT,
    FINETUNE_REPORT,
    TRAIN_CURVE,
    FINETUNE_CURVE,
    CONFUSION,
    INTENTS,
    ENTITIES,
    RESPONSES,
)
"""What `dvc repro` writes and Git may track: no merge needs a person for them."""
