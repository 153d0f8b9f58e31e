"""Where the stages' outs lie, as `dvc.yaml` names them."""

from __future__ import annotations

from dvcinc.lineage import measured
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.plan.document import PATH as PLAN
from dvcinc.snapshot.dvcouts import LOCK

DELTA, TABLES = "plan/delta", "plan/tables"
BASE_MODEL, WEIGHTS, MODEL = "models/base", "models/weights", "models/nlu"
TRAIN_REPORT, FINETUNE_REPORT = "reports/train.json", "reports/finetune.json"
TRAIN_CURVE, FINETUNE_CURVE = "plots/train", "plots/finetune"
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
    LINEAGE,
    TRAIN_REPORT,
    FINETUNE_REPORT,
    CONFUSION,
    INTENTS,
    ENTITIES,
    RESPONSES,
)
"""What `dvc repro` writes and Git may track: no merge needs a person for them."""
