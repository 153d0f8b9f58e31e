"""DVC's own tools show what was trained, and why; docs/dvc-tools.md is true."""

from __future__ import annotations

import csv
import json

import pages
import pytest
from e2e.project import Project, environment

from dvcinc.stages.hashes import dvc_hash

pytestmark = pytest.mark.train

COLUMNS = {"mode", "reason", "model", "base", "added", "removed", "lineage.json:parent"}


@pytest.fixture(scope="module")
def fresh(grown_once, tmp_path_factory) -> Project:
    """A first model and a fine-tune, committed."""
    return grown_once.copy(tmp_path_factory.mktemp("tools") / "project")


@pytest.fixture(scope="module")
def tried(fresh, tmp_path_factory) -> Project:
    """The same, with an experiment that trained anew."""
    project = fresh.copy(tmp_path_factory.mktemp("tried") / "project")
    project.run("dvc", "exp", "run", "-n", "anew", "-S", "policy.mode=scratch")
    return project


def shown(project: Project, *options: str) -> dict[str, dict[str, str]]:
    """The rows of `dvc exp show`, by the name of branch or experiment, or commit."""
    said = project.run("dvc", "exp", "show", "--csv", *options).stdout
    rows = csv.DictReader(said.splitlines())
    return {row.get("Experiment") or row["rev"]: row for row in rows}


def short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:12]


def columns(project: Project, revision: str | None = None) -> dict[str, str]:
    """What a row has to say of a revision, by its records."""
    model, base = project.lineage(revision).values()
    return {
        "mode": model["mode"],
        "model": short(model["digest"]),
        "base": short(base["digest"]),
        "lineage.json:parent": short(model["parent"]),
        "added": str(model["data"]["added"]),
    }


def test_metrics_diff_tells_mode_reason_and_model(fresh):
    said = fresh.run("dvc", "metrics", "diff", "HEAD~1", "HEAD", "--json").stdout
    found = json.loads(said)["lineage.json"]
    before, after = columns(fresh, "HEAD~1"), columns(fresh, "HEAD")
    assert before["base"] == after["base"]
    assert found == {
        "mode": {"old": "scratch", "new": "finetune"},
        "reason": {
            "old": "DI504 no plan has been committed yet",
            "new": "DI101 3 examples added to intent greet",
        },
        "model": {"old": before["model"], "new": after["model"]},
        "added": {"old": 0, "new": 3, "diff": 3},
    }


def test_exp_show_has_mode_base_and_parent_as_columns(fresh):
    rows = shown(fresh, "-n", "2")
    first = fresh.git("rev-parse", "--short=7", "HEAD~1")
    for row, revision in ((rows["main"], "HEAD"), (rows[first], "HEAD~1")):
        assert columns(fresh, revision).items() <= row.items()
        assert row.keys() >= COLUMNS


def test_exp_show_has_no_column_that_is_too_wide(fresh):
    row = shown(fresh)["main"]
    hashes = {name for name, value in row.items() if value.endswith(".dir")}
    wide = {name: value for name, value in row.items() if len(value) > 40}
    assert wide == {}
    assert not {name for name in row if "environment" in name or "digest" in name}
    assert all("/" in name for name in hashes)


def test_what_has_not_changed_is_no_column_under_only_changed(fresh):
    found = shown(fresh, "-n", "2", "--only-changed")["main"]
    assert {"mode", "reason", "model", "added"} <= found.keys()
    assert not {"base", "removed", "lineage.json:schema", "train.seed"} & found.keys()


def test_an_experiment_from_scratch_has_another_base(tried):
    rows = shown(tried)
    assert rows["main"]["mode"] == "finetune"
    assert rows["anew"]["mode"] == "scratch"
    assert rows["anew"]["base"] not in {"", rows["main"]["base"]}
    assert rows["anew"]["lineage.json:parent"] == rows["anew"]["base"]
    assert rows["anew"]["added"] == "0"
    assert columns(tried).items() <= rows["anew"].items()


def test_params_diff_tells_what_was_set(tried):
    said = json.loads(tried.run("dvc", "params", "diff", "--json").stdout)
    assert said == {
        "params.yaml": {"policy.mode": {"old": "auto", "new": "scratch"}},
    }


