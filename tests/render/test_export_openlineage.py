"""Events are OpenLineage's: made by its own classes, whole, and the same each time."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

import pytest
from dateutil.parser import isoparse
from exports import COMMIT, HERE, THERE, base, hostile, model
from lineages import digest

from dvcinc.errors import InputError
from dvcinc.render.exports.openlineage import events, lines


def said(*models, origin=HERE):
    return [json.loads(one) for one in lines([*events(models, origin)]).splitlines()]


def test_each_run_starts_and_completes_the_base_before_its_model():
    found = [(one["eventType"], one["job"]["name"]) for one in said(model())]
    assert found == [
        ("START", "models/base"),
        ("COMPLETE", "models/base"),
        ("START", "models/nlu"),
        ("COMPLETE", "models/nlu"),
    ]


def test_a_base_of_several_models_is_told_of_once_the_oldest_first():
    found = said(model("b"), model("a"))
    outputs = [out["facets"]["version"] for one in found for out in one["outputs"]]
    told = [out["datasetVersion"] for out in outputs]
    assert told == [digest("base"), digest("a"), digest("b")]


@pytest.mark.parametrize(
    ("models", "origin"),
    [
        ([model()], HERE),
        ([model(origin=THERE)], THERE),
        ([base()], HERE),
        ([hostile()], THERE),
        ([model(environment={}, metrics={}, reasons=())], HERE),
    ],
)
def test_each_event_and_facet_has_what_the_standard_demands(models, origin):
    for one in said(*models, origin=origin):
        assert one["schemaURL"].endswith("OpenLineage.json#/$defs/RunEvent")
        assert isoparse(one["eventTime"]).isoformat() == "2024-01-01T12:00:00+00:00"
        assert UUID(one["run"]["runId"]).version == 5
        assert one["job"]["namespace"] == (origin.repository or "dvc")
        datasets = [*one["inputs"], *one["outputs"]]
        assert datasets
        assert {dataset["namespace"] for dataset in datasets} == {
            one["job"]["namespace"]
        }
        facets = [
            facet
            for part in (one["run"], one["job"], *datasets)
            for kind in ("facets", "inputFacets", "outputFacets")
            for facet in part.get(kind, {}).values()
        ]
        assert facets
        for facet in facets:
            assert facet["_producer"] == one["producer"]
            assert facet["_schemaURL"].startswith("https://openlineage.io/spec/")


def test_a_model_is_made_from_its_data_and_its_base():
    done = said(model())[-1]
    inputs = {one["name"]: one for one in done["inputs"]}
    assert [*inputs] == ["training-data", "models/base"]
    version = inputs["models/base"]["facets"]["version"]["datasetVersion"]
    assert version == digest("base")
    quality = inputs["training-data"]["inputFacets"]["dataQualityMetrics"]
    assert quality["rowCount"] == 100
    assert quality["columnMetrics"]["intent"] == {"distinctCount": 5}


def test_the_output_has_digests_and_metrics():
    ((output,),) = [one["outputs"] for one in said(model())[-1:]]
    facet = output["facets"]["dvcinc_model"]
    assert facet["digest"] == digest("a")
    assert facet["base"] == digest("base")
    assert facet["metrics"] == {"intent.accuracy": 0.9, "intent.macro_f1": 0.875}


def test_the_run_tells_mode_cost_and_reasons():
    facets = said(model())[-1]["run"]["facets"]
    told = {
        one["key"]: one["value"] for one in facets["executionParameters"]["parameters"]
    }
    assert told["mode"] == "finetune"
    assert told["cost.seconds"] == "5"
    assert told["reason.1"] == "DI101 3 examples added"
    assert facets["processing_engine"]["version"] == "0.1.0"


def test_the_source_is_told_where_its_repository_is_known():
    assert "sourceCodeLocation" not in said(model())[0]["job"]["facets"]
    found = said(model(origin=THERE), origin=THERE)[0]["job"]["facets"]
    location = found["sourceCodeLocation"]
    assert location["repoUrl"] == "https://github.com/acme/bots"
    assert (location["path"], location["version"]) == ("bots/shop", "c" * 40)


@pytest.mark.parametrize(
    "commit", [replace(COMMIT, name=""), replace(COMMIT, time=1 << 62)]
)
def test_a_model_without_a_time_is_refused(commit):
    with pytest.raises(InputError, match=r"has no time"):
        said(model(by=commit))


def test_events_are_the_same_each_time():
    assert said(model(), origin=THERE) == said(model(), origin=THERE)
