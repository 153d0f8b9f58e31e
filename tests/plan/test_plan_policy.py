"""A change to the policy is never silent, and what is no change is not told."""

from __future__ import annotations

import pytest

from dvcinc.params import read_params
from dvcinc.plan.make import policy_changes

WRITTEN = """\
policy:
  preset: strict
  mode: auto
  rules: {}
  targets: [nlu]
  growth_limit: 0.5
  intent_growth_limit: 4
  unlearn_limit: 0.05
  intent_unlearn_limit: 0.25
  warn_age_days: 90
"""
# What is added, and what is told of it.
CHANGES = {
    "warn_age_days: 90": "warn_age_days: 30 → policy.warn_age_days is now 30, was 90",
    "growth_limit: 0.5": "growth_limit: 1 → policy.growth_limit is now 1, was 0.5",
    "mode: auto": "mode: scratch → policy.mode is now scratch, was auto",
    "rules: {}": "rules: {DI102: finetune} → "
    "policy.rules is now {'DI102': 'finetune'}, was {}",
}


def test_defaults_written_down_are_no_change():
    assert policy_changes(read_params(None), read_params(WRITTEN.encode())) == []


@pytest.mark.parametrize("before", CHANGES)
def test_a_change_is_told_with_both_values(before):
    after, _, told = CHANGES[before].partition(" → ")
    new = read_params(WRITTEN.replace(f"  {before}", f"  {after}").encode())
    for old in (read_params(None), read_params(WRITTEN.encode())):
        assert policy_changes(old, new) == [f"params.yaml: {told}"]
