"""The stages behind the training, on a model that was never trained."""

from __future__ import annotations

import json
from contextlib import contextmanager, nullcontext
from dataclasses import replace

import numpy as np
import pytest
from corpora import PIPELINE, SELECTING, nlu_yaml

from dvcinc.corpus.pipeline import read_pipeline
from dvcinc.corpus.values import Example, Response
from dvcinc.errors import CheckError, InputError
from dvcinc.lineage.record import read_lineage
from dvcinc.lineage.unlearned import Named, Unlearned
from dvcinc.model.checkpoint import digest, load, optimizer_shapes, save
from dvcinc.model.runtime import Runtime
from dvcinc.model.start import before_training
from dvcinc.plan.base import read_base
from dvcinc.plan.document import read_plan
from dvcinc.plan.files import read_folder
from dvcinc.plan.json import dump
from dvcinc.snapshot.side import unwatched
from dvcinc.stages.bench import at_work
from dvcinc.stages.evaluate import run_evaluate
from dvcinc.stages.finetune import run_finetune
from dvcinc.stages.hashes import dvc_hash
from dvcinc.stages.outcome import FINETUNE, put_restored
from dvcinc.stages.package import run_package
from dvcinc.stages.plan import run_plan
from dvcinc.stages.record import run_record
from dvcinc.stages.reports import Report, environment, read_report
from dvcinc.stages.restore import Recorded, Restored

FEATURIZER = "- name: RegexFeaturizer\n"
LINES = "greet: hi | hello [Bob](name)\nbye: ciao | so long\nsynonym Robert: Bob"
PROJECT = {
    "params.yaml": "data: {nlu: data, config: config.yml, test: t}\n",
    "data/nlu.yml": nlu_yaml(LINES),
    "t/test.yml": nlu_yaml("greet: hey\nbye: bye"),
    "config.yml": PIPELINE,
    ".gitignore": "/models\n/plan/base\n/plan/delta\n/plan/tables\n",
}
TRAINED = Report(
    ran="trained",
    seconds=2.5,
    steps=7,
    epochs=1,
    unlearned=Unlearned(),
    environment=environment(),
)


class Talk:
    """Remembers what was said."""

    def __init__(self):
        self.said = []

    def say(self, text):
        self.said.append(text)

    warn = say

    def watching(self):
        return nullcontext(unwatched)

    @contextmanager
    def progress(self, _):
        yield lambda **_: None


@pytest.fixture
def project(repo):
    """A planned project with a base model that was drawn, not trained."""
    return planned(repo(PROJECT))


def planned(made):
    """The same for any project."""
    run_plan(made.path, Talk())
    base = read_base(read_folder(made.path / "plan/base"), "plan/base")
    pipeline = read_pipeline(base.corpus.config)
    examples = sorted(base.corpus.examples, key=Example.order)
    model = before_training(base.corpus, pipeline, examples, 1, base.info.digest)
    zeros = {
        name: np.zeros(shape, np.float32)
        for name, shape in optimizer_shapes(model.shapes).items()
    }
    save(replace(model, optimizer=zeros), made.path / "models/base")
    made.write({"reports/train.json": json.dumps(TRAINED.to_json())})
    return made


def run_rest(made):
    """All stages behind `train`."""
    for run in (run_finetune, run_package, run_evaluate, run_record):
        run(made.path, Talk())
    said = json.loads((made.path / "lineage.json").read_bytes())
    return dict(zip(("model", "base"), said["records"], strict=True))


def test_an_empty_delta_passes_the_bases_weights_on(project):
    run_finetune(project.path, Talk())
    base, weights = (project.path / "models" / name for name in ("base", "weights"))
    name = "weights.safetensors"
    assert (base / name).read_bytes() == (weights / name).read_bytes()
    assert not (weights / "optimizer.safetensors").exists()


