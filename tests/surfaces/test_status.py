"""`dvcinc status`: what it exits with, for those who ask."""

from __future__ import annotations

import json

from surfaces.run import BOT, PIPELINE, dvcinc

TRAINABLE = {**BOT, "config.yml": PIPELINE}


def test_what_was_never_trained_has_the_code_of_scratch(repo):
    made = repo(TRAINABLE)
    assert dvcinc(made.path, "status", "--exit-code").returncode == 20
    assert dvcinc(made.path, "status").returncode == 0


def test_what_was_never_trained_is_not_settled(repo):
    told = json.loads(dvcinc(repo(TRAINABLE).path, "status", "--json").stdout)
    assert told["settled"] is False


def test_an_error_has_a_code_of_its_own(repo):
    made = repo({**TRAINABLE, "data/nlu.yml": "nlu:\n- intent: [\n"})
    assert dvcinc(made.path, "status", "--exit-code").returncode == 2
