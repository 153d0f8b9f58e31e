"""The sample assistant's committed files are of this version, and say what holds."""

from __future__ import annotations

from pathlib import Path

from dvcinc.config import Mode, Target
from dvcinc.lineage.evidence import is_trained
from dvcinc.lineage.record import read_lineage
from dvcinc.plan.document import read_plan
from dvcinc.plan.make import make_plan
from dvcinc.plan.project import open_project

ROOT = Path(__file__).resolve().parents[1]


def test_the_committed_plan_holds_for_the_committed_data():
    project = open_project(ROOT)
    head = project.commit("HEAD")
    plan = make_plan(project.situation(project.snapshot(head), head.commit))
    assert plan.decision.targets[Target.NLU] is Mode.NONE
    assert plan.data == (ROOT / "plan/plan.json").read_bytes()


def test_what_is_committed_has_been_trained():
    project = open_project(ROOT)
    head = project.commit("HEAD")
    side = project.side(head)
    digest = project.ledger.sums(side).digest
    assert is_trained(None, head, side.params, digest) == (True, "")


def test_the_committed_lineage_is_that_of_the_plan():
    plan = read_plan((ROOT / "plan/plan.json").read_bytes())
    lineage = read_lineage((ROOT / "lineage.json").read_bytes())
    assert lineage.base.data.digest == plan.base.corpus
    assert lineage.model.data.digest == plan.corpus.digest
