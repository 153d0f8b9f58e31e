"""Regexes and lookup tables touch the tokens that they match, in bounded time."""

from __future__ import annotations

import time

import pytest

from dvcinc.errors import InputError
from dvcinc.text.patterns import Pattern, PatternKind, PatternMatcher
from dvcinc.text.settings import RegexSettings, TokenizerSettings
from dvcinc.text.tokenizer import Tokenizer


def touched(kind: PatternKind, item: str, text: str, **settings: bool) -> list[str]:
    matcher = PatternMatcher([Pattern(kind, "p", (item,))], RegexSettings(**settings))
    tokens = Tokenizer(TokenizerSettings()).tokens(text)
    hits = matcher.touched(text, tokens)
    return [token.text for token, found in zip(tokens, hits, strict=True) if found]


@pytest.mark.parametrize(
    ("item", "text", "expected"),
    [
        (r"\d{5}", "zip 12345 please", ["12345"]),
        (r"[A-Z]\w+ [A-Z]\w+", "in New York now", ["New", "York"]),
        (r"ork", "in New York", ["York"]),
        (r"\d{5}", "no zip", []),
    ],
)
def test_regex(item: str, text: str, expected: list[str]) -> None:
    assert touched(PatternKind.REGEX, item, text) == expected


@pytest.mark.parametrize(
    ("item", "text", "expected"),
    [
        ("New York", "in New York now", ["New", "York"]),
        ("York", "in Yorkshire", []),
        ("york", "in York", []),
        ("a.c", "abc", []),
        ("+49", "call +49 now", ["+49"]),
        ("", "anything", []),
    ],
)
def test_lookup(item: str, text: str, expected: list[str]) -> None:
    assert touched(PatternKind.LOOKUP, item, text) == expected


def test_settings_loosen_the_match() -> None:
    lookup = PatternKind.LOOKUP
    assert touched(lookup, "york", "in York", case_sensitive=False) == ["York"]
    assert touched(lookup, "York", "Yorkshire", use_word_boundaries=False) == [
        "Yorkshire"
    ]


@pytest.mark.parametrize("item", [r"(a+)+b", r"(\w+\s?)*x", r"((a|b)+)*", r"(x+y?)+"])
def test_a_repeated_repetition_is_refused(item: str) -> None:
    with pytest.raises(InputError, match="exponential time"):
        touched(PatternKind.REGEX, item, "a")


@pytest.mark.parametrize("item", [r"(\d+,)*", r"(\d{4}[- ]?)+", r".*foo.*", r"(ab)+"])
def test_an_ordinary_repetition_is_not(item: str) -> None:
    touched(PatternKind.REGEX, item, "a")


def test_a_broken_regex_is_named() -> None:
    with pytest.raises(InputError, match=r"regex 'p': '\(' is no regular expression"):
        touched(PatternKind.REGEX, "(", "a")


def test_a_long_lookup_table_costs_no_more_than_a_short_one() -> None:
    items = tuple(f"place {n}" for n in range(100_000))
    lookup = Pattern(PatternKind.LOOKUP, "city", items)
    matcher = PatternMatcher([lookup], RegexSettings())
    text = "from place 77 to place 99999 " * 5
    tokens = Tokenizer(TokenizerSettings()).tokens(text)
    started = time.process_time()
    matcher.touched(text, tokens)
    assert time.process_time() - started < 0.1


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a|aa)+$",
        "(?=(a+)+b)x",
        "(a{1,40}){1,40}$",
        "(a?){30}a{30}$",
        "(x+x+)+y",
        "([a-z]+ ?)*",
        "(\\w+,?)+",
    ],
)
def test_a_repetition_of_what_varies_is_refused_whatever_its_form(pattern: str) -> None:
    with pytest.raises(InputError, match="which can take exponential time"):
        PatternMatcher([Pattern(PatternKind.REGEX, "p", (pattern,))], RegexSettings())


@pytest.mark.parametrize(
    "pattern",
    [
        "([0-9]+,)*",
        "(\\d{4}[- ]?)+",
        "(mon|tue|wed)+",
        "(\\w+\\.)*\\w+@\\w+",
        "\\d{1,3}(,\\d{3})*",
        "(\\d{1,2}[:.])?\\d{2}\\s*(am|pm)",
    ],
)
def test_a_repetition_whose_turns_are_told_apart_is_fine(pattern: str) -> None:
    PatternMatcher([Pattern(PatternKind.REGEX, "p", (pattern,))], RegexSettings())


@pytest.mark.parametrize(
    ("kind", "items", "text", "expected"),
    [
        (PatternKind.REGEX, (r"\d+",), "12 and 345", ["12", "345"]),
        (PatternKind.REGEX, (r"x*",), "no match of nothing", []),
        (PatternKind.REGEX, (r"aa",), "aaa", ["aa"]),
        (PatternKind.LOOKUP, ("New York", "York"), "in New York", ["New York"]),
        (PatternKind.LOOKUP, ("a b", "b c"), "a b c", ["a b"]),
        (PatternKind.LOOKUP, ("a b", "c"), "a b c", ["a b", "c"]),
        (PatternKind.LOOKUP, ("York",), "in Yorkshire", []),
    ],
)
def test_matches_are_found_without_overlap(
    kind: PatternKind, items: tuple[str, ...], text: str, expected: list[str]
) -> None:
    matcher = PatternMatcher([Pattern(kind, "p", items)], RegexSettings())
    found = [text[match.start : match.end] for match in matcher.matches(text)]
    assert found == expected


def test_matches_name_their_pattern() -> None:
    patterns = [
        Pattern(PatternKind.LOOKUP, "city", ("Rome",)),
        Pattern(PatternKind.REGEX, "number", (r"\d",)),
    ]
    matcher = PatternMatcher(patterns, RegexSettings())
    assert [*matcher.matches("1 Rome")] == [(0, 2, 6), (1, 0, 1)]
