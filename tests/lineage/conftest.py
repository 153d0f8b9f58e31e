"""A committed plan, for what is judged against one."""

from __future__ import annotations

import pytest
from surfaces.run import dvcinc


@pytest.fixture
def dvcinc_plan():
    def plan(bot):
        done = dvcinc(bot.path, "stage", "plan")
        assert done.returncode == 0, done.stderr
        bot.commit()

    return plan
