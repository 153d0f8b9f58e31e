"""Which texts are near, and which of them become pairs."""

from __future__ import annotations

import time

import pytest
from corpora import corpus
from hypothesis import assume, given
from hypothesis import strategies as st

from dvcinc.changes import diff
from dvcinc.changes.edits import MOST_COMPARISONS, SHORTEST_TYPO, edits, near

NEAR = [
    ("see you later", "See you later!"),
    ("hi", "Hi"),
    ("what's up", "whats up"),
    ("what's up", "What's up?"),
    ("good-bye", "good bye"),
    ("helo", "hello"),
    ("yse", "yes"),
    ("thx", "thx,"),
    ("ciaoo", "ciao"),
    ("where is my train", "where is my trian"),
    ("book a table for two", "book a table for three please"),
    ("a table for two please", "please a table for two"),
    ("où est la gare", "ou est la gare"),
    ("straße", "STRASSE"),
    ("请问车站在哪里", "请问车站在哪里啊"),
    # Five of eight pairs of letters on each side: above 0.6, if but little.
    ("abcdefg", "abcdeyz"),
]
FAR = [
    ("hi", "yo"),
    ("hi", "ho"),
    ("no", "go"),
    ("hi", "hey"),
    ("good day", "good night"),
    ("to Rome", "to Oslo"),
    ("🙂", "🙃"),
    ("?", "!"),
    # Four of eight: below 0.6.
    ("abcdefg", "abcdxyz"),
]


@pytest.mark.parametrize(("old", "new"), NEAR)
def test_an_edit_leaves_texts_near(old: str, new: str) -> None:
    assert near(old, new)
    assert near(new, old)


@pytest.mark.parametrize(("old", "new"), FAR)
def test_another_text_is_not_near(old: str, new: str) -> None:
    assert not near(old, new)
    assert not near(new, old)


letters = st.text("abcdeäß", min_size=SHORTEST_TYPO, max_size=12)


@given(letters, st.data())
def test_one_typo_is_always_near(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("xyzä"))
    swapped = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
    replaced = text[:at] + letter + text[at + 1 :]
    longer = text[:at] + letter + text[at:]
    for typo in (swapped, replaced, longer):
        assume("ß" not in typo + text)
        assert near(text, typo)
        assert near(typo, text)


@given(st.text(max_size=12), st.text(max_size=12))
def test_nearness_has_no_direction(one: str, other: str) -> None:
    assert near(one, other) == near(other, one)


@given(st.lists(letters, max_size=8), st.lists(letters, max_size=8))
def test_each_text_has_at_most_one_partner(old: list[str], new: list[str]) -> None:
    pairs = [*edits(old, new)]
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(near(old[i], new[j]) for i, j in pairs)
    free = {*range(len(old))} - {i for i, _ in pairs}
    left = {*range(len(new))} - {j for _, j in pairs}
    assert not any(near(old[i], new[j]) for i in free for j in left)


def test_the_nearest_texts_are_paired_first() -> None:
    old = ["a seat for two", "a seat for three"]
    new = ["a seat for threee", "a seat for two!"]
    assert {*edits(old, new)} == {(0, 1), (1, 0)}


def test_beyond_the_limit_only_case_and_punctuation_pair() -> None:
    side = int(MOST_COMPARISONS**0.5) + 1
    old = [f"{i:05} how much is it to go there" for i in range(side)]
    new = [f"{i:05} how much is it to go here" for i in range(side)]
    assert [*edits(old, new)] == []
    assert [*edits(old, [text.upper() for text in old])] == [
        (i, i) for i in range(side)
    ]
    assert len([*edits(old[1:], new[1:])]) == side - 1


def test_long_texts_are_compared_as_far_as_that_takes_no_time() -> None:
    def texts(length: int, end: str) -> list[str]:
        words = [f"w{n}" for n in range(length // 5)]
        return [f"{i} {' '.join(words)} {end}" for i in range(200)]

    began = time.process_time()
    assert [*edits(texts(10_000, "here"), texts(10_000, "there"))] == []
    assert time.process_time() - began < 10
    assert [*edits(texts(10_000, "here")[:20], texts(10_000, "there")[:20])]
    assert [*edits(texts(150, "here"), texts(150, "there"))]


ROWS = [
    ("a: hello | q", "a: Hello | q", "example-edited a 1"),
    ("a: see [Rome](city) | q [x](city)", "a: See [Rome](city)! | q [x](city)",
     "example-edited a 1"),
    # Text and spans at once are one change.
    ("a: go to Rome | q [x](city)", "a: go too [Rome](city) | q [x](city)",
     "example-edited a 1"),
    ("f/x: hello | q", "f/x: helo | q", "example-edited f/x 1"),
    # Each counts once, and what is left counts for itself.
    ("a: hello | goodbye | q", "a: helo | good bye | brand new | q",
     "example-added a 1, example-edited a 2"),
    ("a: hello | helo | q", "a: hallo | q", "example-edited a 1, example-removed a 1"),
    # Another intent's text is no partner, not even a near one.
    ("a: hello | q\nb: r", "a: q\nb: r | helo",
     "example-added b 1, example-removed a 1"),
    # The same text under another intent is a better partner than a near one.
    ("a: hello | q\nb: r", "a: helo | q\nb: r | hello",
     "example-added a 1, example-relabelled a 1"),
    # Renamed and edited at once.
    ("a: hello | 1 | 2", "b: helo | 1 | 2", "example-edited b 1, intent-renamed a 3"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "found"), ROWS)
def test_an_edited_example_is_one_change(old: str, new: str, found: str) -> None:
    changes = diff(corpus(old), corpus(new))
    said = sorted(f"{c.kind.value} {c.subject} {c.count}" for c in changes)
    assert ", ".join(said) == found