def test_the_record_tells_of_base_and_model(project):
    said = run_rest(project)
    base, model = said["base"], said["model"]
    assert base["digest"] == digest(load(project.path / "models/base"))
    assert model["digest"] == digest(load(project.path / "models/nlu"))
    assert (base["parent"], model["parent"]) == (None, base["digest"])
    assert (base["ran"], base["cost"]) == ("trained", {"seconds": 2.5, "steps": 7})
    assert (model["ran"], model["mode"]) == ("passed on", "scratch")
    assert model["commit"] == project.commits[-1]
    assert model["data"]["examples"] == 4
    assert [reason["code"] for reason in model["reasons"]] == ["DI504"]
    assert model["metrics"]["examples"] == 2


def test_recording_the_same_model_again_changes_no_byte(project):
    run_rest(project)
    project.commit()
    before = (project.path / "lineage.json").read_bytes()
    slower = replace(TRAINED, seconds=99.0).to_json()
    project.write({"reports/train.json": json.dumps(slower)})
    run_record(project.path, Talk())
    assert (project.path / "lineage.json").read_bytes() == before


def test_a_refresh_is_recorded_as_packaged_and_keeps_the_base_record(project):
    before = run_rest(project)
    project.commit()
    project.write({"data/nlu.yml": nlu_yaml(LINES + " | Bobby")})
    run_plan(project.path, Talk())
    said = run_rest(project)
    assert said["base"] == before["base"]
    model = said["model"]
    assert (model["mode"], model["ran"]) == ("refresh", "packaged")
    assert model["cost"] == {"seconds": 0.0, "steps": 0}


# A right-to-left override, which turns what stands behind it.
HOSTILE = "good\u202edad"


def unlearning(project):
    """The same project with a delta that one step cannot teach."""
    limits = "policy: {growth_limit: 9}\nfinetune: {steps: 1}\n"
    data = nlu_yaml(f"{LINES}\nbye: adieu | {HOSTILE}\ngreet: hey there | servus")
    run_rest(project)
    project.commit()
    params = PROJECT["params.yaml"] + limits
    project.write({"params.yaml": params, "data/nlu.yml": data})
    run_plan(project.path, Talk())
    return project


def test_what_was_not_learned_is_named_in_log_report_and_record(project):
    talk = Talk()
    run_finetune(unlearning(project).path, talk)
    report = json.loads((project.path / "reports/finetune.json").read_bytes())
    names = report["unlearned_examples"]
    assert len(names) == report["unlearned"] > 0
    assert names == sorted(names, key=lambda one: (one["intent"], one["text"]))
    warned = [said for said in talk.said if said.startswith("not learned: ")]
    assert len(warned) == len(names)
    run_package(project.path, Talk())
    run_evaluate(project.path, Talk())
    run_record(project.path, Talk())
    lineage = (project.path / "lineage.json").read_bytes()
    model, base = read_lineage(lineage).model, read_lineage(lineage).base
    assert [named.text for named in model.unlearned.named] == [n["text"] for n in names]
    assert base.unlearned == Unlearned()
    assert "\u202e".encode() not in lineage


LEFT = Unlearned(count=30, named=(Named("bye", "adieu"),))
REPORT = dump(TRAINED.to_json())
ELSEWHERE = replace(environment(), python="3.99.0", platform="Plan9 mips")


def lock(project):
    """What `dvc.lock` says of `finetune` once it has run."""
    paths = ("models/base", "plan/delta", "models/weights", "reports/finetune.json")
    said = [{"path": path, "md5": dvc_hash(project / path)} for path in paths]
    params = {"params.yaml": {"finetune": None}}
    stage = {"params": params, "deps": said[:2], "outs": said[2:]}
    return json.dumps({"stages": {"finetune": stage}})


