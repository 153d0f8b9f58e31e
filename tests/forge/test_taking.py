"""What a fork's artifact may hold besides decisions, and decisions of anything."""

from __future__ import annotations

import json
import os

import pytest
from forge.conftest import decision, written
from forge.fakes import FORK, ended, opened
from forge.fakes import pull as a_pull
from surfaces.run import dvcinc

from dvcinc.render.written import MAX_BYTES
from dvcinc.surfaces.taking import MAX_DECISIONS


@pytest.fixture
def job(github, tmp_path):
    github.pulls = [a_pull(7, repo=FORK)]
    return github.environment(tmp_path, "workflow_run", ended())


# --- how many ---------------------------------------------------------------------


def test_many_decisions_are_refused_before_one_is_read(github, job, comment):
    many = [decision(project=f"p{n}") for n in range(MAX_DECISIONS)]
    done = comment(job, decisions=[*many, "no JSON"])
    assert done.code == 2
    assert "21 decisions are more than the 20 that are taken" in done.err
    assert "--expect" in done.err
    assert github.requests == []


def test_a_job_takes_as_many_decisions_as_it_has_made(github, tmp_path, comment):
    job = github.environment(tmp_path, "pull_request", opened())
    many = [decision(project=f"p{n}") for n in range(MAX_DECISIONS + 1)]
    done = comment(job, "--strict", decisions=many)
    assert (done.code, len(github.comments)) == (0, len(many)), done.err


def test_as_many_decisions_are_taken_as_projects_are_expected(github, job, comment):
    names = [f"p{n}" for n in range(MAX_DECISIONS + 1)]
    many = [decision(project=name) for name in names]
    expected = [word for name in names for word in ("--expect", name)]
    done = comment(job, "--strict", *expected, decisions=many)
    assert (done.code, len(github.comments)) == (0, len(names)), done.err


# --- which ------------------------------------------------------------------------


def test_only_projects_that_are_expected_are_told_of(github, job, comment):
    known = decision("refresh", "bots/a")
    made_up = [
        decision("scratch", name)
        for name in ("bots/a/", "bots//a", "./bots/a", "bots/A", "x\n::error::y")
    ]
    done = comment(
        job, "--strict", "--expect", "./bots/a/", decisions=[*made_up, known]
    )
    assert done.code == 0, done.err
    (only,) = github.comments
    assert only["body"].startswith("<!-- dvcinc:comment project=bots/a -->\n")
    assert github.on == ["training: refresh"]
    assert done.summary.count("### ") == 1
    warnings = [line for line in done.out.splitlines() if line.startswith("::warning")]
    assert len(warnings) == len(made_up)
    assert not [line for line in done.out.splitlines() if line.startswith("::error")]


def test_where_no_project_is_expected_nothing_is_told(github, job, tmp_path, comment):
    done = comment(job, "--expect", ".", decisions=[decision(project="made/up")])
    assert (done.code, github.requests, done.summary) == (0, [], "")
    assert "passed over, since nobody expects it: project made/up" in done.out
    assert not (tmp_path / "output.txt").exists()


def test_a_project_is_expected_of_files_alone(tmp_path):
    done = dvcinc(tmp_path, "comment", "--expect", ".")
    assert done.returncode == 2
    assert "--expect is of decisions that --from names" in done.stderr


@pytest.mark.parametrize("name", ["/etc", "..", "../x", "a/../../b", "a/.."])
def test_no_project_leads_out_of_the_repository(github, job, comment, name):
    done = comment(job, decisions=[decision(project=name)])
    assert done.code == 2
    assert "is no path from the top of a repository" in done.err
    assert github.requests == []


def test_a_number_in_a_decision_is_no_part_of_it(github, job, comment):
    for key in ("pr", "number", "pull_request"):
        done = comment(job, decisions=[{**decision(), key: 9}])
        assert done.code == 2
    assert github.requests == []


# --- files of any kind ------------------------------------------------------------


