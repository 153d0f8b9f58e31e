"""Looks are read from the window that the config gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.text.lexical import LexicalReader
from dvcinc.text.settings import LEXICAL, LexicalSettings


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ((("low",),), [("0:low:False",), ("0:low:True",)]),
        ((("BOS",),), [("0:BOS:True",), ("0:BOS:False",)]),
        ((("EOS",),), [("0:EOS:False",), ("0:EOS:True",)]),
        ((("title",), (), ()), [(), ("0:title:True",)]),
        (((), (), ("suffix2", "digit")), [("2:suffix2:ob", "2:digit:False"), ()]),
        # Without a middle, one more place before than after.
        ((("prefix2",), ()), [(), ("0:prefix2:Hi",)]),
        ((), [(), ()]),
    ],
)
def test_features(
    window: tuple[tuple[str, ...], ...], expected: list[tuple[str, ...]]
) -> None:
    reader = LexicalReader(LexicalSettings(features=window))
    assert reader.features(["Hi", "bob"]) == expected


def test_rasas_window_has_twelve_features() -> None:
    reader = LexicalReader(LexicalSettings())
    assert reader.size == 12
    assert [len(found) for found in reader.features(["a", "b", "c"])] == [9, 12, 9]


def told(window: list[list[str]], tokens: list[str], at: int) -> list[str]:
    """The features of one token, place by place."""
    found = []
    for place, names in enumerate(window):
        seen = at + place - len(window) // 2
        if not 0 <= seen < len(tokens):
            continue
        facts = {
            "low": tokens[seen].islower(),
            "title": tokens[seen].istitle(),
            "prefix2": tokens[seen][:2],
            "suffix3": tokens[seen][-3:],
        }
        ends = {"BOS": seen == 0, "EOS": seen == len(tokens) - 1}
        for known in (facts, ends):
            found += [f"{place}:{n}:{known[n]}" for n in names if n in known]
    return found


NAMES = sorted(LEXICAL & {"low", "title", "prefix2", "suffix3", "BOS", "EOS"})


@given(
    st.lists(st.lists(st.sampled_from(NAMES), unique=True, max_size=3), max_size=5),
    st.lists(
        st.lists(st.sampled_from(["a", "Ab", "abcd", "X", "7"]), max_size=7), max_size=4
    ),
)
def test_any_window_reads_what_stands_in_it(
    window: list[list[str]], texts: list[list[str]]
) -> None:
    reader = LexicalReader(LexicalSettings(features=tuple(map(tuple, window))))
    for tokens in texts:
        found = [list(names) for names in reader.features(tokens)]
        assert found == [told(window, tokens, at) for at in range(len(tokens))]
