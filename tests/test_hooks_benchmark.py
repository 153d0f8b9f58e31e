"""The benchmark of the hooks runs to its end, and measures what it says."""

from __future__ import annotations

import json

import hooks


def test_a_tiny_run_measures_each_wait_and_writes_json(tmp_path, capsys):
    file = tmp_path / "figures.json"
    size = ["--size", "60/4", "--runs", "1", "--keep", str(tmp_path / "kept")]
    assert hooks.main([*size, "--json", str(file), "--markdown"]) == 0
    rows = json.loads(file.read_text())["rows"]
    for kind in ("no plan", "plan"):
        commands = {row["command"] for row in rows if row["kind"] == kind}
        assert commands >= {one.value for one in hooks.Waiting}
    assert all(row["seconds"] > 0 for row in rows)
    assert capsys.readouterr().out.startswith("| examples in files | base | command |")


def test_what_lies_below_a_folder_is_counted(tmp_path):
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/one").write_bytes(b"12345")
    (tmp_path / "a/b/two").write_bytes(b"123")
    assert hooks.measured(tmp_path) == 8
