"""docs/getting-started.md shows what happens in a project as `rasa init` leaves it."""

from __future__ import annotations

import pages
import pytest
from adopt.projects import STARTER, make
from e2e.project import environment
from e2e.test_readme import shell

pytestmark = pytest.mark.train


def test_the_page_shows_what_happens(tmp_path):
    folder = tmp_path / "bot"
    make(folder, STARTER)
    shell(folder, "git init -q && git add -A && git commit -qm bot")
    pages.run("docs/getting-started.md", folder, environment())
