"""`dvcinc status`: what it exits with, for those who ask."""

from __future__ import annotations

import json

import pytest
from surfaces.run import BOT, PIPELINE, SET_UP, dvcinc

TRAINABLE = {**BOT, **SET_UP, "config.yml": PIPELINE}


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


@pytest.mark.parametrize(
    ("setup", "said", "hint"),
    [
        ({}, "nothing is set up here: no dvc.yaml runs", "run dvcinc init, then dvc"),
        (
            {"dvc.yaml": "stages: {prepare: {cmd: python prepare.py}}\n"},
            "nothing is set up here: no dvc.yaml runs",
            "run dvcinc init, then dvc",
        ),
        (
            {"dvc.yaml": SET_UP["dvc.yaml"]},
            "this is no DVC repository",
            "run dvc init,",
        ),
    ],
)
def test_where_nothing_is_set_up_there_is_no_next_repro(repo, setup, said, hint):
    made = repo({**BOT, **setup})
    done = dvcinc(made.path, "status", "--exit-code")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert hint in done.stderr


@pytest.mark.parametrize("arguments", [["lineage", "show"], ["predict", "hi"]])
def test_what_a_run_writes_is_missing_for_a_reason(repo, arguments):
    done = dvcinc(repo(BOT).path, *arguments)
    assert done.returncode == 2
    assert "run dvcinc init" in done.stderr
    done = dvcinc(repo(TRAINABLE, name="set-up").path, *arguments)
    assert done.returncode == 2
    assert "run dvc repro" in done.stderr
    assert "dvcinc init" not in done.stderr
