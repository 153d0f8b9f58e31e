"""Markdown shows names as they are: no link, no HTML, no mention, no table break."""

from __future__ import annotations

import pytest

from dvcinc.render.markdown import escape


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("greet", "greet"),
        ("a|b", r"a\|b"),
        ("<img src=x>", r"\<img src=x\>"),
        ("@all", r"\@all"),
        ("[x](y)", r"\[x\]\(y\)"),
        ("two\nlines", "two lines"),
        ("`code`", r"\`code\`"),
        ("a\u202eb", "a b"),
    ],
)
def test_text_is_shown_as_it_is(text, shown):
    assert escape(text) == shown
