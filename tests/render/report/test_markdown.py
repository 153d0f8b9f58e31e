"""The twin of a report for pull requests: short, whole, and names are only text."""

from __future__ import annotations

import pytest
from render.rendering import github
from render.report.pages import report_of

from dvcinc.render.report.markdown import markdown
from dvcinc.render.sections import Budget


@pytest.fixture(scope="module")
def said(histories):
    return {
        name: markdown(report_of(histories / name))
        for name in ("few", "many", "hostile")
    }


def test_what_people_want_to_know_first_stands_first(said):
    lines = said["few"].splitlines()
    assert lines[0] == "### Models at HEAD"
    assert "- models: **12**" in lines
    assert "- saved against training from scratch: **9 min 35 s**" in lines


def test_it_holds_a_graph_and_tables(said):
    text = said["few"]
    assert "```mermaid\ngraph LR\n" in text
    for head in ("| model | mode |", "| intent | before |", "| actual | predicted |"):
        assert head in text


def test_a_long_history_is_cut_to_its_newest(said):
    assert "… and 180 more" in said["many"]
    assert Budget.GITHUB.size(said["many"]) < 20_000


def test_hostile_names_are_text_to_the_renderer_of_github(said):
    seen, plain = github(said["hostile"]), github(said["few"])
    assert {*seen.elements} == {*plain.elements}
    assert seen.links == []
    assert "script" not in seen.elements


def test_every_row_of_a_table_has_all_columns(said):
    for text in said.values():
        parts = [part.splitlines() for part in text.split("\n\n")]
        tables = [rows for rows in parts if rows[0].startswith("| ")]
        assert len(tables) == 3
        for rows in tables:
            width = rows[1].count("|")
            table = [row for row in rows if row.startswith("|")]
            assert {row.replace("\\|", "").count("|") for row in table} == {width}


def test_without_models_it_says_so(repo):
    said = markdown(report_of(repo({"x": "1"}).path))
    assert said.startswith("### Models at HEAD\n\nNo model is recorded yet: ")
