"""Stretches in which something is there: on lines, branches, and past the unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.lineage.presence import Line

LINEAR = {"d": ["c"], "c": ["b"], "b": ["a"], "a": []}
MERGE = {"m": ["x", "y"], "x": ["o"], "y": ["o"], "o": []}


def line(parents, there, unknown=""):
    return Line(parents, lambda name: None if name in unknown else name in there)


@pytest.mark.parametrize(
    ("parents", "there", "unknown", "tip", "begins"),
    [
        (LINEAR, "", "", "d", []),
        (LINEAR, "abcd", "", "d", ["a"]),
        (LINEAR, "cd", "", "d", ["c"]),
        (LINEAR, "abd", "", "d", ["d"]),
        (LINEAR, "abc", "", "d", []),
        (LINEAR, "abd", "c", "d", ["a"]),
        (LINEAR, "bc", "d", "d", ["b"]),
        (LINEAR, "", "abcd", "d", []),
        (LINEAR, "d", "abc", "d", ["d"]),
        (MERGE, "mx", "", "m", ["x"]),
        (MERGE, "mxy", "", "m", ["x", "y"]),
        (MERGE, "mxyo", "", "m", ["o"]),
        (MERGE, "mxo", "", "m", ["o"]),
        (MERGE, "m", "", "m", ["m"]),
        (MERGE, "xo", "", "m", []),
    ],
)
def test_the_stretch_of_a_node_began_where_nothing_before_has_it(
    parents, there, unknown, tip, begins
):
    assert line(parents, there, unknown).begins(tip) == begins


@pytest.mark.parametrize(
    ("parents", "there", "unknown", "stretches"),
    [
        (LINEAR, "", "", []),
        (LINEAR, "ad", "", [("d", None), ("a", "b")]),
        (LINEAR, "ad", "b", [("d", None), ("a", "c")]),
        (LINEAR, "bc", "", [("b", "d")]),
        (MERGE, "x", "", [("x", "m")]),
        (MERGE, "ox", "", [("o", "y")]),
    ],
)
def test_each_stretch_has_a_beginning_and_an_end(parents, there, unknown, stretches):
    assert list(line(parents, there, unknown).stretches()) == stretches


@st.composite
def histories(draw):
    """A history of which nothing is hidden, children before parents."""
    count = draw(st.integers(1, 8))
    parents = {
        str(n): [str(m) for m in draw(st.sets(st.integers(n + 1, count), max_size=2))]
        for n in range(count)
    }
    parents[str(count)] = []
    answers = st.sampled_from([True, False, None])
    told = {name: draw(answers) for name in parents}
    return parents, told


@given(histories())
def test_a_beginning_is_there_and_reached_through_what_is_there(made):
    parents, told = made
    found = Line(parents, told.__getitem__)
    begins = found.begins("0")
    starts = [name for name, _ in found.stretches()]
    assert set(begins) <= set(starts)
    for name in starts:
        assert told[name]
        assert not any(told[one] for one in found.before(name))
    if told["0"]:
        assert begins
