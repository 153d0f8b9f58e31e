"""A comment's first line names its project, and no other line does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render.test_escape import HOSTILE

from dvcinc.render.comment import gone
from dvcinc.render.marker import marker, project_of, stays_inside

names = st.text(min_size=1, max_size=40) | st.sampled_from(HOSTILE)


@given(names.filter(stays_inside))
def test_a_line_is_read_back_where_it_names_its_project(name):
    line = marker(name)
    long = line.startswith("<!-- dvcinc:comment project=sha256:")
    assert project_of(line) == (None if long else name)


@given(st.text())
def test_no_other_line_is_one(text):
    assert project_of(text) is None
    assert project_of(f"{marker('a')}{text or ' '}") is None


@pytest.mark.parametrize(
    "name",
    ["", "%", "%2e", "a-b", "%61", "a b", "/etc", "..", "a/../b", "%2e%2e/x", "%FF"],
)
def test_a_line_that_we_would_not_write_names_nothing(name):
    assert project_of(f"<!-- dvcinc:comment project={name} -->") is None


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        (".", True),
        ("bots/a", True),
        ("a..b/...", True),
        ("", False),
        ("/", False),
        ("..", False),
        ("a/../b", False),
        ("a/..", False),
    ],
)
def test_a_project_stays_in_its_repository(name, inside):
    assert stays_inside(name) is inside


@given(names)
def test_a_comment_on_what_is_gone_has_its_line_and_its_name_as_code(name):
    first, head, blank, said = gone(name).rstrip("\n").split("\n")
    assert (first, blank) == (marker(name), "")
    assert head == "### ⚪ Training mode: none"
    assert said.startswith("**Nothing here trains any more:** ")
