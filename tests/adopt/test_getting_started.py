"""docs/getting-started.md shows what happens in a project as `rasa init` leaves it."""

from __future__ import annotations

import pytest
from adopt.projects import STARTER, make
from e2e.project import ROOT
from e2e.test_readme import BLOCK, commands, shell

pytestmark = pytest.mark.train

PAGE = (ROOT / "docs/getting-started.md").read_text(encoding="utf-8")


def test_the_page_shows_what_happens(tmp_path):
    folder = tmp_path / "bot"
    elsewhere = tmp_path / "other"
    make(folder, STARTER)
    shell(folder, "git init -q && git add -A && git commit -qm bot")
    blocks = BLOCK.findall(PAGE)
    assert len(blocks) == 4
    for block in blocks:
        here = folder
        for command, printed in commands(block):
            said = shell(here, f"exec 2>&1\n{command}")
            here = elsewhere if command.endswith("cd ../other") else here
            rows = iter(said.splitlines())
            # Each line begins as it is shown, in the order in which it is shown.
            for line in printed:
                shown = line.removesuffix("…")
                assert not shown or any(row.startswith(shown) for row in rows), line
