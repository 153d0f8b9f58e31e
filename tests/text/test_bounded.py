"""Bounded matching finds what `re` finds, in time that no pattern can blow up."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from dvcinc.errors import InputError
from dvcinc.text.bounded import BoundedRegex, UnboundedError
from dvcinc.text.explosive import PARSER, explodes, ways
from dvcinc.text.patterns import Pattern, PatternKind, PatternMatcher
from dvcinc.text.regexes import FEW_WAYS
from dvcinc.text.settings import RegexSettings, TokenizerSettings
from dvcinc.text.tokenizer import Tokenizer

ATOMS = [
    "a",
    "b",
    "[ab]",
    "[^a]",
    ".",
    r"\w",
    r"\d",
    r"\b",
    "^",
    "$",
    "(?=b)",
    "(?<!a)",
]
ATOMS += ["(?i:A)", "é", " "]
PATTERNS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(
            inner,
            st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{2,}"]),
            st.booleans(),
        ).map(lambda p: f"({p[0]}){p[1]}{'?' if p[2] else ''}"),
    ),
    max_leaves=8,
)


@given(
    PATTERNS,
    st.text(alphabet="abAB1 é\n", max_size=12),
    st.sampled_from([0, re.IGNORECASE]),
)
def test_matches_are_those_of_re(pattern: str, text: str, flags: int) -> None:
    tree = PARSER.parse(pattern, flags)
    # Such a pattern is refused before it gets here.
    assume(not explodes(tree))
    try:
        regex = BoundedRegex(tree)
    except UnboundedError:
        reject()
    found = list(regex.spans(text))
    assert found == [match.span() for match in re.finditer(pattern, text, flags)]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (".*a.*b.*c.*d.*!", "abcd" * 250),
        (r"\w*\s*\w*\s*\w*\s*\w*!", "a" * 1000),
        (r"(\d{4}[- ]?)+x", "1234" * 250),
        ("a{1,200}a{1,200}a{1,200}b", "a" * 1000),
        ("a.*b.*c|a", "a" * 1000),
    ],
)
def test_a_hostile_pattern_cannot_hold_a_request_up(pattern: str, text: str) -> None:
    matcher = PatternMatcher(
        [Pattern(PatternKind.REGEX, "p", (pattern,))], RegexSettings()
    )
    tokens = Tokenizer(TokenizerSettings()).tokens(text)
    started = time.process_time()
    matcher.touched(text, tokens)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a*)(b*)(c*)\1x",
        "a*b*(?=a*b*c)a*",
        "a*+b*c*",
        r"(\b|a){1,3}b*c*d*",
        "a{1000}b{999}c*d*",
    ],
)
def test_what_cannot_be_bounded_is_refused(pattern: str) -> None:
    with pytest.raises(InputError, match="may have to try too many ways"):
        PatternMatcher([Pattern(PatternKind.REGEX, "p", (pattern,))], RegexSettings())


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("abc", 1),
        ("a?", 2),
        ("ab|ba|cd", 3),
        ("a{2,4}b?", 6),
        ("(ab|ba){3}", 8),
        ("a*", 1001),
        (r"(\d{1,2}[:.])?\d{2} *(am|pm)", 6006),
    ],
)
def test_ways_are_counted(pattern: str, expected: int) -> None:
    assert ways(PARSER.parse(pattern)) == expected


@pytest.mark.parametrize("pattern", [".*a.*b", r"(\d{4}-?)+", "(ab|ba)*"])
def test_more_ways_than_re_may_try(pattern: str) -> None:
    assert ways(PARSER.parse(pattern)) > FEW_WAYS


def test_a_back_reference_is_left_to_re() -> None:
    with pytest.raises(UnboundedError):
        BoundedRegex(PARSER.parse(r"(a)\1"))
