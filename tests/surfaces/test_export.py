"""`dvcinc lineage export` on the command line: which models, where to, how it ends."""

from __future__ import annotations

import hashlib
import json
import os

import pytest
from click.testing import CliRunner
from huggingface_hub import ModelCard
from lineages import digest, written
from recorded import FILE, trained
from repositories import put
from surfaces.exporting import export, two_models
from surfaces.run import python

from dvcinc.errors import InputError
from dvcinc.release import getting
from dvcinc.surfaces.export_command import export as command
from dvcinc.surfaces.exporting import Asked, Form

FORMS = ("in-toto", "slsa", "openlineage", "cyclonedx", "model-card")


def hexed(name):
    return digest(name).removeprefix("sha256:")


@pytest.fixture
def made(repo):
    return two_models(repo())


@pytest.mark.parametrize(
    ("name", "model"),
    [("HEAD~1", "a"), (hexed("a")[:8], "a"), (hexed("base")[:8], "base")],
)
def test_a_model_is_named_as_for_show(made, name, model):
    (subject,) = json.loads(export(made, "in-toto", name).stdout)["subject"]
    assert subject["digest"]["dvcincModel"] == hexed(model)


@pytest.mark.parametrize("form", FORMS)
def test_a_file_holds_the_bytes_that_are_printed(made, form, tmp_path):
    written_to = tmp_path / "deep" / "file"
    printed = export(made, form).stdout
    done = export(made, form, "--output", str(written_to))
    assert done.stdout == ""
    assert written_to.read_bytes() == printed.encode()
    assert form == "slsa" or hexed("b") in printed


def test_the_predicate_is_that_of_the_statement(made):
    statement = json.loads(export(made, "in-toto").stdout)
    assert statement["predicate"] == json.loads(export(made, "slsa").stdout)


def test_all_models_are_those_up_to_the_revision(made):
    trained(made, "c")
    bill = json.loads(export(made, "cyclonedx", "--all", "HEAD~1").stdout)
    assert bill["metadata"]["component"]["version"] == hexed("b")
    models = [one["version"] for one in bill["components"] if one["type"] != "data"]
    assert models == [hexed("a")]
    events = export(made, "openlineage", "--all").stdout.splitlines()
    assert len(events) == 2 * len(("base", "a", "b", "c"))


def test_a_model_of_the_work_tree_is_in_a_bill_and_in_no_events(made):
    made.write({FILE: written("c")})
    assert hexed("c") in export(made, "cyclonedx", "--all").stdout
    assert hexed("c") not in export(made, "openlineage", "--all").stdout
    done = export(made, "openlineage", code=2)
    assert f"model {hexed('c')[:8]} has no time" in done.stderr
    assert "commit lineage.json" in done.stderr


