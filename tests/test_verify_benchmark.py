"""The simulation of `verify` says what its page says: few alarms, losses found."""

from __future__ import annotations

import verify

from dvcinc.lineage.paired import LEVEL

WORLD = verify.World(intents=8, churn=0.1, limit=0.05, runs=60)


def test_alarms_are_rare_and_large_losses_are_found():
    (row,) = verify.measured(WORLD, [40])
    # Three standard deviations above the level.
    assert row.worse <= LEVEL + 3 * (LEVEL * (1 - LEVEL) / WORLD.runs) ** 0.5
    assert row.alarm <= row.worse
    assert list(row.found) == sorted(row.found)
    assert row.found[-1] > 0.9
