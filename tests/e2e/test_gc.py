"""What `dvc gc` takes comes back: from Git, from a remote, or by training again.

docs/storage.md is true.
"""

from __future__ import annotations

import shutil
from typing import NamedTuple

import pages
import pytest
from e2e.project import Project, environment

pytestmark = pytest.mark.train

MAIN, INTENT, FIRST = "main", "intent", "main~2"
"""A fine-tune; a branch with a base of its own; the base that `main` grew from."""


class Case(NamedTuple):
    """Where garbage is collected, and what another revision needs afterwards.

    Attributes:
        flags: Of `dvc gc`.
        here: Where it is run.
        there: The revision that is looked at then.
        kept: Whether DVC's cache still has all of that revision.
        trained: What trains on `dvc repro` there.
        remote: Whether there is a remote, to which all has been pushed.
    """

    flags: str
    here: str
    there: str
    kept: bool = False
    trained: tuple[str, ...] = ()
    remote: bool = False


CASES = {
    "the work tree keeps itself": Case("-w", MAIN, MAIN, kept=True),
    "a fine-tune keeps its base": Case("-w", MAIN, FIRST),
    "a base is gone": Case("-w", MAIN, INTENT, trained=("train",)),
    "all is gone": Case("-w", INTENT, MAIN, trained=("train", "finetune")),
    "a remote has it": Case("-w", MAIN, INTENT, remote=True),
    "branches": Case("-a", MAIN, INTENT, kept=True),
    "tags": Case("-T", MAIN, INTENT, kept=True),
    "commits": Case("-A", MAIN, FIRST, kept=True),
    "the remote's, too": Case("-w -c", MAIN, INTENT, trained=("train",), remote=True),
}


def swept(forked: Project, case: Case) -> Project:
    """The garbage is collected, and the other revision is checked out by Git."""
    store = forked.path / ".dvc/tmp/store"
    shutil.copytree(forked.run("dvc", "remote", "list").stdout.split()[1], store)
    url = str(store if case.remote else store / "nowhere")
    forked.run("dvc", "remote", "modify", "-q", "--local", "store", "url", url)
    forked.git("tag", "v1", INTENT)
    forked.git("checkout", "-q", case.here)
    forked.run("dvc", "checkout", "-q")
    forked.run("dvc", "gc", "-q", "-f", *case.flags.split())
    forked.git("checkout", "-q", case.there)
    return forked


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_model_is_the_same_again(forked, case):
    project = swept(forked, case)
    was = project.digest()
    assert (project.run("dvc", "checkout", check=False).returncode == 0) is case.kept
    assert tuple(project.trainings()) == case.trained
    assert project.digest() == was
    assert not case.kept or project.git("status", "--porcelain") == ""


def test_what_a_remote_has_is_pulled_and_nothing_runs(forked):
    project = swept(forked, CASES["a remote has it"])
    project.run("dvc", "pull")
    assert project.repro() == []
    assert project.git("status", "--porcelain") == ""


def test_the_corpora_come_back_from_git(forked):
    project = swept(forked, CASES["all is gone"])
    was = project.plan()
    project.run("dvc", "repro", "plan")
    assert project.plan() == was
    assert project.run("dvc", "status", "plan").stdout.startswith("Data and pipelines")


def test_the_page_shows_what_happens(forked):
    pages.run("docs/storage.md", forked.path, environment())
