"""Pages, each made once for all tests of a file."""

from __future__ import annotations

import subprocess

import pytest
import stories
from render.report.pages import SEEDS, report_of

from dvcinc.render.report.page import page


@pytest.fixture(scope="session")
def histories(tmp_path_factory):
    """Repositories by name: a few models, many, hostile and long names."""
    above = tmp_path_factory.mktemp("histories")
    stories.history(above / "few", 12)
    stories.history(above / "many", 200)
    stories.history(above / "hostile", 12, name=stories.HOSTILE)
    stories.history(above / "long", 200, name="long name " * 40)
    return above


@pytest.fixture(scope="session")
def pages(histories):
    """The page of each of them."""
    # A branch without a commit.
    subprocess.run(["git", "init", "--quiet", histories / "empty"], check=True)
    names = ("empty", "few", "many", "hostile", "long")
    return {name: page(report_of(histories / name, seeds=SEEDS)) for name in names}
