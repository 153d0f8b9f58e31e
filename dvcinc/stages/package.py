"""Stage `package`: weights and tables to the model that is served; no TensorFlow."""

from __future__ import annotations

from pathlib import Path

from dvcinc.model.checkpoint import digest, load, save
from dvcinc.model.document import Tables
from dvcinc.model.tables import package
from dvcinc.plan.delta import delta_digest
from dvcinc.plan.files import put_folder, read_folder
from dvcinc.plan.tables import TABLES_JSON, read_tables
from dvcinc.stages.bench import Talk, at_work
from dvcinc.stages.paths import MODEL, TABLES, WEIGHTS


def run_package(project: Path, talk: Talk) -> None:
    """Runs the stage.

    Raises:
        DvcincError: Weights or tables are missing, or do not fit each other.
    """
    with at_work(project, "package", talk) as bench:
        weights = load(bench.need(WEIGHTS, "finetune"))
        files = read_folder(bench.need(TABLES, "plan"))
        (said,) = [file for file in files if file.name == TABLES_JSON]
        planned = read_tables(said.content, f"{TABLES}/{TABLES_JSON}")
        tables = Tables(
            synonyms=planned.synonyms,
            responses=planned.responses,
            intent_renames=planned.intent_renames,
            entity_renames=planned.entity_renames,
            patterns=planned.patterns,
            config=planned.serving,
        )
        model = package(weights, tables, tables_digest=delta_digest(files))
        save(model, bench.scratch / "nlu")
        put_folder(bench.scratch / "nlu", bench.path(MODEL))
        talk.say(f"package: {MODEL} is {digest(model)[:19]}…")
