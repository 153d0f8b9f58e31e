"""`dvcinc lineage verify` on records of models that nobody trained or stored."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from lineages import digest
from recorded import GREET, ORDER, record_of, trained
from surfaces.run import dvcinc

from dvcinc.lineage.record import Lineage, ReasonRecord, read_lineage

FILE = "lineage.json"
HOSTILE = '\x1b[31mred\x07 <b>@all</b> | `x` \u202e --> " ]\\'
SCHEMA = json.loads((files("dvcinc.render") / "schemas/lineage.json").read_bytes())


@pytest.fixture
def made(repo):
    """Two records, and nothing beside them."""
    made = repo()
    trained(made, "a", GREET)
    trained(made, "b", ORDER)
    return made


def verify(made, *arguments):
    done = dvcinc(made.path, "lineage", "verify", *arguments)
    assert "Traceback" not in done.stderr
    assert "bug" not in done.stderr
    return done


def codes(said):
    return {one["code"] for model in said["models"] for one in model["findings"]}


def test_without_witnesses_and_bytes_nothing_can_be_told(made):
    done = verify(made)
    assert done.returncode == 3
    lines = done.stdout.splitlines()
    rows = [line.split()[:3] for line in lines if line[0] != " "]
    assert rows == [
        ["untold", "model", digest("b")[7:15]],
        ["untold", "base", digest("base")[7:15]],
        ["2", "models:", "2"],
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), [("b", "model"), ("base", "base")]),
        (("HEAD~1",), [("a", "model"), ("base", "base")]),
        (("--all",), [("b", "model"), ("base", "base"), ("a", "model")]),
        (("HEAD~1", "--all"), [("a", "model"), ("base", "base")]),
    ],
)
def test_the_models_of_a_revision_or_of_all_its_history_are_proved(
    made, arguments, expected
):
    said = json.loads(verify(made, *arguments, "--json").stdout)
    found = [(model["digest"], model["kind"]) for model in said["models"]]
    assert found == [(digest(name), kind) for name, kind in expected]
    assert codes(said) == {"LV110", "LV201"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("nowhere",), "no commit is named 'nowhere'"), (("HEAD",), f"has no {FILE}")],
)
def test_what_is_not_there_is_an_error(repo, arguments, said):
    done = verify(repo({"x": "1"}), *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_record_that_cannot_be_read_is_told_and_hides_no_other(made):
    broken = made.commit({FILE: "{}"})
    done = verify(made)
    assert done.returncode == 2
    assert f"has no {FILE} that can be read: {broken[:10]}:{FILE}" in done.stderr
    said = json.loads(verify(made, "--all", "--json").stdout)
    assert [one["code"] for one in said["unread"]] == ["LV109"]
    assert [one["place"] for one in said["unread"]] == [f"{broken[:10]}:{FILE}"]
    assert len(said["models"]) == 3


def test_all_of_a_history_that_is_cut_off_cannot_be_told(made):
    made.git("clone", "--quiet", "--depth=1", made.path.as_uri(), "../shallow")
    there = type(made)(made.path.parent / "shallow")
    done = verify(there, "--all")
    assert done.returncode == 3
    assert "fetch-depth: 0" in done.stderr


def hostile(made):
    """A record all of whose texts are hostile, and a lock to hold it against."""
    before = read_lineage(record_of(made, "c", parent=digest("base")))
    said = {
        "reasons": (ReasonRecord(code=HOSTILE, text=HOSTILE, place=HOSTILE),),
        "metrics": {HOSTILE: 0.5},
        "environment": {HOSTILE: HOSTILE},
        **dict.fromkeys(("ran", "preset", "dvc", "commit"), HOSTILE),
    }
    base = replace(before.base, **said)
    model = replace(before.model, digest=f"sha256:{HOSTILE}", **said)
    lock = {
        "stages": {
            "package": {"outs": [{"path": "models/nlu", "md5": HOSTILE}]},
            "record": {"outs": [{"path": FILE, "md5": HOSTILE}]},
        }
    }
    record = Lineage(base=base, model=model).to_bytes()
    made.commit({FILE: record, "dvc.lock": json.dumps(lock)}, HOSTILE)


@pytest.mark.parametrize("arguments", [(), ("--all",), ("--rebuild",)])
def test_what_people_wrote_is_shown_as_text(made, arguments):
    hostile(made)
    done = verify(made, *arguments)
    said = done.stdout
    assert not {c for c in said if c != "\n" and (ord(c) < 32 or c in "\x7f\u202e")}
    assert done.returncode == 1


@pytest.mark.parametrize("arguments", [(), ("--all",), ("--rebuild-base",)])
@pytest.mark.parametrize("spoil", [False, True])
def test_a_document_is_what_the_schema_says(made, arguments, spoil):
    if spoil:
        made.commit({FILE: record_of(made, "c", dvc="no hash", commit="--all")})
    said = json.loads(verify(made, *arguments, "--json").stdout)
    one = {**SCHEMA, "oneOf": [{"$ref": "#/$defs/verify"}]}
    assert [e.message for e in Draft202012Validator(one).iter_errors(said)] == []
    assert Draft202012Validator(SCHEMA).is_valid(said)
    assert said["verdict"] == ("wrong" if spoil else "untold")
