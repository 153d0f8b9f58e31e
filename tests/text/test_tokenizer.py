"""The tokenizer cuts as Rasa 3.6's WhitespaceTokenizer does.

The expected tokens were worked out with Rasa's own expression and the `regex` package.
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.text.settings import TokenizerSettings
from dvcinc.text.tokenizer import Tokenizer, split_intent


def words(text: str, pattern: str | None = None) -> list[str]:
    tokenizer = Tokenizer(TokenizerSettings(token_pattern=pattern))
    return [token.text for token in tokenizer.tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("hi there", ["hi", "there"]),
        ("  hi \t there\n", ["hi", "there"]),
        ("hi! how's it going?", ["hi", "how", "s", "it", "going"]),
        ("mail me at bob@x.com, ok?", ["mail", "me", "at", "bob@x.com", "ok"]),
        ("10'000.00 €", ["10'000.00"]),
        ("pay $5.50 now", ["pay", "$5.50", "now"]),
        ("http://a.b/c?d=1 (see)", ["http://a.b/c?d=1", "see"]),
        ("#help @bob a&b", ["#help", "@bob", "a&b"]),
        (":)", [":)"]),
        ("hi :)", ["hi"]),
        ("😀 hi", ["hi"]),
        ("😀", ["😀"]),
        ("hi😀", ["hi"]),
        ("Straße, Zürich", ["Straße", "Zürich"]),
        ("e\u0301clair!", ["e\u0301clair"]),
        ("की है", ["की", "है"]),
        ("½ cup", ["cup"]),
        ("10½", ["10"]),
        ("snake_case", ["snake_case"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_a_word_of_cjk_alone_is_taken_for_emoji_as_in_rasa() -> None:
    assert words("hi 中文") == ["hi"]
    assert words("中文") == ["中文"]


def test_a_token_pattern_cuts_further_and_keeps_what_it_does_not_match() -> None:
    assert words("take A12B to ...x", r"[0-9]+|[a-z]+") == [
        "take",
        "12",
        "to",
        "x",
    ]
    assert words("ÄÖÜ", "[a-z]+") == ["ÄÖÜ"]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("a(b)", "ab", ["b"]),  # as `findall` has it, and Rasa
        ("(?=(aa))", "aaa", ["aaa"]),  # overlapping: whole, where Rasa fails
        ("a*a*a*a*b", "a" * 2000 + "b", ["a" * 2000 + "b"]),
    ],
)
def test_a_hostile_token_pattern_cuts_or_leaves_the_token_in_time(pattern, text, found):
    assert words(text, pattern) == found


@given(st.text(alphabet="ab1 .,'@#😀é\u0301中½\n-", max_size=30))
def test_each_token_stands_in_the_text_where_it_says(text: str) -> None:
    tokens = Tokenizer(TokenizerSettings()).tokens(text)
    assert all(text[t.start : t.end] == t.text for t in tokens)
    assert all(a.end <= b.start for a, b in pairwise(tokens))


@given(st.text(alphabet="ab1 .,'@#&?!-_/:$\x1c\n", max_size=30))
def test_an_ascii_text_is_cut_as_any_other(text: str) -> None:
    beyond = text + " é"
    assert words(beyond) == [*(words(text) if text.split() else []), "é"] or (
        # A text that is dropped as a whole is its own token when it stands alone.
        words(text) == [text] and words(beyond) == ["é"]
    )


@given(st.text(alphabet="ab1 .,'@#é中", max_size=30), st.sampled_from([None, "[a-z]+"]))
def test_words_are_the_texts_of_the_tokens(text: str, pattern: str | None) -> None:
    tokenizer = Tokenizer(TokenizerSettings(token_pattern=pattern))
    assert tokenizer.words(text) == [token.text for token in tokenizer.tokens(text)]


@pytest.mark.parametrize(
    ("flag", "symbol", "expected"),
    [
        (False, "_", ["book_flight"]),
        (True, "_", ["book", "flight"]),
        (True, "+", ["book_flight"]),
    ],
)
def test_an_intent_is_split_only_if_asked(
    flag: bool,  # noqa: FBT001 - a column of the table
    symbol: str,
    expected: list[str],
) -> None:
    settings = TokenizerSettings(intent_tokenization=flag, intent_split_symbol=symbol)
    assert split_intent("book_flight", settings) == expected
