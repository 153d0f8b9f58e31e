"""What real DVC leaves behind tells a hook whether a model has been trained."""

from __future__ import annotations

import pytest
from e2e.project import NEW_INTENT, Project, nlu

pytestmark = pytest.mark.e2e

FITS = "note: plan/plan.json fits, but "


def check(project: Project) -> tuple[int, str]:
    """Stages everything; what the hook answers and says."""
    project.git("add", "-A")
    done = project.run("dvcinc", "hook", "check", check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(name="due")
def due_project(project: Project) -> Project:
    """A new intent, planned."""
    project.write("data/nlu/transfer.yml", nlu({"transfer_money": NEW_INTENT}))
    project.run("dvc", "repro", "plan")
    return project


def test_a_hook_passes_what_is_trained_and_not_what_is_planned(due: Project) -> None:
    for target, note in (
        ("plan", "dvc.lock tells of no training from it"),
        ("train", "dvc.lock tells of no training from it"),
        ("package", "dvc.lock does not say that its model was recorded"),
    ):
        due.run("dvc", "repro", target)
        code, said = check(due)
        assert (code, FITS + note in said) == (1, True), said
    due.repro()
    code, said = check(due)
    assert code == 0
    assert said.startswith("dvcinc: scratch: already trained, as dvc.lock says")


def test_a_base_that_was_trained_is_taken_up_again(due: Project) -> None:
    due.repro()
    due.commit("a new intent")
    due.git("rm", "-q", "data/nlu/transfer.yml")
    code, said = check(due)
    assert code == 0
    assert said.startswith("dvcinc: scratch: the base of the plan at ")


def test_what_dvc_is_told_by_force_is_no_training(due: Project) -> None:
    due.run("dvc", "commit", "--quiet", "--force")
    code, said = check(due)
    assert code == 1
    assert FITS + "lineage.json tells of another model" in said
    due.run("dvc", "repro", "--force")
    assert check(due)[0] == 0
