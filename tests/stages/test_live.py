"""DVCLive writes a training's curve where `dvc.yaml` says, and harms nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from repositories import Repository

from dvcinc.model.curve import CurvePoint
from dvcinc.stages import live
from dvcinc.stages.bench import Bench
from dvcinc.stages.live import Drawing

OUT = "plots/train"
POINTS = (
    CurvePoint(5, 15.70134, 1.85296, 13.0),
    CurvePoint(10, 3.8701, 1 / 3, 2e-9),
    CurvePoint(12, 1.0, float("nan"), 0.0),
)
CURVES = {
    "metrics/loss.tsv": "step\tloss\n5\t15.7013\n10\t3.8701\n12\t1.0\n",
    "metrics/intent_loss.tsv": "step\tintent_loss\n5\t1.85296\n10\t0.333333\n12\tnan\n",
    "metrics/tag_loss.tsv": "step\ttag_loss\n5\t13.0\n10\t2e-09\n12\t0.0\n",
}


class Heard:
    """Keeps the warnings."""

    def __init__(self):
        self.warnings = []

    def warn(self, text):
        self.warnings.append(text)


@pytest.fixture(name="made")
def project_with_dvc(repo, monkeypatch) -> Repository:
    made = repo({"a.txt": "a\n"})
    dvc(made.path, "init", "-q")
    made.git("commit", "-q", "-m", "dvc")
    monkeypatch.chdir(made.path)
    return made


def dvc(path: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "dvc", *arguments], cwd=path, check=True)


def bench(path: Path, heard: Heard) -> Bench:
    return Bench(path, path / ".dvc/tmp/dvcinc/train-1", heard)


def draw(path: Path, points=POINTS) -> Heard:
    """Draws a curve as a stage does."""
    heard = Heard()
    with closing(Drawing(bench(path, heard), OUT)) as drawing:
        for point in points:
            drawing(point)
    return heard


def drawn(path: Path) -> dict[str, str]:
    """What stands in the curve's folder."""
    folder = path / OUT
    files = (file for file in folder.rglob("*") if file.is_file())
    return {f.relative_to(folder).as_posix(): f.read_text() for f in files}


def others(made: Repository) -> list[str]:
    """What Git sees besides the curve."""
    said = made.git("status", "--porcelain", "--untracked-files=all")
    return [line for line in said.splitlines() if f" {OUT}/" not in line]


def test_each_loss_is_a_table_of_steps_and_values_and_nothing_else_is_written(made):
    assert draw(made.path).warnings == []
    assert drawn(made.path) == CURVES
    assert others(made) == []


def test_the_extension_of_vs_code_is_told_of_points_while_the_training_goes_on(
    made, monkeypatch
):
    monkeypatch.setattr(live, "_TELL_S", -1)
    signal = made.path / ".dvc/tmp/exps/run/DVCLIVE_STEP_COMPLETED"
    with closing(Drawing(bench(made.path, Heard()), OUT)) as drawing:
        for point in POINTS:
            drawing(point)
            assert json.loads(signal.read_text())["step"] == point.step
    assert not signal.exists()
    assert drawn(made.path) == CURVES
    assert others(made) == []


def test_a_curve_takes_the_place_of_another(made):
    draw(made.path)
    draw(made.path, POINTS[:1])
    assert drawn(made.path)["metrics/loss.tsv"] == "step\tloss\n5\t15.7013\n"


def test_what_was_linked_from_a_cache_is_not_written_through(made):
    draw(made.path)
    kept = made.path / ".dvc/kept.tsv"
    os.link(made.path / OUT / "metrics/loss.tsv", kept)
    draw(made.path)
    assert kept.read_text() == CURVES["metrics/loss.tsv"]


@pytest.mark.parametrize("case", ["a folder below", "detached"])
def test_any_repository_will_do(repo, monkeypatch, case):
    made = repo({"bots/a/x": ""})
    dvc(made.path, "init", "-q")
    path = made.path / ("bots/a" if case == "a folder below" else ".")
    if case == "detached":
        made.git("checkout", "-q", "--detach")
    monkeypatch.chdir(path)
    assert draw(path).warnings == []
    assert drawn(path) == CURVES


def test_without_dvc_no_curve_is_drawn_and_no_repository_made(repo, monkeypatch):
    made = repo({"a.txt": "a\n"})
    monkeypatch.chdir(made.path)
    assert draw(made.path).warnings == []
    assert not (made.path / ".dvc").exists()
    assert drawn(made.path) == {}


def test_from_elsewhere_the_projects_own_repository_is_meant(made, repo, monkeypatch):
    elsewhere = repo({"b.txt": "b\n"}, name="elsewhere")
    monkeypatch.chdir(elsewhere.path)
    assert draw(made.path).warnings == []
    assert drawn(made.path) == CURVES
    assert elsewhere.git("status", "--porcelain") == ""
    assert not (elsewhere.path / ".dvc").exists()


def test_what_goes_wrong_is_told_once_and_stops_no_training(made):
    (made.path / "plots").write_text("in the way")
    (warning,) = draw(made.path).warnings
    assert warning.startswith("DVCLive writes no training curve: ")
    assert (made.path / "plots").read_text() == "in the way"


def test_a_link_is_removed_and_not_followed(made, tmp_path):
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics/mine.tsv").write_text("mine")
    (made.path / "plots").mkdir()
    (made.path / OUT).symlink_to(tmp_path)
    assert draw(made.path).warnings == []
    assert drawn(made.path) == CURVES
    assert [f.name for f in (tmp_path / "metrics").iterdir()] == ["mine.tsv"]


def test_before_the_first_commit_dvclive_gives_up(repo, monkeypatch):
    made = repo()
    dvc(made.path, "init", "-q")
    monkeypatch.chdir(made.path)
    said = ["DVCLive writes no training curve: Empty git repo"]
    assert draw(made.path).warnings == said


def test_where_dvc_cannot_read_its_settings_a_curve_is_drawn_all_the_same(made):
    (made.path / ".dvc/config").write_text("[")
    draw(made.path)
    assert drawn(made.path) == CURVES
