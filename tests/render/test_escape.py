"""Text that anybody wrote stays text, in GitHub's renderer and in another."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from render.rendering import both

from dvcinc.render.escape import code, prose, row, shown

HOSTILE = [
    "@octocat",
    "@acme/team",
    "#123",
    "acme/bot#1",
    "GH-12",
    "JIRA-7",
    "!7",
    "$5",
    "~bug",
    "%v1",
    "&3",
    "^alert#1",
    "a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4e5f6a1b2",
    "deadbeef",
    ":smile:",
    "www.evil.example",
    "https://evil.example/?x=1",
    "evil.com",
    "a@evil.example",
    "mailto:a@evil.example",
    "<img src=x onerror=alert(1)>",
    "<script>",
    "</details>",
    "<!-- dvcinc:comment project=. -->",
    "-->",
    "--!>",
    "![x](https://evil.example/x.png)",
    "[x](https://evil.example)",
    "[x]: https://evil.example",
    "# heading",
    "- list",
    "1. list",
    "> quote",
    "---",
    "| a | b |",
    "a\\|b",
    "\\",
    "`",
    "``",
    "a`b``c",
    "`" * 90,
    "**bold** _it_ ~~gone~~",
    "&lt;b&gt; &#64;all",
    "two\nlines\r\n\r\n# x",
    "\t/close",
    "/merge",
    "a\u202eb\u200bc\u2066d\ufeffe\u00adf\u061cg",
    "",
    "   ",
    "\u3164",
    "$`x`$",
    "$$x$$",
    "[[x]]",
    "[^1]",
    "##[error]x",
    "::error::x",
    "\U000e0041\U000e0042",
    "don't re-annotate, please (12 examples); 1,234 or 5.5% – ok?",
]
texts = st.text() | st.text("`|\\@#<>![]()*_~:&-$/ \nawx01.") | st.sampled_from(HOSTILE)
words = st.lists(texts, max_size=4).map(" ".join)


def alone(seen, wanted=()):
    """Nothing but a paragraph, code, and what was asked for."""
    assert set(seen.elements) <= {"p", "code", *wanted}
    assert seen.links == []
    assert seen.meant() == []


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_word_is_text_wherever_it_stands(text):
    for said in (code(text), prose(text), prose(f"intent {text} is new")):
        for seen in both(f"x {said} y"):
            alone(seen)


@given(words)
def test_any_text_is_text(text):
    for said in (code(text), prose(text)):
        for seen in both(f"x {said} y"):
            alone(seen)


def joined(text):
    """Text without the blanks that part what a runner or a search would find."""
    return text.replace("-- >", "-->").replace("--! >", "--!>").replace("## [", "##[")


@given(words)
@example("-- >")
@example("a\\|b")
@example("\\\\|")
@example("`|`")
@example("|" * 20)
def test_code_shows_what_it_is_given(text):
    said = shown(text)
    for seen in both(f"x {code(text)} y"):
        assert len(seen.codes) <= 1
        if said and "<!--" not in said and "```" not in said and "\\|" not in said:
            assert joined(seen.codes[0]).strip() == joined(said)


@given(st.lists(words, min_size=3, max_size=3))
def test_a_row_of_a_table_stays_one_with_as_many_cells(texts):
    head = "| a | b | c | d |\n|---|---|---|---|\n"
    cells = (
        code(texts[0]),
        prose(texts[1]),
        f"{code(texts[2])}<br>→ {prose(texts[0])}",
    )
    for seen in both(f"{head}{row('x', *cells)}\n{row('1', '2', '3', '4')}\n"):
        assert seen.elements.count("tr") == 3
        assert seen.elements.count("td") == 8
        assert seen.elements.count("table") == 1
        assert seen.elements.count("br") == 1
        assert seen.links == []
        assert seen.meant() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("intent order is new (2 examples)", "intent order is new (2 examples)"),
        ("intent faq/ask is new", "intent `faq/ask` is new"),
        ("1,234 examples, 5.5% – fine", "1,234 examples, 5.5% – fine"),
        ("grüße été don't", "grüße été don't"),
        ("ask @all and #1 now", "ask `@all` and `#1` now"),
        ("see a.b c_d then", "see `a.b c_d` then"),
        ("at deadbeef", "at `deadbeef`"),
        ("a|b", "`a|b`"),
        # A setting and its value are one.
        (
            "or set policy.rules.DI201: finetune",
            "or set `policy.rules.DI201: finetune`",
        ),
        ("see policy.mode: now and on", "see `policy.mode: now` and on"),
        ("or policy.mode:", "or `policy.mode:`"),
        ("", ""),
    ],
)
def test_plain_words_stay_as_they_are(text, said):
    assert prose(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("greet", "`greet`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("two\nlines", "`two lines`"),
        ("a\u202eb\u200bc", "`a b c`"),
        ("", "(blank)"),
        ("\u3164", "(blank)"),
        ("a\U000e0100b\U000e0041c\u2800d", "`a b c d`"),
        ("x" * 200, f"`{'x' * 159}…`"),
    ],
)
def test_code_is_one_line_of_a_length(text, said):
    assert code(text) == said
