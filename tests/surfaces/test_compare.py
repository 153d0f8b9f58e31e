"""`dvcinc compare` as a person runs it."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest
from comparison.test_subject import FILES, MORE
from corpora import nlu_yaml
from jsonschema import Draft202012Validator
from stages.test_without_tensorflow import Talk
from surfaces.run import dvcinc

from dvcinc.comparison.shelf import FOLDER
from dvcinc.stages.plan import run_plan

SCHEMA = files("dvcinc.render") / "schemas" / "comparison.json"
QUICK = {"params.yaml": FILES["params.yaml"] + "train: {epochs: 2}\n"}
TRAINED = re.compile(r"^\[\d+/(\d+)\] .*…$", re.MULTILINE)


@pytest.fixture
def planned(repo):
    made = repo({**FILES, **QUICK})
    run_plan(made.path, Talk())
    made.commit(message="plan")
    return made


def trainings(done):
    """How many trainings a run told of."""
    return len(TRAINED.findall(done.stderr))


@pytest.mark.train
def test_two_seeds_are_compared_and_the_second_time_nothing_is_trained(planned):
    planned.write(MORE)
    before = planned.git("status", "--porcelain", "--ignored")
    first = dvcinc(planned.path, "compare", "--seeds", "2", "--exit-code", "--json")
    assert first.returncode == 3, first.stderr
    assert trainings(first) == 6
    document = json.loads(first.stdout)
    Draft202012Validator(json.loads(SCHEMA.read_bytes())).validate(document)
    assert (document["verdict"], document["seeds"]) == ("cannot tell", [42, 43])
    assert document["cost"]["finetuned"]["peak_bytes"] > 1 << 20
    assert planned.git("status", "--porcelain", "--ignored") == before
    kept = [*(planned.path / ".git" / FOLDER).iterdir()]
    assert len(kept) == 6

    again = dvcinc(planned.path, "compare", "--seeds", "2", "--json")
    assert (again.returncode, trainings(again)) == (0, 0)
    assert "nothing is trained" in again.stderr
    assert again.stdout == first.stdout

    kept[0].write_bytes(b"{")
    assert trainings(dvcinc(planned.path, "compare", "--seeds", "2")) in {1, 2}

    page = planned.path.parent / "page.html"
    third = dvcinc(planned.path, "compare", "--seeds", "1", "--html", str(page))
    assert trainings(third) == 0
    assert third.stdout.startswith("Cannot tell from 1 seed: ")
    assert page.read_text().startswith("<!doctype html>")


@pytest.mark.train
def test_what_changes_is_trained_and_no_more(planned):
    planned.write(MORE)
    compare = ("compare", "--seeds", "1")
    assert trainings(dvcinc(planned.path, *compare)) == 3
    planned.write({"t/test.yml": nlu_yaml("bye: later then\ngreet: hey")})
    assert trainings(dvcinc(planned.path, *compare)) == 3
    assert trainings(dvcinc(planned.path, *compare, "--fresh")) == 3
    planned.write({"params.yaml": QUICK["params.yaml"] + "finetune: {steps: 3}\n"})
    # The fine-tune, and its base anew: models are not kept.
    assert trainings(dvcinc(planned.path, *compare)) == 2


def test_without_a_delta_it_cannot_tell_and_says_how_to_ask(planned):
    done = dvcinc(planned.path, "compare")
    assert (done.returncode, done.stdout) == (3, "")
    assert "nothing to compare" in done.stderr
    assert "--base HEAD" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--json", "--md"), "exclude each other"),
        (("--seeds", "0"), "--seeds"),
        (("--html", "not/there/page.html"), "its folder is missing"),
        (("nowhere",), "nowhere"),
        (("--base", "nowhere"), "nowhere"),
    ],
)
def test_a_wrong_wish_is_told_before_anything_is_trained(planned, options, said):
    planned.write(MORE)
    done = dvcinc(planned.path, "compare", *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert trainings(done) == 0
