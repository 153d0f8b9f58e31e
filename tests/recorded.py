"""A project whose models nobody trained, but whose records are of its real data."""

from __future__ import annotations

from dataclasses import replace

from corpora import nlu_yaml
from lineages import digest, lineage, record

from dvcinc.lineage.history import read_history
from dvcinc.lineage.models import models
from dvcinc.lineage.record import DataRecord
from dvcinc.plan.project import open_project

FILE = "lineage.json"
NLU = "data/nlu.yml"
CONFIG = "language: en\npipeline: [{name: WhitespaceTokenizer}]\n"
GREET = "greet: hi | hello\nbye: ciao | so long\n"
ORDER = f"{GREET}order: a coffee | a tea please\n"


def nlu(lines):
    """The files of a project with these examples."""
    return {NLU: nlu_yaml(lines), "config.yml": CONFIG, "domain.yml": "intents: []\n"}


def record_of(made, name, base="base", **said):
    """The bytes of a `lineage.json` for a model of the data in the work tree."""
    return lineage_of(made, name, base, **said).to_bytes()


def lineage_of(made, name, base="base", **said):
    """The lineage of a model of the data in the work tree."""
    project = open_project(made.path)
    sums = project.ledger.sums(project.ledger.side(project.worktree()))
    data = DataRecord(digest=sums.digest, examples=4, intents=2, entities=0)
    found = lineage(name, base, **{"data": data, **said})
    trained = DataRecord(digest=sums.trained_digest, examples=4, intents=2, entities=0)
    return replace(found, base=record(base, data=trained))


def trained(made, name, lines=None, message="", base="base", **said):
    """Trains and commits with the data, as people do; the commit's id."""
    if lines is not None:
        made.write(nlu(lines))
    made.write({FILE: record_of(made, name, base, **said)})
    return made.commit(message=message or f"model {name}")


def known(made, revision="HEAD"):
    """The project, its history up to a revision, and the models in it."""
    project = open_project(made.path)
    history = read_history(project.git, project.git.commit(revision))
    return project, history, models(history.versions)


def name_of(model):
    """What the test calls a model."""
    return NAMES[model.digest]


NAMES = {digest(name): name for name in ("a", "b", "c", "d", "e", "base", "other")}
