"""A chain of real models, one of each kind, and the hand that forges them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
from e2e.project import NEW_INTENT, SYNONYMS, Project, create, nlu

from dvcinc.lineage.record import Lineage, Record, read_lineage
from dvcinc.model.checkpoint import digest, save
from dvcinc.model.document import Model
from dvcinc.stages.hashes import dvc_hash, md5_of

LINEAGE, LOCK, PLAN = "lineage.json", "dvc.lock", "plan/plan.json"
METRICS = "metrics.json"
REPORT = "reports/finetune.json"
GREETINGS = ("howdy partner", "howdy", "greetings friend")


def make_chain(folder: Path) -> Project:
    """Base, fine-tune, refresh, a base on a branch, a merge, a restored model.

    All of it is in a remote, and in the cache.
    """
    project = create(folder / "first")
    project.run("dvc", "remote", "add", "-q", "-d", "store", str(folder / "store"))
    project.repro()
    project.commit("base")
    project.git("checkout", "-q", "-b", "intent")
    project.write("data/nlu/transfer.yml", nlu({"transfer_money": NEW_INTENT}))
    project.repro()
    project.commit("an intent")
    project.git("checkout", "-q", "main")
    project.add_examples("greet", *GREETINGS)
    project.repro()
    project.commit("fine-tuned")
    project.write("data/nlu/synonyms.yml", SYNONYMS + "    - york city\n")
    project.repro()
    project.commit("refreshed")
    project.run("git", "merge", "-q", "intent", check=False)
    project.dvcinc("resolve")
    project.repro()
    project.commit("merged")
    project.run("dvc", "push", "-q", "--all-commits")
    project.git("clone", "-q", str(project.path), str(folder / "chain"))
    there = Project(folder / "chain")
    # As before the merge, but for a table: the cache is empty, the remote has all.
    there.git("rm", "-q", "data/nlu/transfer.yml")
    there.write("data/nlu/synonyms.yml", SYNONYMS + "    - the city of york\n")
    there.repro()
    there.commit("restored")
    there.run("dvc", "push", "-q")
    there.run("dvc", "fetch", "-q", "--all-commits")
    return there


def lineage_at(project: Project, commit: str) -> Lineage:
    """The `lineage.json` of a commit."""
    return read_lineage(project.git("show", f"{commit}:{LINEAGE}").encode())


def record(project: Project, which: str = "model") -> Record:
    """A record of the work tree's `lineage.json`."""
    return getattr(read_lineage(project.read(LINEAGE).encode()), which)


def rerecord(project: Project, which: str, **said: object) -> None:
    """Writes another record; everything in the file goes with it."""
    before = read_lineage(project.read(LINEAGE).encode())
    forged = replace(getattr(before, which), **said)
    project.write(LINEAGE, replace(before, **{which: forged}).to_bytes().decode())


def edit(project: Project, path: str, change) -> None:
    """Changes a JSON document, and writes it as dvcinc does."""
    said = json.loads(project.read(path))
    change(said)
    project.write(path, json.dumps(said, indent=2, ensure_ascii=False) + "\n")


def swap_in_lock(project: Project, old: str, new: str) -> None:
    """Puts one hash in the place of another, wherever `dvc.lock` has it."""
    text = project.read(LOCK)
    assert old in text
    project.write(LOCK, text.replace(old, new))


def relock(project: Project, *paths: str) -> None:
    """Makes `dvc.lock` agree with committed files that were changed."""
    for path in paths:
        md5 = md5_of((project.path / path).read_bytes())
        entry = re.compile(rf"(- path: {re.escape(path)}\n +hash: md5\n +md5: )\w+")
        text, count = entry.subn(rf"\g<1>{md5}", project.read(LOCK))
        assert count, path
        project.write(LOCK, text)


def stored(project: Project, md5: str) -> Path:
    """The file of a hash in the cache, made writable."""
    path = project.path / ".dvc/cache/files/md5" / md5[:2] / md5[2:]
    path.chmod(0o644)
    return path


def inner(project: Project, md5: str, name: str) -> str:
    """The hash of a file of a stored directory."""
    listed = json.loads(stored(project, md5).read_bytes())
    return next(one["md5"] for one in listed if one["relpath"] == name)


def store(project: Project, model: Model, folder: Path) -> str:
    """Saves a model and puts it into the cache as DVC does; its hash."""
    save(model, folder)
    listed = []
    for path in sorted(folder.iterdir()):
        listed.append({"md5": md5_of(path.read_bytes()), "relpath": path.name})
        _put(project, listed[-1]["md5"], path.read_bytes())
    data = json.dumps(listed).encode()
    assert dvc_hash(folder) == f"{md5_of(data)}.dir"
    _put(project, f"{md5_of(data)}.dir", data)
    return f"{md5_of(data)}.dir"


def _put(project: Project, md5: str, data: bytes) -> None:
    path = project.path / ".dvc/cache/files/md5" / md5[:2] / md5[2:]
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_bytes(data)


def trained_otherwise(model: Model) -> Model:
    """A sound model with other weights; nothing in it tells."""
    name = min(model.tensors)
    return replace(
        model, tensors={**model.tensors, name: model.tensors[name] + np.float32(0.01)}
    )


def put_in_record(project: Project, which: str, model: Model, folder: Path) -> None:
    """Puts a model in the place of a recorded one, wherever that is named."""
    dvc = store(project, model, folder)
    swap_in_lock(project, record(project, which).dvc, dvc)
    rerecord(project, which, digest=digest(model), dvc=dvc)
    if which == "base":
        rerecord(project, "model", parent=digest(model))
    relock(project, LINEAGE)