@pytest.mark.parametrize(
    ("recorded", "held", "kept"),
    [
        (REPORT, REPORT, True),
        (REPORT, dump(replace(TRAINED, unlearned=LEFT).to_json()), False),
        (REPORT, None, False),
        (None, REPORT, False),
        (b"<<<<<<< HEAD", b"<<<<<<< HEAD", False),
    ],
)
def test_a_restored_model_keeps_the_report_of_its_own_training(
    project, recorded, held, kept
):
    """Another training's, or none that can be read, is never taken for it."""
    path = "reports/finetune.json"
    project.write({path: (recorded or b"").decode()})
    outs = {path: dvc_hash(project.path / path)} if recorded else {}
    project.write({path: held and held.decode()})
    project.commit()
    project.write({path: ""})
    with at_work(project.path, "finetune", Talk()) as bench:
        folder = bench.scratch / "restored"
        save(load(project.path / "models/base"), folder)
        put_restored(bench, FINETUNE, Restored(folder, Recorded(None, outs)))
    data = (project.path / path).read_bytes()
    assert (data == held) is kept
    assert read_report(data, path).ran == ("trained" if kept else "restored")


def test_weights_that_are_passed_on_again_keep_their_report(project):
    run_finetune(project.path, Talk())
    path = project.path / "reports/finetune.json"
    elsewhere = replace(
        read_report(path.read_bytes(), path.name), environment=ELSEWHERE
    )
    path.write_bytes(dump(elsewhere.to_json()))
    project.write({"dvc.lock": lock(project.path)})
    project.commit()
    before = path.read_bytes()
    path.unlink()
    run_finetune(project.path, Talk())
    assert path.read_bytes() == before


def test_a_model_that_is_restored_elsewhere_changes_no_byte_of_its_record(project):
    run_rest(unlearning(project))
    project.commit()
    before = (project.path / "lineage.json").read_bytes()
    path = project.path / "reports/finetune.json"
    report = read_report(path.read_bytes(), path.name)
    free = replace(report, ran="restored", seconds=0.0, unlearned=Unlearned())
    project.write({"reports/finetune.json": json.dumps(free.to_json())})
    run_record(project.path, Talk())
    assert (project.path / "lineage.json").read_bytes() == before


def test_a_report_says_which_numpy_trained(project):
    run_rest(project)
    said = json.loads((project.path / "reports/finetune.json").read_bytes())
    (environment,) = said["environment"]
    assert environment["numpy"] == np.__version__
    assert "tensorflow" in environment


FAQ = "faq/a: x one | x two\nfaq/b: y one | y two\nlookup name: Bob\nutter faq/a: Yes."


@pytest.mark.parametrize("selecting", [True, False])
def test_keys_are_measured_where_a_selector_chooses_them(repo, selecting):
    made = planned(
        repo(
            PROJECT
            | {
                "data/nlu.yml": nlu_yaml(f"{LINES}\n{FAQ}"),
                "t/test.yml": nlu_yaml("greet: hey\nfaq/a: x three\nfaq/b: y"),
                "config.yml": SELECTING if selecting else PIPELINE,
            }
        )
    )
    run_rest(made)
    said = json.loads((made.path / "metrics.json").read_bytes())
    assert 0 <= said["calibration_error"] <= 1
    assert ("responses_accuracy" in said) == selecting
    assert ("responses_macro_f1" in said) == selecting
    rows = (made.path / "plots/responses.csv").read_text().splitlines()
    assert rows[0] == "actual,predicted"
    assert len(rows) == (3 if selecting else 1)