def _link(path):
    (path.parent / "secret.json").write_text(json.dumps(decision()))
    path.symlink_to("secret.json")


def _large(path):
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)


KINDS = {
    "a link": (_link, "is no regular file"),
    "a link to itself": (lambda path: path.symlink_to(path), "is no regular file"),
    "a pipe": (os.mkfifo, "is no regular file"),
    "a folder": (lambda path: path.mkdir(), "is no regular file"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "is no regular file"),
    "nothing": (lambda _: None, "No such file"),
    "a large file": (_large, "is longer than"),
    "an empty file": (lambda path: path.touch(), "not JSON"),
}


@pytest.mark.parametrize(("make", "message"), KINDS.values(), ids=KINDS)
def test_what_is_no_plain_file_is_not_read(
    github, job, tmp_path, comment, make, message
):
    path = tmp_path / "odd.json"
    make(path)
    done = comment(job, "--from", str(path))
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.all
    assert github.requests == []


def test_a_sparse_file_of_any_length_is_not_read(job, tmp_path, comment):
    path = tmp_path / "odd.json"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    assert "is longer than" in comment(job, "--from", str(path)).err


@pytest.mark.parametrize(
    "name", ["\n::add-mask::x.json", "##[add-path]x.json", "\x1b[2Jx.json"]
)
@pytest.mark.parametrize(
    "make", [os.mkfifo, os.mkdir, lambda path: path.write_text("")]
)
def test_no_name_of_a_file_is_a_command(job, tmp_path, comment, name, make):
    path = tmp_path / name
    make(path)
    done = comment(job, "--from", str(path))
    assert done.code == 2
    lines = done.err.splitlines() + done.out.splitlines()
    assert not [line for line in lines if line.lstrip().startswith("::")]
    assert "##[" not in done.all
    assert "\x1b[2J" not in done.all


# --- what JSON may be -------------------------------------------------------------

ODD = {
    "a key twice": json.dumps(decision())[:-1] + ', "project": "other"}',
    "no number": json.dumps(decision()).replace("61.0", "NaN"),
    "deep": '{"a":' * 50_000 + "1" + "}" * 50_000,
    "many keys": json.dumps({str(n): 0 for n in range(300_000)}),
    "half a character": json.dumps(decision()).replace('"main"', '"\\ud800"'),
    "a mark before it": "\ufeff" + json.dumps(decision()),
    "two documents": json.dumps(decision()) * 2,
    "a long number": json.dumps(decision()).replace("61.0", "9" * 5000),
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_a_document_that_reads_in_two_ways_is_refused(github, job, comment, text):
    done = comment(job, decisions=[text])
    assert done.code == 2, done.all
    assert "Traceback" not in done.all
    assert github.requests == []


def test_one_bad_decision_keeps_the_others_from_being_posted(github, job, comment):
    done = comment(job, decisions=[decision(), "{}"])
    assert (done.code, github.requests) == (2, [])


def test_decisions_fill_no_forge(github, job, tmp_path, comment):
    text = "x" * 600
    reasons = [{**decision()["reasons"][0], "text": text} for _ in range(900)]
    change = {**decision()["change"], "reasons": reasons[:150]}
    many = [
        {**decision(project=f"p{n}"), "reasons": reasons, "change": change}
        for n in range(3)
    ]
    done = comment(job, "--strict", decisions=many)
    assert done.code == 0, done.err
    assert all(len(c["body"]) <= 65_536 for c in github.comments)
    assert len(done.summary.encode()) <= 1 << 20
    assert (tmp_path / "output.txt").stat().st_size < 1 << 18


def test_the_file_that_a_decision_was_saved_to_can_be_taken(tmp_path, job, comment):
    (tmp_path / "sub").mkdir()
    arguments = written(tmp_path / "sub", [decision(project="here")])
    done = comment(job, "--dry-run", *arguments)
    assert done.code == 0, done.err
