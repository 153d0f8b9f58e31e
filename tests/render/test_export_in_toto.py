"""A statement is in-toto's, its predicate SLSA's: their own messages take both."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from exports import HERE, HOSTILE, THERE, base, found, hostile, model
from google.protobuf.json_format import MessageToDict, ParseDict
from in_toto_attestation.predicates.provenance.v1.provenance_pb2 import Provenance
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as StatementMessage
from lineages import digest

from dvcinc.plan.json import dump
from dvcinc.render.exports.in_toto import ANY_BUILDER, provenance, statement

SAID = [
    (model(), HERE),
    (model(origin=THERE), THERE),
    (model(by=replace(found().model.version.commit, name="")), HERE),
    (model(dvc="", environment={}, metrics={}, reasons=()), HERE),
    (base(), HERE),
    (hostile(), THERE),
]


FILES = {"models/nlu/model.json": "e" * 64}


def hexed(name):
    return digest(name).removeprefix("sha256:")


def dependencies(told, origin=HERE):
    found = provenance(told, origin, None)["buildDefinition"]["resolvedDependencies"]
    return {one["name"]: one for one in found}


@pytest.mark.parametrize(("told", "origin"), SAID)
def test_in_totos_own_messages_take_it_whole(told, origin):
    said = json.loads(dump(statement(told, origin, None, FILES)))
    message = ParseDict(said, StatementMessage())
    Statement.copy_from_pb(message).validate()
    assert MessageToDict(message) == said


@pytest.mark.parametrize(("told", "origin"), SAID)
def test_slsas_own_message_takes_the_predicate_whole(told, origin):
    said = json.loads(dump(provenance(told, origin, None)))
    message = ParseDict(said, Provenance())
    assert MessageToDict(message) == said
    for one in message.build_definition.resolved_dependencies:
        ResourceDescriptor.copy_from_pb(one).validate()
        # SLSA wants an address or a digest; a name alone is no artifact.
        assert one.uri or one.digest


def test_the_subject_is_the_model_by_digests_of_their_own_names():
    (subject,) = statement(model(origin=THERE), THERE, None, {})["subject"]
    assert subject == {
        "name": "bots/shop/models/nlu",
        "digest": {"dvcincModel": hexed("a"), "dvcDirMd5": hexed("a")[:32]},
    }


def test_its_files_are_subjects_by_the_hash_that_everybody_knows():
    _, *files = statement(model(), HERE, None, FILES)["subject"]
    assert files == [{"name": "models/nlu/model.json", "digest": {"sha256": "e" * 64}}]


def test_a_model_in_one_file_has_its_md5():
    (subject,) = statement(model(dvc="0" * 32), HERE, None, {})["subject"]
    assert subject["digest"] == {"dvcincModel": hexed("a"), "md5": "0" * 32}


def test_it_depends_on_head_data_base_and_packages():
    found = dependencies(model(origin=THERE), THERE)
    assert [*found] == [
        "HEAD",
        "bots/shop/training-data",
        "bots/shop/models/base",
        "dvcinc",
    ]
    assert found["HEAD"]["digest"] == {"gitCommit": "d" * 40}
    assert found["HEAD"]["uri"] == f"git+https://github.com/acme/bots@{'d' * 40}"
    data = found["bots/shop/training-data"]
    assert data["digest"] == {"dvcincCorpus": hexed("data of a")}
    assert data["annotations"]["examples"] == 100
    below = found["bots/shop/models/base"]["digest"]
    assert below["dvcincModel"] == hexed("base")
    assert found["dvcinc"]["uri"] == "pkg:pypi/dvcinc@0.1.0"


def test_a_bases_data_have_a_digest_of_another_kind():
    found = dependencies(base())
    assert [*found] == ["plan/base", "dvcinc"]
    assert [*found["plan/base"]["digest"]] == ["dvcincTrained"]


@pytest.mark.parametrize(
    ("said", "name"),
    [({"commit": None}, "HEAD"), ({"commit": "main"}, "HEAD")],
)
def test_what_the_record_does_not_know_is_left_out(said, name):
    assert name in dependencies(model())
    assert name not in dependencies(model(**said))


def test_no_time_is_told_since_none_is_recorded():
    assert "startedOn" not in json.dumps(statement(model(), HERE, None, {}))
    assert "finishedOn" not in json.dumps(statement(model(), HERE, None, {}))


@pytest.mark.parametrize(
    ("builder", "said"),
    [(None, ANY_BUILDER), ("https://ci.acme.org/runner", "https://ci.acme.org/runner")],
)
def test_the_builder_is_who_is_said_to_be(builder, said):
    assert provenance(model(), HERE, builder)["runDetails"]["builder"]["id"] == said


def test_a_record_is_named_by_its_blob_and_commit():
    (found,) = provenance(model(), THERE, None)["runDetails"]["byproducts"]
    assert found["digest"] == {"gitBlob": "b" * 40}
    assert found["uri"].endswith(f"@{'c' * 40}#lineage.json")
    assert found["annotations"]["gitCommit"] == "c" * 40


def test_mode_and_reasons_are_told_as_they_are_recorded():
    found = provenance(hostile(), HERE, None)["buildDefinition"]["internalParameters"]
    assert found["mode"] == "finetune"
    assert [one["text"] for one in found["reasons"]] == [HOSTILE]


def test_the_texts_of_examples_are_not_told():
    unlearned = found().model.record.unlearned
    assert unlearned.to_json().keys() == {"unlearned", "unlearned_examples"}
    assert "unlearned" not in json.dumps(statement(model(), HERE, None, {}))