def test_answers_and_patterns_are_packaged_around_the_same_weights(repo):
    config = SELECTING + "- name: RegexEntityExtractor\n"
    made = planned(repo(PROJECT | {"config.yml": config.replace(FEATURIZER, "")}))
    made.write({"data/nlu.yml": nlu_yaml(LINES)})
    run_rest(made)
    before = (made.path / "models/nlu/weights.safetensors").read_bytes()
    made.commit()
    made.write(
        {"data/nlu.yml": nlu_yaml(f"{LINES}\nlookup name: Bob\nutter faq/a: Yes.")}
    )
    run_plan(made.path, Talk())
    assert run_rest(made)["model"]["mode"] == "refresh"
    model = load(made.path / "models/nlu")
    assert (made.path / "models/nlu/weights.safetensors").read_bytes() == before
    assert model.tables.responses == (Response("faq/a", '{"text":"Yes."}'),)
    found = Runtime(model).parse("hi bob").entities
    assert [e.value for e in found if e.extractor == "RegexEntityExtractor"] == ["bob"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"base": "sha256:x"}, "models/nlu was made from other base"),
        ({"delta": "sha256:x"}, "models/nlu was made from other delta"),
        ({"tables_digest": "sha256:x"}, "models/nlu was made from other tables"),
    ],
)
def test_a_model_that_is_not_the_plans_is_never_recorded(project, change, message):
    run_rest(project)
    before = (project.path / "lineage.json").read_bytes()
    foreign = replace(load(project.path / "models/nlu"), **change)
    _put(foreign, project.path / "models/nlu")
    with pytest.raises(CheckError, match=message):
        run_record(project.path, Talk())
    assert (project.path / "lineage.json").read_bytes() == before


def test_a_base_model_of_another_base_is_never_recorded(project):
    run_rest(project)
    foreign = replace(load(project.path / "models/base"), base="sha256:x")
    _put(foreign, project.path / "models/base")
    with pytest.raises(CheckError, match="models/base is the model of another base"):
        run_record(project.path, Talk())


def test_a_delta_is_never_learned_on_another_base(project):
    foreign = replace(load(project.path / "models/base"), base="sha256:x")
    _put(foreign, project.path / "models/base")
    with pytest.raises(CheckError, match="models/base was trained on another base"):
        run_finetune(project.path, Talk())
    assert not (project.path / "models/weights").exists()


def test_without_test_data_the_evaluation_says_what_it_needs(project):
    run_finetune(project.path, Talk())
    run_package(project.path, Talk())
    project.write({"t/test.yml": None})
    with pytest.raises(InputError, match="there are no test examples in t"):
        run_evaluate(project.path, Talk())


def test_finetune_parameters_cost_nothing_where_there_is_nothing_to_learn(project):
    run_rest(project)
    project.commit()
    before = (project.path / "plan/plan.json").read_bytes()
    params = PROJECT["params.yaml"] + "finetune: {replay: 7}\n"
    project.write({"params.yaml": params})
    run_plan(project.path, Talk())
    assert (project.path / "plan/plan.json").read_bytes() == before
    assert read_plan(before).delta.is_empty


def _put(model, folder):
    for path in folder.iterdir():
        path.unlink()
    save(model, folder)


def test_the_evaluation_tells_of_tests_of_a_renamed_intent(project):
    """Under `pragmatic` a rename is a refresh: the model has the new name at once."""
    params = PROJECT["params.yaml"] + "policy: {preset: pragmatic}\n"
    run_rest(project)
    project.write({"params.yaml": params})
    run_plan(project.path, Talk())
    project.commit()
    project.write({"data/nlu.yml": nlu_yaml(LINES.replace("greet:", "hello:"))})
    run_plan(project.path, Talk())
    run_finetune(project.path, Talk())
    run_package(project.path, Talk())
    talk = Talk()
    run_evaluate(project.path, talk)
    told = [one for one in talk.said if "greet" in one]
    said = "intent greet is in 1 test and nowhere else; it is now called hello"
    assert told == [f"t/test.yml:5: {said}"]


def test_a_regex_that_is_none_stops_the_plan_with_its_line(project):
    data = nlu_yaml(LINES + "\nregex number: [0-9")
    project.write({"data/nlu.yml": data})
    line = next(n for n, text in enumerate(data.split("\n"), 1) if "[0-9" in text)
    with pytest.raises(InputError, match=f"data/nlu.yml:{line}: regex 'number': "):
        run_plan(project.path, Talk())
