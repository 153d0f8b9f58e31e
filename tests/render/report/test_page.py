"""The page of a report is whole by itself, valid, small, and shows names as text."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
import stories
from lineages import lineage, record, written
from render.report.pages import SEEDS, name_of, parsed, report_of, words

from dvcinc.render.report.page import page

NAMES = ("few", "many", "hostile")
LINKS = {"href", "src", "action", "data", "poster", "srcset", "formaction", "cite"}
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "for")
HANDLER = re.compile(r"on\w+$")


@pytest.fixture(params=NAMES)
def document(request, pages):
    return parsed(pages[request.param])


def test_a_page_of_200_models_is_under_a_megabyte(pages):
    assert len(pages["many"].encode()) < 800_000
    assert len(pages["long"].encode()) < 1_000_000
    assert len(re.findall(r'id="m\d+"', pages["many"])) == 200


def test_ids_are_unique_and_what_refers_to_one_finds_it(document):
    ids = Counter(one.get("id") for one in document.iter() if one.get("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    for one in document.iter():
        for key in REFERENCES:
            assert {*(one.get(key) or "").split()} <= {*ids}
        target = one.get("href")
        assert target is None or target[1:] in ids


def test_nothing_is_loaded_and_nothing_leads_elsewhere(document):
    for one in document.iter():
        for key, value in one.attrib.items():
            local = key.rpartition("}")[2]
            assert local not in LINKS or value.startswith("#")
            assert "url(" not in value or re.search(r"url\(#[\w-]+\)", value)
    (style,) = [one for one in document.iter() if name_of(one) == "style"]
    assert not re.search(r"@import|url\(", style.text)


def test_a_page_has_no_style_or_handler_beside_those_the_policy_names(pages):
    for text in pages.values():
        found = parsed(text)
        tags = Counter(name_of(one) for one in found.iter())
        assert (tags["style"], tags["script"]) == (1, 1)
        keys = {key for one in found.iter() for key in one.attrib}
        assert not {key for key in keys if key == "style" or HANDLER.match(key)}
        (policy,) = re.findall(r'Security-Policy" content="([^"]*)"', text)
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        for tag in ("style", "script"):
            (said,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
            digest = hashlib.sha256(said.encode()).digest()
            wanted = f"{tag}-src 'sha256-{base64.b64encode(digest).decode()}'"
            assert wanted in policy


def test_the_policy_stands_before_what_it_is_about(pages):
    text = pages["few"]
    assert text.index("Security-Policy") < text.index("<style>")


def test_hostile_names_are_text(pages):
    text = pages["hostile"]
    assert not {"img", "b"} & {name_of(one) for one in parsed(text).iter()}
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert "\u202e" not in text
    assert "\x07" not in text


def test_hostile_names_bring_nothing_that_plain_ones_do_not(histories):
    """The same history under other names has the same elements and attributes."""

    def shape(name):
        found = parsed(page(report_of(histories / name)))
        return Counter((name_of(one), *sorted(one.attrib)) for one in found.iter())

    assert shape("hostile") == shape("few")


def test_each_chart_says_what_it_shows_and_has_a_table_beside_it(document):
    charts = [one for one in document.iter() if "chart" in one.get("class", "").split()]
    assert len(charts) == 5
    for chart in charts:
        assert chart.get("role") == "img"
        assert chart.get("aria-label")
    folded = [words(one) for one in document.iter() if name_of(one) == "summary"]
    assert sum(said.endswith("a table") for said in folded) == 5


def test_tables_have_captions_and_headers(document):
    tables = [one for one in document.iter() if name_of(one) == "table"]
    for table in tables:
        assert words(table.find("caption"))
        heads = [one for one in table.iter() if name_of(one) == "th"]
        assert {one.get("scope") for one in heads} == {"col", "row"}
        width = len(table.find("thead/tr"))
        assert {len(row) for row in table.iter() if name_of(row) == "tr"} == {width}


def test_nothing_ordinary_is_cut(pages):
    assert "…" not in pages["few"]


def test_headings_leave_out_no_level(document):
    levels = [
        int(name_of(one)[1])
        for one in document.iter()
        if re.match("h[1-6]$", str(one.tag))
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(new <= old + 1 for old, new in pairwise(levels))


def test_each_model_and_base_is_a_node_that_leads_to_what_is_told_of_it(pages):
    found = parsed(pages["few"])
    (graph,) = [one for one in found.iter() if one.get("id") == "graph"]
    links = [one for one in graph.iter() if name_of(one) == "a"]
    told = {one.get("id"): one for one in found.iter() if name_of(one) == "details"}
    assert [one.get("href") for one in links][:3] == ["#b2", "#m10", "#m11"]
    assert {one.get("href")[1:] for one in links} == {name for name in told if name}
    assert all(one.get("aria-label") for one in links)


def test_what_a_commit_changed_stands_in_what_is_told_of_its_model(pages):
    found = parsed(pages["few"])
    (last,) = [one for one in found.iter() if one.get("id") == "m12"]
    said = words(last)
    assert "DI101 12 examples added to intent book_bag" in said
    assert "finetune, finetuned" in said
    assert "1,632, +24 −2 since the base" in said
    assert "biggest movers" in said


def test_a_page_without_plots_says_so(repo):
    made = repo({"lineage.json": written("a")}, {"lineage.json": written("b")})
    said = words(parsed(page(report_of(made.path))))
    assert said.count("dvc fetch --all-commits") == 2
    assert "2 models" in said


def test_a_page_without_models_says_what_to_do(repo):
    said = words(parsed(page(report_of(repo({"x": "1"}).path))))
    assert "No model is recorded yet" in said


def test_a_history_that_cannot_be_read_is_not_said_to_be_empty(repo):
    said = words(parsed(page(report_of(repo({"lineage.json": "{"}).path))))
    assert "No model of this history can be told of" in said
    assert "lineage.json:1:2" in said


def test_models_without_metrics_and_costs_are_told_all_the_same(repo):
    bare = lineage("a", metrics={}, seconds=0.0, reasons=(), environment={})
    bare = replace(bare, base=record("base", seconds=0.0, metrics={}, reasons=()))
    found = parsed(page(report_of(repo({"lineage.json": bare.to_bytes()}).path)))
    assert "No metrics are recorded" in words(found)


def test_older_models_than_were_asked_for_are_counted(histories):
    found = parsed(page(report_of(histories / "few", most=5)))
    assert "7 older models are left off" in words(found)
    assert (
        sum(
            name_of(one) == "details" and one.get("id", "").startswith("m")
            for one in found.iter()
        )
        == 5
    )


def test_the_noise_between_seeds_is_told_where_it_was_measured(pages, histories):
    assert "3 trainings from scratch" in words(parsed(pages["few"]))
    without = words(parsed(page(report_of(histories / "few"))))
    assert "is not measured" in without


def test_the_same_history_makes_the_same_page(histories, pages):
    assert page(report_of(histories / "few", seeds=SEEDS)) == pages["few"]


def test_a_project_is_named(histories):
    text = page(report_of(histories / "few", project=stories.HOSTILE))
    (title,) = [
        one
        for one in parsed(text).iter()
        if name_of(one) == "title" and "Models" in (one.text or "")
    ]
    assert title.text.startswith("Models of </script><img")
