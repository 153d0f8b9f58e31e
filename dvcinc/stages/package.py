"""Stage `package`: weights and tables to the model that is served; no TensorFlow."""

from __future__ import annotations

from pathlib import Path

from dvcinc.model.checkpoint import digest, load, save
from dvcinc.model.tables import package
from dvcinc.plan.delta import delta_digest
from dvcinc.plan.files import put_folder, read_folder
from dvcinc.plan.tables import read_tables_files
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
        tables = read_tables_files(files, TABLES)
        model = package(weights, tables, tables_digest=delta_digest(files))
        save(model, bench.scratch / "nlu")
        put_folder(bench.scratch / "nlu", bench.path(MODEL))
        talk.say(f"package: {MODEL} is {digest(model)[:19]}…")
