"""A bill of materials is one of CycloneDX 1.6, by its own strict schema and library."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

import pytest
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import ComponentType
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from exports import COMMIT, HERE, THERE, base, hostile, model
from lineages import digest

from dvcinc.plan.json import dump
from dvcinc.render.exports.cyclonedx import bom

BILLS = {
    "one": bom([model()], HERE),
    "there": bom([model(origin=THERE)], THERE),
    "base": bom([base()], HERE),
    "many": bom([model("c"), model("b"), model("a", "other")], HERE),
    "same-data": bom([model("b", data=model().record.data), model("a")], HERE),
    "bare": bom([model(environment={}, metrics={}, reasons=(), dvc="")], HERE),
    "uncommitted": bom([model(by=replace(COMMIT, name=""))], HERE),
    "hostile": bom([hostile()], THERE),
}


def hexed(name):
    return digest(name).removeprefix("sha256:")


def refs(value):
    if isinstance(value, dict):
        yield from ([value["bom-ref"]] if "bom-ref" in value else [])
        value = [*value.values()]
    if isinstance(value, list):
        for one in value:
            yield from refs(one)


@pytest.mark.parametrize("name", BILLS)
def test_its_own_strict_schema_takes_it(name):
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(dump(BILLS[name]).decode()) is None


def test_the_schema_refuses_what_it_should():
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    spoilt = {**BILLS["one"], "serialNumber": "urn:uuid:1"}
    assert validator.validate_str(json.dumps(spoilt)) is not None


@pytest.mark.parametrize("name", BILLS)
def test_its_own_library_reads_it(name):
    read = Bom.from_json(data=json.loads(dump(BILLS[name])))
    assert read.metadata.component.type is ComponentType.MACHINE_LEARNING_MODEL
    assert read.serial_number.version == 5
    assert read.validate()


@pytest.mark.parametrize("name", BILLS)
def test_no_reference_is_given_twice_and_each_leads_somewhere(name):
    found = [*refs(BILLS[name])]
    assert len(found) == len({*found})
    told = BILLS[name]["dependencies"]
    used = {ref for one in told for ref in [one["ref"], *one.get("dependsOn", [])]}
    assert used <= {*found}


def test_the_base_is_the_ancestor_and_the_commit_is_named():
    pedigree = BILLS["one"]["metadata"]["component"]["pedigree"]
    (ancestor,) = pedigree["ancestors"]
    assert ancestor["hashes"] == [{"alg": "SHA-256", "content": hexed("base")}]
    assert ancestor["name"] == "models/base"
    assert "ancestors" not in ancestor["pedigree"]
    (commit,) = pedigree["commits"]
    assert commit == {
        "uid": "c" * 40,
        "author": {"name": "Ada"},
        "committer": {"timestamp": "2024-01-01T12:00:00Z"},
        "message": "Ten orders more",
    }


def test_the_card_has_metrics_and_data():
    card = BILLS["one"]["metadata"]["component"]["modelCard"]
    assert card["quantitativeAnalysis"]["performanceMetrics"] == [
        {"type": "intent.accuracy", "value": "0.9"},
        {"type": "intent.macro_f1", "value": "0.875"},
    ]
    (data,) = BILLS["one"]["components"]
    assert card["modelParameters"]["datasets"] == [{"ref": data["bom-ref"]}]
    assert data["hashes"][0]["content"] == hexed("data of a")
    counts = data["data"][0]["contents"]["properties"]
    assert {"name": "dvcinc:examples", "value": "100"} in counts


def test_what_a_model_has_gained_since_its_base_is_a_property_of_the_model():
    data = replace(model().record.data, added=7)
    component = bom([model(data=data)], HERE)["metadata"]["component"]
    assert {"name": "dvcinc:since-base:added", "value": "7"} in component["properties"]


def test_packages_that_it_was_made_with_have_addresses():
    (formula,) = BILLS["one"]["formulation"]
    assert [one["purl"] for one in formula["components"]] == ["pkg:pypi/dvcinc@0.1.0"]
    assert formula["properties"] == [{"name": "dvcinc:python", "value": "3.11.7"}]


def test_a_bill_of_many_is_of_the_newest():
    bill = BILLS["many"]
    assert bill["metadata"]["component"]["version"] == hexed("c")
    models = [one for one in bill["components"] if one["type"] != "data"]
    assert [one["version"] for one in models] == [hexed("b"), hexed("a")]


def test_models_of_the_same_data_share_them():
    assert [one["type"] for one in BILLS["same-data"]["components"]] == [
        "machine-learning-model",
        "data",
    ]


def test_a_bill_is_the_same_each_time_and_its_number_follows_from_what_it_says():
    assert dump(bom([model()], HERE)) == dump(BILLS["one"])
    numbers = {UUID(bill["serialNumber"]) for bill in BILLS.values()}
    assert len(numbers) == len(BILLS)


def test_a_model_that_is_not_committed_has_no_time():
    assert "timestamp" not in BILLS["uncommitted"]["metadata"]
    assert "commits" not in BILLS["uncommitted"]["metadata"]["component"]["pedigree"]


def test_nothing_in_it_turns_or_hides_text():
    said = json.dumps(BILLS["hostile"], ensure_ascii=False)
    assert "@all" in said
    assert not {*"\x1b\u202e"} & {*json.loads(f'"{json.dumps(said)[1:-1]}"')}
    assert "\\u001b" not in said
