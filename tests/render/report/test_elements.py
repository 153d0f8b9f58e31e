"""Whatever is not markup already is text, in an element and in an attribute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render.report.pages import parsed, words

from dvcinc.render.report.elements import Html, element, table, terms


@given(st.text(max_size=200))
def test_any_text_is_one_text_and_one_attribute(text):
    made = element("p", element("b", text, title=text), "end")
    found = parsed(f"<!doctype html><title>x</title>{made}").find(".//p")
    assert [child.tag for child in found] == ["b"]
    assert {*found[0].attrib} == {"title"}
    assert len(found[0]) == 0
    assert words(found).endswith("end")


def test_markup_stays_markup():
    assert element("p", Html("<b>x</b>"), "<b>") == "<p><b>x</b>&lt;b&gt;</p>"


def test_attributes_have_the_names_of_html_and_none_is_left_out():
    made = element("a", class_="x", aria_label='"', tabindex=0, href=None)
    assert made == '<a class="x" aria-label="&quot;" tabindex="0"></a>'


def test_long_text_is_cut():
    assert len(element("p", "x" * 9999)) < 1000


def test_an_element_without_content_is_not_closed():
    assert element("meta", charset="utf-8") == '<meta charset="utf-8">'


def test_a_table_scrolls_by_keyboard_and_has_a_name():
    made = table("What", ("a", "b"), [("1", "2")])
    assert 'tabindex="0" role="group" aria-label="What"' in made
    assert '<th scope="row">1</th><td class="n">2</td>' in made


@pytest.mark.parametrize("said", ["", None])
def test_a_word_of_which_nothing_is_said_is_left_out(said):
    assert terms([("a", said or ""), ("b", "c")]) == "<dl><dt>b</dt><dd>c</dd></dl>"
