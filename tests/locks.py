"""`dvc.lock` and `lineage.json` as `dvc repro` leaves them, without its trainings."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable
from pathlib import Path

from ruamel.yaml import YAML

from dvcinc.adopt.pipeline import Stage, stages
from dvcinc.config import Mode, Target
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.lineage.record import DataRecord, Lineage, Record
from dvcinc.plan.document import PATH as PLAN
from dvcinc.plan.document import PlanDocument, read_plan
from dvcinc.snapshot.dvcouts import LOCK
from dvcinc.stages.hashes import dvc_hash
from dvcinc.stages.restore import section

STAGES = stages((), ())
"""Those that `dvcinc init` writes where there is no test data, in order."""


def reproduced(project: Path, last: str = "record") -> None:
    """Writes what DVC and the stages write behind a plan that lies there.

    Args:
        project: Where the plan stage has just run.
        last: The last stage that runs before the run is interrupted: `plan` for
            `dvc repro plan`, `record` for all of them.
    """
    lock = _read(project)
    names = [stage.name for stage in STAGES]
    for stage in STAGES[: names.index(last) + 1]:
        if stage.name == "record":
            plan = read_plan((project / PLAN).read_bytes())
            (project / LINEAGE).write_bytes(lineage(plan).to_bytes())
        lock[stage.name] = _run(project, stage, lock)
    _write(project, lock)


def locked(project: Path, stage: str, out: str) -> None:
    """Writes the hash of an out as it lies there, as `dvc commit` does."""
    lock = _read(project)
    for entry in lock[stage]["outs"]:
        if entry["path"] == out:
            entry["md5"] = dvc_hash(project / out)
    _write(project, lock)


def _read(project: Path) -> dict[str, dict]:
    """The stages that are locked; none where a merge left the file in conflict."""
    path = project / LOCK
    data = path.read_bytes() if path.exists() else b"stages: {}"
    return {} if b"<<<<<<<" in data else YAML(typ="safe").load(data)["stages"]


def _write(project: Path, lock: dict[str, dict]) -> None:
    text = io.StringIO()
    YAML().dump({"schema": "2.0", "stages": lock}, text)
    (project / LOCK).write_text(text.getvalue(), encoding="utf-8")


def _run(project: Path, stage: Stage, lock: dict[str, dict]) -> dict:
    """A stage's entry; an out that is trained has the hash of all that it follows."""
    made = {o["path"]: o["md5"] for s in lock.values() for o in s["outs"]}
    deps = [entry.path for entry in stage.lists.get("deps", ())]
    read = {path: dvc_hash(project / path) or made[path] for path in deps}
    params = project / "params.yaml"
    data = params.read_bytes() if params.exists() else b""
    names = [entry.path for entry in stage.lists.get("params", ())]
    said = {name: found for name in names if (found := section(data, name))}
    follows = json.dumps([stage.name, read, said])
    wrote = {
        out.path: dvc_hash(project / out.path) or _hash(f"{out.path} of {follows}")
        for out in stage.outs
    }
    return {
        "cmd": stage.command,
        "deps": _entries(read.items()),
        "params": {"params.yaml": said},
        "outs": _entries(wrote.items()),
    }


def _hash(said: str) -> str:
    return hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()


def _entries(hashes: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"path": p, "hash": "md5", "md5": md5} for p, md5 in sorted(hashes)]


def lineage(plan: PlanDocument) -> Lineage:
    """The record of a plan's models."""
    base = _record(
        plan,
        mode=Mode.SCRATCH,
        ran="trained",
        data=DataRecord(
            digest=plan.base.corpus,
            examples=plan.base.examples,
            intents=plan.base.intents,
            entities=plan.base.entities,
        ),
    )
    model = _record(
        plan,
        mode=plan.targets[Target.NLU],
        ran="passed on" if plan.delta.is_empty else "finetuned",
        data=DataRecord(
            digest=plan.corpus.digest,
            examples=plan.corpus.examples,
            intents=plan.corpus.intents,
            entities=plan.corpus.entities,
            added=plan.delta.added,
            removed=plan.delta.removed,
        ),
        parent=base.digest,
    )
    return Lineage(base=base, model=model)


def _record(
    plan: PlanDocument, *, mode: Mode, ran: str, data: DataRecord, parent: str = ""
) -> Record:
    return Record(
        digest=f"sha256:{_hash(data.digest)}",
        dvc=f"{_hash(ran + data.digest)}.dir",
        mode=mode,
        ran=ran,
        parent=parent or None,
        data=data,
        reasons=(),
        preset=plan.preset,
        commit=plan.base.commit,
        seconds=1.0,
        steps=1,
    )