def test_a_project_below_the_top_says_so_in_its_paths(made):
    moved = made.path / "bots" / "shop"
    for name in (FILE, "config.yml", "domain.yml", "data/nlu.yml"):
        made.write({f"bots/shop/{name}": (made.path / name).read_bytes(), name: None})
    made.commit()
    done = export(type(made)(moved), "in-toto", "--repository", "https://x.org/y")
    said = json.loads(done.stdout)
    assert said["subject"][0]["name"] == "bots/shop/models/nlu"
    external = said["predicate"]["buildDefinition"]["externalParameters"]
    assert (external["project"], external["repository"]) == (
        "bots/shop",
        "https://x.org/y",
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_project_whose_name_is_no_text_is_told_of(made, form):
    there = os.fsdecode(b"b\xff t")
    made.write({f"{there}/{FILE}": written("c"), FILE: None})
    made.commit()
    done = export(type(made)(made.path / there), form)
    assert form == "slsa" or "b\ufffd t/models/nlu" in done.stdout.replace(
        "\\ufffd", "\ufffd"
    )


# --- the model's files ---------------------------------------------------------------


def cached(made, files):
    """DVC's hash of a model with these files, which its cache then holds."""
    below = made.path / ".dvc/cache/files/md5"
    entries = []
    for name, data in sorted(files.items()):
        md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
        put(below / md5[:2] / md5[2:], data)
        entries.append({"md5": md5, "relpath": name})
    listed = json.dumps(entries)
    md5 = hashlib.md5(listed.encode(), usedforsecurity=False).hexdigest()
    put(below / md5[:2] / f"{md5[2:]}.dir", listed)
    return f"{md5}.dir"


def test_the_files_of_a_model_are_subjects_by_their_sha256(made):
    files = {"weights.safetensors": b"weights", "model.json": b"{}"}
    trained(made, "c", dvc=cached(made, files))
    said = json.loads(export(made, "in-toto", "--files").stdout)
    _, *subjects = said["subject"]
    assert {one["name"]: one["digest"] for one in subjects} == {
        f"models/nlu/{name}": {"sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
    }


def test_files_that_are_not_the_records_are_refused(made):
    hashed = cached(made, {"model.json": b"{}"})
    trained(made, "c", dvc=hashed)
    (object_,) = (made.path / ".dvc/cache").rglob(
        "99914b932bd37a50b983c5e7c90ae93b"[2:]
    )
    object_.write_bytes(b"[]")
    done = export(made, "in-toto", "--files", code=3)
    assert "is broken: it has another MD5" in done.stderr
    object_.unlink()
    done = export(made, "in-toto", "--files", code=3)
    assert "not in the local cache" in done.stderr


def test_a_record_without_a_hash_has_no_files(made):
    trained(made, "c", dvc="")
    done = export(made, "in-toto", "--files", code=3)
    assert "its record has no hash of DVC's" in done.stderr


# --- the model card ------------------------------------------------------------------


def test_a_card_has_the_language_of_just_the_data_that_were_trained_on(made):
    assert ModelCard(export(made, "model-card").stdout).data.language == "en"
    made.write({"config.yml": "language: no\npipeline: []\n"})
    made.commit({FILE: written("c")})
    assert ModelCard(export(made, "model-card").stdout).data.language is None


def test_a_card_has_the_ids_that_were_given(made):
    given = ("--base-model", "acme/base", "--dataset", "a/b", "--dataset", "c/d")
    found = ModelCard(export(made, "model-card", *given).stdout).data
    assert (found.base_model, found.datasets) == ("acme/base", ["a/b", "c/d"])


# --- what is refused -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "arguments", "said"),
    [
        ("model-card", ["--all"], "--all is for openlineage and cyclonedx"),
        ("in-toto", ["--all"], "--all is for openlineage and cyclonedx"),
        ("cyclonedx", ["--builder", "x:y"], "--builder is for in-toto and slsa"),
        ("slsa", ["--files"], "--files is for in-toto"),
        ("slsa", ["--base-model", "a/b"], "--base-model is for model-card"),
        ("slsa", ["--dataset", "a/b"], "--dataset is for model-card"),
        ("in-toto", ["--emit", "http://x"], "--emit is for openlineage"),
        ("openlineage", ["--emit", "http://x", "--output", "f"], "exclude each other"),
        ("pdf", [], "'pdf' is not one of"),
    ],
)
def test_options_that_do_not_fit_are_refused(form, arguments, said):
    done = CliRunner().invoke(command, ["--format", form, *arguments])
    assert (done.exit_code, said in done.output) == (2, True), done.output


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"builder": "me"}, "'me' is no URI"),
        ({"builder": "https://x y"}, "is no URI"),
        ({"base_model": "sha256:1"}, "'sha256:1' is no id of a hub"),
        ({"datasets": ("a/b", "a/b/c")}, "'a/b/c' is no id of a hub"),
        ({"repository": "git@x:y"}, "is no page of a repository"),
        ({"repository": "https://me:pw@x/y"}, "is no page of a repository"),
    ],
)
def test_what_is_added_has_a_form(given, said):
    with pytest.raises(InputError, match=said):
        Asked(form=Form.IN_TOTO, **given)


def test_a_project_without_models_says_so(repo):
    made = repo({"x": "1"})
    assert "lineage.json is missing" in export(made, "slsa", code=2).stderr
    done = export(made, "cyclonedx", "--all", code=2)
    assert "no model is recorded yet" in done.stderr


def test_the_command_takes_each_form_there_is():
    (choice,) = [one.type for one in command.params if one.name == "form"]
    assert [*choice.choices] == [*Form] == [*FORMS]


def test_a_file_that_cannot_be_written_is_an_error(made, tmp_path):
    (tmp_path / "file").write_text("")
    done = export(made, "slsa", "--output", str(tmp_path / "file" / "x"), code=2)
    assert "cannot be written" in done.stderr


def test_without_the_extra_openlineage_is_an_error_that_names_it(made):
    code = (
        "import sys; sys.modules['openlineage'] = None\n"
        "sys.argv = ['dvcinc', 'lineage', 'export', '--format', 'openlineage']\n"
        "from dvcinc.__main__ import main; main()\n"
    )
    done = python(made.path, code)
    assert done.returncode == 2
    assert getting("openlineage") in done.stderr


@pytest.mark.parametrize("form", ["in-toto", "slsa", "cyclonedx", "model-card"])
def test_other_forms_need_no_package_but_the_base(made, form):
    absent = "openlineage cyclonedx huggingface_hub in_toto_attestation requests yaml"
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({absent.split()}))\n"
        f"sys.argv = ['dvcinc', 'lineage', 'export', '--format', {form!r}]\n"
        "from dvcinc.__main__ import main; main()\n"
    )
    done = python(made.path, code)
    assert done.returncode == 0, done.stderr
