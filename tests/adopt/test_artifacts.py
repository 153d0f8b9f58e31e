"""`dvc.yaml` calls the model by a name; artifacts that are there stay as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.adopt.artifacts import with_artifact
from dvcinc.adopt.dvcfile import read_pipeline
from dvcinc.errors import InputError

PREP = "stages:\n  prep:\n    cmd: make\n"
OTHERS = "artifacts:\n  data:\n    path: raw  # from the shop\n    type: dataset\n"
MODEL = {
    "path": "models/nlu",
    "type": "model",
    "desc": "intents and entities; lineage.json tells where it comes from",
    "labels": ["dvcinc", "nlu"],
    "meta": {"lineage": "lineage.json"},
}


def artifacts(data: bytes) -> dict:
    return read_pipeline(data).said["artifacts"]


WITHOUT = {
    "nothing": "",
    "stages alone": PREP,
    "a comment at the end": PREP + "# the end\n",
    "no line feed": PREP.rstrip("\n"),
    "windows": PREP.replace("\n", "\r\n"),
    "a byte-order mark": "\ufeff" + PREP,
    "a list at the edge": PREP + "plots:\n- a.csv\n# done\n",
    "a document's end": PREP + "...\n",
    "artifacts without any": "artifacts:\n" + PREP,
    "artifacts in empty braces": "artifacts: {}  # none\n" + PREP,
    "other artifacts": PREP + OTHERS,
    "other artifacts first": OTHERS + "\n# ours\n" + PREP,
    "far in": PREP + OTHERS.replace("\n  ", "\n      "),
}


@pytest.mark.parametrize("before", WITHOUT.values(), ids=WITHOUT)
def test_the_model_is_added_and_all_else_stays(before):
    after = with_artifact(before.encode())
    was = read_pipeline(before.encode()).said
    now = dict(read_pipeline(after).said)
    added = now.pop("artifacts")
    assert added.pop("nlu") == MODEL
    assert added == (was.get("artifacts") or {})
    assert now == {key: value for key, value in was.items() if key != "artifacts"}
    rows = iter(after.decode().splitlines())
    kept = before.replace(" {}", "").splitlines()
    assert all(row in rows for row in kept), "a line is gone, or moved"
    assert ("\r\n" in before) == (b"\r\n" in after)
    assert with_artifact(after) == after


THERE = {
    "by our name": "  nlu: {path: models/nlu}\n",
    "by another name": "  bot:\n    path: ./models/nlu/\n    type: model\n",
    "in braces": "  a: {path: x}\n  b: {path: models/nlu, labels: [x]}\n",
    "both names are others'": "  nlu: {path: a}\n  nlu-model: {path: b}\n",
}


@pytest.mark.parametrize("said", THERE.values(), ids=THERE)
def test_what_people_call_the_model_is_theirs(said):
    before = (PREP + "artifacts:\n" + said).encode()
    assert with_artifact(before) == before


def test_a_name_that_is_somebody_elses_is_not_taken():
    before = (PREP + "artifacts:\n  nlu: {path: other/model}\n").encode()
    found = artifacts(with_artifact(before))
    assert found == {"nlu": {"path": "other/model"}, "nlu-model": MODEL}


@pytest.mark.parametrize("said", ["{a: {path: x}}", "&a {a: {path: x}}", "null"])
def test_a_form_that_cannot_be_extended_is_told_with_what_to_do(said):
    with pytest.raises(InputError, match="cannot extend") as caught:
        with_artifact(f"artifacts: {said}\n".encode())
    assert "path: models/nlu" in caught.value.hint


@pytest.mark.parametrize("said", ["[a]", "a", "3"])
def test_what_are_no_artifacts_is_told(said):
    with pytest.raises(InputError, match=r"dvc\.yaml: artifacts must be a mapping"):
        with_artifact(f"artifacts: {said}\n".encode())


@given(st.dictionaries(st.from_regex(r"x[a-z]{1,6}", fullmatch=True), st.text()))
def test_artifacts_of_any_name_and_path_stay(named):
    rows = [
        f'  {name}: {{path: "{path.encode().hex()}"}}' for name, path in named.items()
    ]
    before = "\n".join([PREP + "artifacts:", *rows, ""]).encode()
    after = with_artifact(before)
    was = read_pipeline(before).said["artifacts"] or {}
    assert {**artifacts(after), **was} == artifacts(after)
    assert MODEL in artifacts(after).values()
