"""Lookup tables find what a look at each place would find, however long they are."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from dvcinc.text.lookups import LookupTree
from dvcinc.text.settings import RegexSettings

TEXTS = st.text(alphabet="abA1 -_.éİ\n", max_size=14)
SETTINGS = st.builds(
    RegexSettings, case_sensitive=st.booleans(), use_word_boundaries=st.booleans()
)


def lower(text: str) -> str:
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def cuts(text: str, at: int) -> bool:
    return 0 < at < len(text) and is_word(text[at - 1]) and is_word(text[at])


def naive(elements: list[str], text: str, settings: RegexSettings) -> set[int]:
    """The characters that an element covers, tried at each place."""
    fold = str if settings.case_sensitive else lower
    text, known = fold(text), {fold(element) for element in elements if element}
    return {
        at
        for start in range(len(text))
        for end in range(start + 1, len(text) + 1)
        if text[start:end] in known
        and not (
            settings.use_word_boundaries and (cuts(text, start) or cuts(text, end))
        )
        for at in range(start, end)
    }


@given(st.lists(st.lists(TEXTS, max_size=4), max_size=3), TEXTS, SETTINGS)
def test_a_tree_finds_what_a_look_at_each_place_finds(
    tables: list[list[str]], text: str, settings: RegexSettings
) -> None:
    # A piece of the text, so that something is found.
    tables = [*tables, [text[2:5], text[:4], text[3:]]]
    hits = list(LookupTree(enumerate(tables), settings).hits(text))
    for number, elements in enumerate(tables):
        covered = {at for t, s, e in hits if t == number for at in range(s, e)}
        assert covered == naive(elements, text, settings)


def test_no_table_no_hit() -> None:
    assert list(LookupTree([], RegexSettings()).hits("a b")) == []


def test_elements_that_nest_in_a_text_that_repeats_take_no_time() -> None:
    elements = ["a " * n for n in range(1, 500)]
    for boundaries in (True, False):
        settings = RegexSettings(use_word_boundaries=boundaries)
        tree = LookupTree([(0, elements)], settings)
        started = time.process_time()
        assert list(tree.hits("a " * 500))
        assert time.process_time() - started < 0.5
