"""Projects that were trained once; every test starts from a copy."""

from __future__ import annotations

import pytest
from e2e.project import NEW_INTENT, RAN_ALL, RAN_FINETUNE, Project, create, nlu


@pytest.fixture(scope="session")
def trained(tmp_path_factory) -> Project:
    """The first repro, committed."""
    project = create(tmp_path_factory.mktemp("e2e") / "trained")
    ran = project.repro()
    assert ran == RAN_ALL
    project.commit("first model")
    return project


@pytest.fixture
def project(trained, tmp_path) -> Project:
    return trained.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def grown_once(trained, tmp_path_factory) -> Project:
    """Three examples on top, fine-tuned and committed."""
    project = trained.copy(tmp_path_factory.mktemp("e2e") / "grown")
    project.add_examples("greet", "howdy partner", "howdy", "greetings friend")
    assert project.repro() == RAN_FINETUNE
    project.commit("three examples")
    return project


@pytest.fixture
def grown(grown_once, tmp_path) -> Project:
    return grown_once.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def forked_once(trained, tmp_path_factory) -> Project:
    """Branch `intent` cut a base for an intent, `main` learned examples; all pushed."""
    folder = tmp_path_factory.mktemp("e2e")
    project = trained.copy(folder / "forked")
    project.run("dvc", "remote", "add", "-q", "-d", "store", str(folder / "store"))
    project.commit("remote")
    project.git("checkout", "-q", "-b", "intent")
    project.write("data/nlu/transfer.yml", nlu({"transfer_money": NEW_INTENT}))
    assert project.trainings() == ["train"]
    project.commit("an intent")
    project.run("dvc", "push", "-q")
    project.git("checkout", "-q", "main")
    project.add_examples("greet", "howdy partner", "howdy", "greetings friend")
    assert project.trainings() == ["finetune"]
    project.commit("three examples")
    project.run("dvc", "push", "-q")
    return project


@pytest.fixture
def forked(forked_once, tmp_path) -> Project:
    return forked_once.copy(tmp_path / "project")
