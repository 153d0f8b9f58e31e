"""What several projects need together: the same, whatever order they come in."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render.decisions import WHOLE, documents, reason, said
from render.test_outputs import read, understood

from dvcinc.config import Mode
from dvcinc.lineage.standing import Standing
from dvcinc.render.annotations import MAX_PER_LEVEL, workflow_commands
from dvcinc.render.links import Forge
from dvcinc.render.outputs import (
    DONE,
    LABELS,
    by_urgency,
    common_label,
    common_status,
    dotenv,
    github_output,
    outputs,
)


def one(project, mode="scratch", *, digit="c", **changes):
    """A project with one reason of its mode, and a base of its own."""
    own = {
        "mode": mode,
        "targets": {"nlu": mode, "dialogue": "none"},
        "reasons": [] if mode == "none" else [reason(mode=mode, text=f"of {project}")],
        "warnings": [],
        "base": {**WHOLE["base"], "digest": f"sha256:{digit * 64}"},
    }
    return said(project=project, **{**own, **changes})


TRAINED = one("a", "scratch", standing="trained", digit="a")
REFRESHED = one("b", "refresh", digit="b")
TUNED = one("c", "finetune", digit="c")
QUIET = one("d", "none", digit="d")
THREE = (TRAINED, REFRESHED, TUNED)


def in_every_order(*documents):
    return [list(order) for order in permutations(documents)]


def only(told):
    """The one thing that is told in every order."""
    first, *others = told
    assert all(other == first for other in others)
    return first


# --- outputs ----------------------------------------------------------------------


def test_what_is_left_to_train_decides_and_not_what_was_dearest():
    found = only(outputs(*order) for order in in_every_order(*THREE))
    assert found["mode"] == found["change-mode"] == "scratch"
    assert (found["train-mode"], found["should-train"]) == ("finetune", "true")
    assert (found["standing"], found["base"]) == ("new", f"sha256:{'c' * 64}")


def test_reasons_are_those_of_all_projects_with_their_names():
    found = only(outputs(*order) for order in in_every_order(*THREE))
    assert found["reasons"].split("\n") == [
        "DI201 finetune c: of c",
        "DI201 refresh b: of b",
        "DI201 scratch a: of a",
    ]
    reasons = json.loads(found["reasons-json"])
    assert [(r["project"], r["mode"]) for r in reasons] == [
        ("c", "finetune"),
        ("b", "refresh"),
        ("a", "scratch"),
    ]


def test_each_project_can_have_a_job_of_its_own():
    found = only(outputs(*order) for order in in_every_order(*THREE))
    assert [
        (p["project"], p["mode"], p["standing"], p["train-mode"], p["should-train"])
        for p in json.loads(found["projects"])
    ] == [
        ("c", "finetune", "new", "finetune", True),
        ("b", "refresh", "new", "refresh", True),
        ("a", "scratch", "trained", "none", False),
    ]
    trained = json.loads(found["projects-to-train"])
    assert [p["project"] for p in trained] == ["c", "b"]
    assert [p["base"][-1] for p in trained] == ["c", "b"]


def test_where_all_is_trained_there_is_no_job():
    found = outputs(TRAINED, QUIET)
    assert (found["should-train"], found["train-mode"]) == ("false", "none")
    assert (found["mode"], found["standing"]) == ("scratch", "trained")
    assert found["projects-to-train"] == "[]"


def test_one_project_is_told_without_its_name():
    assert outputs(TUNED)["reasons"] == "DI201 finetune of c"


def test_a_first_training_is_from_scratch_whatever_the_two_sides_say():
    first = one("z", "none", standing="first")
    found = only(outputs(*order) for order in in_every_order(first, TUNED, QUIET))
    assert (found["mode"], found["train-mode"]) == ("finetune", "scratch")
    assert found["standing"] == "first"


@pytest.mark.parametrize("standing", Standing)
def test_every_standing_has_its_place(standing):
    both = [one("y", standing=standing.value), one("z", standing=standing.value)]
    assert [found.project for found in by_urgency(both[::-1])] == ["y", "z"]


def test_no_project_takes_all_the_room():
    many = one("a", reasons=[reason()] * 300)
    found = outputs(many, REFRESHED, TUNED)
    lines = found["reasons"].split("\n")
    assert len(lines) == 50
    assert lines[-2:] == ["DI201 finetune c: of c", "DI201 refresh b: of b"]


def test_the_longest_reasons_fit_into_the_outputs_of_a_job():
    wide = "\U0001f600" * 200
    place = {"side": "new", "path": wide, "line": 1}
    wordy = [
        one(f"{n:02}{wide}", reasons=[reason(text=wide, places=[place])] * 50)
        for n in range(20)
    ]
    text = github_output(*wordy)
    # GitHub counts what a text has in UTF-16.
    assert len(text.encode("utf-16-le")) < 1 << 20
    assert len(json.loads(outputs(*wordy)["projects"])) == 20
    assert len(json.loads(outputs(*wordy)["reasons-json"])) > 10


# --- GitLab's report --------------------------------------------------------------


def test_gitlabs_report_is_of_all_projects():
    report = only(dotenv(*order) for order in in_every_order(*THREE))
    assert {
        "DVCINC_MODE=scratch",
        "DVCINC_STANDING=new",
        "DVCINC_TRAIN_MODE=finetune",
        "DVCINC_SHOULD_TRAIN=true",
        "DVCINC_REASONS=DI201",
        "DVCINC_PROJECTS=c:finetune:finetune,b:refresh:refresh,a:scratch:none",
    } <= {*report.splitlines()}


def test_the_name_of_a_project_ends_nothing_in_gitlabs_report():
    report = dotenv(one("~/a:b,c d\n$(x)"))
    assert report.splitlines()[-1] == (
        "DVCINC_PROJECTS=%7E/a%3Ab%2Cc%20d%0A%24%28x%29:scratch:scratch"
    )


def test_projects_that_do_not_fit_into_gitlabs_report_are_left_out_as_a_whole():
    report = dotenv(*(one(f"{n}{'x' * 900}", "none") for n in range(5)))
    assert report.splitlines()[-1] == "DVCINC_PROJECTS="


# --- label and status -------------------------------------------------------------

LABELLED = [
    (THREE, LABELS[Mode.FINETUNE]),
    ((TRAINED, one("p", "none", targets={"nlu": "none", "dialogue": "scratch"})), DONE),
    ((TRAINED, QUIET), DONE),
    ((QUIET, one("e", "none")), None),
    # What is due since before is none of the pull request's.
    (
        (
            REFRESHED,
            one("f", standing="due", change={**WHOLE["change"], "mode": "none"}),
        ),
        LABELS[Mode.REFRESH],
    ),
]


@pytest.mark.parametrize(("projects", "label"), LABELLED, ids=range(len(LABELLED)))
def test_a_pull_request_has_one_label(projects, label):
    assert only(map(common_label, in_every_order(*projects))) == label


def test_a_pull_request_has_one_status():
    orders = in_every_order(*THREE)
    found = only(common_status(order, Forge.GITHUB) for order in orders)
    assert found.context == "dvcinc"
    assert found.text == "c of 3 projects: finetune, about 7.2 s: of c"


def test_one_project_has_a_status_under_its_name():
    assert common_status([TUNED], Forge.GITHUB).context == "dvcinc (c)"
    assert common_status([one(".")], Forge.GITHUB).context == "dvcinc"


# --- annotations ------------------------------------------------------------------


def test_annotations_of_all_projects_are_as_many_as_are_shown():
    many = [one(name, reasons=[reason()] * 9) for name in "xyz"]
    lines = only(workflow_commands(*order) for order in in_every_order(*many))
    assert len(lines) == MAX_PER_LEVEL
    assert lines[0].startswith("::warning file=x/data/more.yml,line=5,")
    assert "title=DI201 scratch (x)::" in lines[0]
    assert lines[-1] == "::warning title=dvcinc::18 more in the summary"


# --- any --------------------------------------------------------------------------


@settings(max_examples=25)
@given(st.lists(documents(st.text()), min_size=2, max_size=3), st.randoms())
def test_no_order_tells_anything_else(values, random):
    found = [read({**one, "project": f"p{at}"}) for at, one in enumerate(values)]
    mixed = random.sample(found, len(found))
    assert understood(github_output(*mixed)) == outputs(*found)
    assert dotenv(*mixed) == dotenv(*found)
    assert workflow_commands(*mixed) == workflow_commands(*found)
    assert common_label(mixed) == common_label(found)
    for forge in Forge:
        assert common_status(mixed, forge) == common_status(found, forge)
