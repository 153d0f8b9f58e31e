"""Names that are one edit apart."""

from __future__ import annotations

import pytest

from dvcinc.text.near import is_near, nearest, neighbours


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("citty", ["city"], "city"),
        ("ctiy", ["city"], "city"),
        ("cty_name", ["city_name"], "city_name"),
        ("Greet", ["greet"], "greet"),
        ("GREET", ["greet"], "greet"),
        ("book-ticket", ["book_ticket"], "book_ticket"),
        ("bookticket", ["book_ticket"], "book_ticket"),
        ("tickets", ["ticket"], "ticket"),
        # Nothing is near itself.
        ("city", ["city"], ""),
        # Two edits.
        ("cittyy", ["city"], ""),
        # Numbers tell names apart.
        ("step_1", ["step_2"], ""),
        ("step1", ["step"], ""),
        # Too short to say.
        ("yes", ["yep"], ""),
        ("a" * 100, ["a" * 99], ""),
        ("", ["a"], ""),
    ],
)
def test_what_may_be_meant(name, known, found):
    assert nearest(name, known) == found


def test_a_name_has_a_bounded_number_of_neighbours():
    assert len([*neighbours("a" * 60)]) < 6000


@pytest.mark.parametrize(
    ("name", "other", "near"),
    [
        ("nul", "nlu", True),
        ("NLU", "nlu", True),
        ("nlu", "nlu", False),
        ("a", "nlu", 0),
    ],
)
def test_keys_may_be_short(name, other, near):
    assert is_near(name, other) is bool(near)