def plotted(project: Project, *revisions: str) -> dict[str, dict[str, list[dict]]]:
    """The points of each plot, by revision."""
    said = project.run("dvc", "plots", "diff", "--json", *revisions).stdout
    found: dict[str, dict[str, list[dict]]] = {}
    for name, plots in json.loads(said)["data"].items():
        found[name] = {revision: [] for revision in revisions}
        for plot in plots:
            for point in plot["content"]["data"]["values"]:
                found[name][point["rev"]].append(point)
    return found


@pytest.mark.parametrize("loss", ["loss", "intent_loss", "tag_loss"])
def test_plots_diff_draws_the_curves(fresh, loss):
    found = plotted(fresh, "HEAD~1", "HEAD")
    base = found[f"plots/train/metrics/{loss}.tsv"]
    points = [(point["step"], point[loss]) for point in base["HEAD"]]
    assert points == [(point["step"], point[loss]) for point in base["HEAD~1"]]
    steps = [int(step) for step, _ in points]
    assert steps == sorted({*steps})
    assert steps[-1] == json.loads(fresh.read("reports/train.json"))["steps"]
    assert all(float(value) >= 0 for _, value in points)
    learned = found[f"plots/finetune/metrics/{loss}.tsv"]
    assert (bool(learned["HEAD~1"]), bool(learned["HEAD"])) == (False, True)


def test_plots_diff_draws_what_the_tests_say(fresh):
    found = plotted(fresh, "HEAD~1", "HEAD")
    for name in ("plots/confusion.csv", "plots/intents.csv", "plots/entities.csv"):
        assert all(found[name].values())


def test_plots_diff_makes_a_page(fresh, tmp_path):
    fresh.run("dvc", "plots", "diff", "-o", str(tmp_path), "HEAD~1", "HEAD")
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.count("vega") > 0
    assert "tag_loss" in page
    assert "predicted" in page


# --- the registry -----------------------------------------------------------------


@pytest.fixture(scope="module")
def pushed(fresh, tmp_path_factory) -> Project:
    """With a remote in each commit, which has both models."""
    folder = tmp_path_factory.mktemp("registry")
    project = fresh.copy(folder / "project")
    tip = project.git("rev-parse", "HEAD")
    project.git("reset", "-q", "--hard", "HEAD~1")
    project.run("dvc", "remote", "add", "-q", "-d", "store", str(folder / "store"))
    project.commit("remote")
    project.git("cherry-pick", tip)
    project.run("dvc", "push", "-q", "--all-commits")
    return project


@pytest.fixture(scope="module")
def registered(pushed, tmp_path_factory) -> Project:
    """Both models as versions, the second assigned to a stage."""
    project = pushed.copy(tmp_path_factory.mktemp("registered") / "project")
    project.run("gto", "register", "nlu", "HEAD~1")
    project.run("gto", "register", "nlu")
    project.run("gto", "assign", "nlu", "--version", "v0.0.2", "--stage", "prod")
    return project


def test_gto_shows_the_versions_and_stages_of_the_model(registered):
    state = json.loads(registered.run("gto", "show", "--json").stdout)
    assert state["nlu"]["version"] == "v0.0.2"
    assert state["nlu"]["stage"]["prod"] == "v0.0.2"
    assert registered.git("tag").split() == ["nlu#prod#1", "nlu@v0.0.1", "nlu@v0.0.2"]


def test_dvc_gets_a_version_or_stage_in_a_clone(registered, tmp_path):
    registered.git("clone", "-q", ".", str(tmp_path / "clone"))
    clone = Project(tmp_path / "clone")
    for option, name, revision in (
        ("--rev", "v0.0.1", "nlu@v0.0.1"),
        ("--stage", "prod", "nlu@v0.0.2"),
    ):
        clone.run("dvc", "artifacts", "get", ".", "nlu", option, name, "-o", name)
        wanted = clone.lineage(revision)["model"]["dvc"]
        assert dvc_hash(clone.path / name) == wanted


# --- the page ---------------------------------------------------------------------


def test_the_page_shows_what_happens(pushed, tmp_path):
    copy = pushed.copy(tmp_path / "project")
    pages.run("docs/dvc-tools.md", copy.path, environment())
