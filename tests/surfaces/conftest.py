"""The bot that the command line is tried on."""

from __future__ import annotations

import pytest
from surfaces.run import BOT


@pytest.fixture
def bot(repo):
    return repo(BOT)
