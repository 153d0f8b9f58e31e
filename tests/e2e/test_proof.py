"""`dvcinc lineage verify`: real models in a real history, and each way to forge one.

Every test starts from a copy of one chain, in which all is well.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from importlib.resources import files

import pages
import pytest
from e2e.chain import (
    LINEAGE,
    LOCK,
    METRICS,
    PLAN,
    REPORT,
    edit,
    inner,
    lineage_at,
    make_chain,
    put_in_record,
    record,
    relock,
    rerecord,
    stored,
    swap_in_lock,
    trained_otherwise,
)
from e2e.project import Project, environment
from jsonschema import Draft202012Validator
from stages.test_without_tensorflow import Talk

from dvcinc.config import Mode
from dvcinc.lineage.proof import Weight
from dvcinc.model.checkpoint import load
from dvcinc.plan.project import open_project
from dvcinc.stages.proving import Wish, prover

pytestmark = pytest.mark.e2e

SCHEMA = json.loads((files("dvcinc.render") / "schemas/lineage.json").read_bytes())


@pytest.fixture(scope="module")
def chain_once(tmp_path_factory) -> Project:
    return make_chain(tmp_path_factory.mktemp("chain"))


@pytest.fixture
def chain(chain_once, tmp_path) -> Project:
    """A copy; what is stored is linked, so that whoever changes it writes it anew."""
    shutil.copytree(
        chain_once.path, tmp_path / "chain", symlinks=True, copy_function=os.link
    )
    project = Project(tmp_path / "chain")
    for path in project.path.rglob("*"):
        if path.is_file() and ".dvc/cache" not in path.as_posix():
            data = path.read_bytes()
            path.unlink()
            path.write_bytes(data)
    return project


def proofs(project, revision="HEAD", **wish):
    """What is proved of each model, by digest."""
    opened = open_project(project.path)
    made = prover(opened, opened.git.commit(revision), Wish(**wish), Talk())
    return {one.digest: made.prove(one) for one in made.wanted()}


def found(project, revision="HEAD", **wish):
    """The codes of all that is found."""
    every = proofs(project, revision, **wish).values()
    return {finding.code for proof in every for finding in proof.findings}


def rewritten(path, change):
    """A stored file with other bytes under the same hash."""
    data = bytearray(path.read_bytes())
    change(data)
    path.unlink()
    path.write_bytes(data)


def flip(data):
    data[-1] ^= 1


# --- what is well ------------------------------------------------------------------


def test_all_of_a_chain_is_proved(chain):
    every = proofs(chain, everything=True, rebuild=True, bases=True)
    assert {proof.weight for proof in every.values()} == {Weight.NOTE}
    assert [finding for proof in every.values() for finding in proof.findings] == []
    kinds = {(p.model.record.mode.word, p.model.record.ran) for p in every.values()}
    assert kinds == {
        ("scratch", "trained"),
        ("scratch", "passed on"),
        ("finetune", "finetuned"),
        ("refresh", "packaged"),
        ("scratch", "finetuned"),
    }


def test_what_is_rebuilt_is_told_and_the_work_tree_stays_as_it_is(chain):
    before = chain.git("status", "--porcelain")
    shutil.rmtree(chain.path / "models/nlu")
    done = chain.run("dvcinc", "lineage", "verify", "--rebuild")
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [row[:2] for row in rows[:2]] == [["ok", "model"], ["ok", "base"]]
    assert rows[0][6:] == ["record,", "bytes,", "data,", "mode,", "rebuilt"]
    assert rows[1][6:] == ["record,", "bytes"]
    assert done.stdout.splitlines()[-1] == "2 models: 2 ok"
    assert chain.git("status", "--porcelain") == before
    assert not (chain.path / "models/nlu").exists()


# --- what people do with history, and nothing is wrong with it -----------------------


def alone(project, branch):
    """Leaves nothing of a repository but what a branch leads to."""
    project.git("checkout", "-q", "-f", branch)
    for line in project.git("for-each-ref", "--format=%(refname)").splitlines():
        if line != f"refs/heads/{branch}":
            project.git("update-ref", "-d", line)
    project.git("remote", "remove", "origin")
    project.git("reflog", "expire", "--expire=now", "--all")
    project.git("gc", "-q", "--prune=now")


def named(project, subject):
    return project.git("log", "--all", "--format=%H", f"--grep=^{subject}$")


def squash(project):
    project.git("checkout", "-q", "-b", "squashed", named(project, "base"))
    project.git("merge", "-q", "--squash", named(project, "refreshed"))
    project.commit("squashed")


def rebase(project):
    project.git("checkout", "-q", "-b", "squashed", named(project, "base"))
    project.write("README.md", "words\n")
    project.commit("another")
    start, end = named(project, "base"), named(project, "refreshed")
    project.git("rebase", "-q", "--onto", "squashed", start, end)
    project.git("branch", "-f", "squashed", "HEAD")


def cherry_pick(project):
    project.git("checkout", "-q", "-b", "squashed", named(project, "base"))
    project.write("README.md", "words\n")
    project.commit("another")
    project.git("cherry-pick", named(project, "fine-tuned"))


def revert(project):
    project.git("checkout", "-q", "-b", "squashed", named(project, "refreshed"))
    project.git("revert", "--no-edit", "HEAD")


def amend(project):
    project.git("checkout", "-q", "-b", "squashed", named(project, "refreshed"))
    project.git("commit", "-q", "--amend", "-m", "better words")


def train_afterwards(project):
    """Data first, and what CI commits back behind them."""
    project.git("checkout", "-q", "-b", "squashed", named(project, "base"))
    project.git("checkout", "-q", named(project, "fine-tuned"), "--", "data")
    project.commit("data")
    project.git("checkout", "-q", named(project, "fine-tuned"), "--", ".")
    project.commit("trained")


@pytest.mark.parametrize(
    "change",
    [squash, rebase, cherry_pick, revert, amend, train_afterwards],
    ids=lambda change: change.__name__,
)
@pytest.mark.parametrize("cleaned", [False, True])
def test_a_history_that_was_rewritten_contradicts_nothing(chain, change, cleaned):
    change(chain)
    if cleaned:
        alone(chain, "squashed")
    every = proofs(chain, "squashed", everything=True, rebuild=True)
    told = {finding.code for proof in every.values() for finding in proof.findings}
    assert told <= {"LV101", "LV307"}
    assert {proof.weight for proof in every.values()} == {Weight.NOTE}


def test_a_project_that_was_moved_is_proved_where_it_was(chain):
    moved = ["data", "plan", "models", "reports", "plots", LINEAGE, LOCK, METRICS]
    (chain.path / "bot").mkdir()
    tracked = chain.git("ls-files").splitlines()
    for name in [*moved, "dvc.yaml", "params.yaml"]:
        if any(path == name or path.startswith(f"{name}/") for path in tracked):
            chain.git("mv", name, f"bot/{name}")
    chain.commit("moved")
    there = Project(chain.path / "bot")
    every = proofs(there, everything=True, rebuild=True)
    assert len(every) == 8
    assert {proof.weight for proof in every.values()} == {Weight.NOTE}
    assert {finding for proof in every.values() for finding in proof.findings} == set()


@pytest.mark.parametrize("is_planned", [False, True])
def test_what_is_not_trained_yet_contradicts_nothing(chain, is_planned):
    chain.add_examples("goodbye", "farewell")
    if is_planned:
        chain.run("dvc", "repro", "-q", "plan")
    chain.commit("more")
    assert found(chain, everything=True) == set()


def test_a_stage_that_has_refused_the_model_contradicts_nothing(chain):
    """`verify` keeps the lock of the last model that it let pass."""
    before = lineage_at(chain, named(chain, "merged")).model.dvc
    head, stage, rest = chain.read(LOCK).partition("  verify:\n")
    assert record(chain).dvc in rest
    chain.write(LOCK, head + stage + rest.replace(record(chain).dvc, before))
    chain.commit("refused")
    assert found(chain, everything=True) == set()


def test_what_a_shallow_clone_cannot_tell_is_no_contradiction(chain, tmp_path):
    there = Project(tmp_path / "shallow")
    url = chain.path.as_uri()
    chain.git("clone", "-q", "--depth=1", url, str(there.path))
    shutil.copytree(chain.path / ".dvc/cache", there.path / ".dvc/cache")
    assert found(there) == {"LV101", "LV301"}


def test_only_a_squash_hides_the_plan_that_a_mode_goes_by(chain):
    rebase(chain)
    alone(chain, "squashed")
    assert found(chain, everything=True) == {"LV101"}


def test_what_was_collected_is_fetched_from_the_remote(chain):
    shutil.rmtree(chain.path / ".dvc/cache")
    assert found(chain) == {"LV201"}
    assert chain.run("dvcinc", "lineage", "verify", check=False).returncode == 3
    assert found(chain, remote=True) == set()


def test_what_is_nowhere_cannot_be_told(chain):
    shutil.rmtree(chain.path / ".dvc/cache")
    chain.run("dvc", "remote", "remove", "store")
    assert found(chain, remote=True) == {"LV201"}


def test_other_rules_may_have_come_to_another_mode(chain):
    other_mode(chain)
    older(chain)
    assert found(chain) == {"LV306"}
    model = proofs(chain, everything=True)[record(chain).digest]
    assert model.weight is Weight.NOTE


# --- forgeries, each found and named ------------------------------------------------


def other_mode(project):
    """Record, plan and lock agree on a mode that the data do not need."""
    edit(project, PLAN, lambda plan: plan["targets"].update(nlu="finetune"))
    rerecord(project, "model", mode=Mode.FINETUNE)
    relock(project, PLAN, LINEAGE)
    project.commit("forged")


def made_elsewhere(project, **around):
    """Record, report and lock agree on where a model was made."""
    there = {**record(project).environment, **around}
    rerecord(project, "model", environment=there)
    edit(project, REPORT, lambda said: said["environment"][0].update(around))
    relock(project, LINEAGE, REPORT)


def older(project):
    """The same of a model that was made with another dvcinc."""
    made_elsewhere(project, dvcinc="0.0.1")
    project.git("add", "-A")
    project.git("commit", "-q", "--amend", "--no-edit")


def byte_of_weights(project):
    md5 = inner(project, record(project).dvc, "weights.safetensors")
    rewritten(stored(project, md5), flip)


def byte_of_listing(project):
    rewritten(stored(project, record(project).dvc), flip)


def byte_of_base(project):
    md5 = inner(project, record(project, "base").dvc, "model.json")
    rewritten(stored(project, md5), flip)


def other_digest(project):
    rerecord(project, "model", digest=f"sha256:{'0' * 64}")


def fine_tuned(project):
    """Where both models were trained, not restored, when their record was written."""
    project.git("checkout", "-q", "-B", "main", named(project, "fine-tuned"))


def other_cost(project):
    fine_tuned(project)
    rerecord(project, "model", steps=7)


def other_base_cost(project):
    fine_tuned(project)
    rerecord(project, "base", seconds=9.5)


def other_metrics(project):
    rerecord(project, "model", metrics={**record(project).metrics, "examples": 7.0})


def other_preset(project):
    rerecord(project, "model", preset="pragmatic")


def other_reasons(project):
    rerecord(project, "model", reasons=())


def other_counts(project):
    data = replace(record(project, "base").data, examples=7)
    rerecord(project, "base", data=data)


def other_environment(project):
    fine_tuned(project)
    around = {**record(project).environment, "numpy": "1.0"}
    rerecord(project, "model", environment=around)


def no_parent(project):
    rerecord(project, "model", parent=f"sha256:{'0' * 64}")


def base_with_parent(project):
    rerecord(project, "base", parent=f"sha256:{'0' * 64}")


def base_commit(project):
    rerecord(project, "base", commit="0" * 40)


def no_commit(project):
    rerecord(project, "model", commit="--all")


def no_hash(project):
    rerecord(project, "model", dvc="../../etc/passwd")


def other_data(project):
    other = f"sha256:{'0' * 64}"
    rerecord(project, "model", data=replace(record(project).data, digest=other))
    edit(project, PLAN, lambda s: s["corpus"].update(digest=other))
    relock(project, PLAN)


def other_delta(project):
    other = f"sha256:{'0' * 64}"
    edit(project, PLAN, lambda s: s["delta"].update(digest=other))
    relock(project, PLAN)


def other_steps(project):
    """The plan says that more was learned from the same delta."""
    fine_tuned(project)
    edit(project, PLAN, lambda s: s["finetune"].update(steps=9))
    relock(project, PLAN)


def other_training(project):
    """The plan says that its base was trained otherwise."""
    edit(project, PLAN, lambda s: s["base"]["train"].update(seed=7))
    relock(project, PLAN)


def other_model(project):
    """The model of an earlier commit in the place of this one."""
    old = lineage_at(project, named(project, "merged")).model
    swap_in_lock(project, record(project).dvc, old.dvc)
    rerecord(project, "model", dvc=old.dvc)


def other_model_and_digest(project):
    other_model(project)
    old = lineage_at(project, named(project, "merged")).model
    rerecord(project, "model", digest=old.digest)


def other_lock(project):
    old = lineage_at(project, named(project, "merged")).model
    swap_in_lock(project, record(project).dvc, old.dvc)


def no_lock(project):
    (project.path / LOCK).unlink()


def other_file(project):
    edit(project, METRICS, lambda s: s.update(examples=s["examples"]))
    project.write(METRICS, project.read(METRICS) + "\n")


FORGERIES = [
    (byte_of_weights, {"LV202"}, {"LV202"}),
    (byte_of_listing, {"LV202"}, {"LV202"}),
    (byte_of_base, {"LV202"}, {"LV202"}),
    (other_digest, {"LV105", "LV203"}, {"LV203"}),
    (other_cost, {"LV105", "LV108"}, {"LV108"}),
    (other_base_cost, {"LV105", "LV108"}, {"LV108"}),
    (other_environment, {"LV105", "LV108"}, {"LV108"}),
    (other_metrics, {"LV105", "LV107"}, {"LV107"}),
    (other_preset, {"LV105", "LV106"}, {"LV106"}),
    (other_reasons, {"LV105", "LV106"}, {"LV106"}),
    (other_counts, {"LV105", "LV106"}, {"LV106"}),
    (no_parent, {"LV103", "LV105"}, {"LV103"}),
    (base_with_parent, {"LV102", "LV105"}, {"LV102"}),
    (base_commit, {"LV101", "LV105"}, {"LV101"}),
    (no_commit, {"LV102", "LV105"}, {"LV102"}),
    (no_hash, {"LV104", "LV105", "LV202"}, {"LV104", "LV202"}),
    (other_data, {"LV105", "LV302"}, {"LV302"}),
    (other_delta, {"LV205", "LV304"}, {"LV205", "LV304"}),
    (other_steps, {"LV304"}, {"LV304"}),
    (other_training, {"LV304"}, {"LV304"}),
    (other_model, {"LV105", "LV203", "LV205"}, {"LV203", "LV205"}),
    (other_lock, {"LV104"}, {"LV104"}),
    (no_lock, {"LV110"}, {"LV110"}),
    (other_file, {"LV105"}, set()),
    (other_mode, {"LV305"}, {"LV305"}),
]
FORGERS = [forge.__name__ for forge, _, _ in FORGERIES]


@pytest.mark.parametrize(("forge", "codes", "covered"), FORGERIES, ids=FORGERS)
def test_a_forgery_is_found_and_named(chain, forge, codes, covered):
    """`covered`: what is still found where the forger wrote `dvc.lock` anew, too."""
    forge(chain)
    chain.git("add", "-A")
    chain.git("commit", "-q", "--allow-empty", "-m", "forged")
    assert found(chain) == codes
    if forge is no_lock:
        return
    relock(chain, LINEAGE, METRICS)
    chain.git("add", "-A")
    chain.git("commit", "-q", "--allow-empty", "--amend", "--no-edit")
    assert found(chain) == covered


def test_a_forgery_is_named_with_its_commit_path_and_model(chain):
    other_metrics(chain)
    commit = chain.commit("forged")
    done = chain.run("dvcinc", "lineage", "verify", check=False)
    assert done.returncode == 1
    model = record(chain).digest.removeprefix("sha256:")
    head, *lines = done.stdout.splitlines()
    assert head.split()[:3] == ["wrong", "model", model[:8]]
    at = lines.index("  LV107 the metrics say otherwise")
    said = "metric examples is 7.0, but 6.0 in metrics.json"
    assert lines[at + 1] == f"    {commit[:10]}:{LINEAGE}: {said}"
    assert lines[-1] == "2 models: 1 ok, 1 wrong"


def test_a_lock_that_was_swapped_for_a_while_is_found_in_all_of_history(chain):
    other_lock(chain)
    chain.commit("swapped")
    chain.git("revert", "--no-edit", "HEAD")
    assert found(chain) == set()
    assert found(chain, everything=True) == {"LV104"}


# --- what agrees with everything that is committed ----------------------------------


@pytest.fixture
def forged(chain, tmp_path):
    """A model that nobody trained from these data, and all records that go with it."""
    fine_tuned(chain)
    chain.run("dvc", "checkout", "-q")
    model = trained_otherwise(load(chain.path / "models/nlu"))
    put_in_record(chain, "model", model, tmp_path / "forged")
    chain.commit("forged")
    return chain


def test_a_forgery_that_agrees_with_itself_is_found_by_a_new_training(forged):
    assert found(forged) == set()
    assert found(forged, rebuild=True) == {"LV401"}
    done = forged.run("dvcinc", "lineage", "verify", "--rebuild", check=False)
    assert done.returncode == 1
    assert "trained again it is sha256:" in done.stdout


def test_where_arithmetic_differs_a_new_training_tells_nothing(forged):
    made_elsewhere(forged, kernels="openblas 9 Elsewhere")
    forged.git("commit", "-q", "-a", "--amend", "--no-edit")
    assert found(forged, rebuild=True) == {"LV402"}


@pytest.fixture
def forged_base(chain, tmp_path):
    """The same of a base, and of the model that its weights were passed on to."""
    chain.git("checkout", "-q", "-B", "main", named(chain, "base"))
    chain.run("dvc", "checkout", "-q")
    base = trained_otherwise(load(chain.path / "models/base"))
    model = replace(load(chain.path / "models/nlu"), tensors=base.tensors)
    put_in_record(chain, "base", base, tmp_path / "base")
    put_in_record(chain, "model", model, tmp_path / "model")
    chain.commit("forged")
    return chain


def test_a_forged_base_is_found_by_a_new_training_of_bases(forged_base):
    assert found(forged_base, rebuild=True) == set()
    every = proofs(forged_base, rebuild=True, bases=True).values()
    wrong = {p.model.is_base: [f.code for f in p.findings] for p in every}
    assert wrong == {False: [], True: ["LV401"]}


def test_a_model_is_not_built_on_a_base_that_is_another(forged):
    rewritten(stored(forged, record(forged, "base").dvc), flip)
    assert found(forged, rebuild=True) == {"LV202", "LV403"}


@pytest.mark.parametrize("page", ["docs/proof.md"])
def test_the_page_shows_what_happens(chain, page):
    pages.run(page, chain.path, environment())


# --- documents ----------------------------------------------------------------------


@pytest.mark.parametrize("forge", [None, other_metrics, other_lock])
def test_a_document_is_what_the_schema_says(chain, forge):
    if forge is not None:
        forge(chain)
        chain.commit("forged")
    done = chain.run("dvcinc", "lineage", "verify", "--all", "--json", check=False)
    said = json.loads(done.stdout)
    one = {**SCHEMA, "oneOf": [{"$ref": "#/$defs/verify"}]}
    assert [e.message for e in Draft202012Validator(one).iter_errors(said)] == []
    assert said["verdict"] == ("wrong" if forge else "ok")
    assert done.returncode == (1 if forge else 0)
