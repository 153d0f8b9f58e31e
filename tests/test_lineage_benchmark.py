"""The benchmark of `lineage` runs to its end, on a history as it tells of."""

from __future__ import annotations

import json

import lineage as benchmark

from dvcinc.lineage.graph import nodes
from dvcinc.lineage.history import read_history
from dvcinc.lineage.models import models
from dvcinc.snapshot.git import open_git


def test_a_tiny_run_asks_each_question_and_writes_json(tmp_path, capsys):
    file = tmp_path / "figures.json"
    size = ["--commits", "120", "--records", "24", "--runs", "1"]
    kept = ["--keep", str(tmp_path / "kept")]
    assert benchmark.main([*size, *kept, "--json", str(file), "--markdown"]) == 0
    rows = json.loads(file.read_text())["rows"]
    assert {row["command"] for row in rows} == {one.value for one in benchmark.Question}
    assert all(row["seconds"] > 0 for row in rows)
    assert "24 models in 120 commits" in capsys.readouterr().out


def test_the_history_has_so_many_commits_models_and_merges(tmp_path):
    benchmark.make(tmp_path / "made", 120, 24)
    git = open_git(tmp_path / "made")
    assert git.run("rev-list", "--count", "HEAD").decode().strip() == "120"
    history = read_history(git, git.commit("HEAD"))
    assert len(models(history.versions).served) == 24
    assert history.problems == ()
    assert any(len(node.parents) > 1 for node in nodes(git, history))
