"""Lanes show who comes before whom: drawings as people see them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.render.lanes import lanes


def drawn(text):
    """`m:a,b a:o b:o o:` as rows."""
    found = [part.split(":") for part in text.split()]
    return [
        f"{row.rstrip()} {name}"
        for (name, _), (row, _) in zip(
            found,
            lanes([(name, [p for p in said.split(",") if p]) for name, said in found]),
            strict=True,
        )
    ]


@pytest.mark.parametrize(
    ("history", "rows"),
    [
        ("", []),
        ("b:a a:", ["* b", "* a"]),
        ("m:a,b a:o b:o o:", ["*-. m", "* | a", "| * b", "*-' o"]),
        ("m:a,b b:o a:o o:", ["*-. m", "| * b", "* | a", "*-' o"]),
        (
            "m:a,b,c a:o b:o c:o o:",
            ["*-.-. m", "* | | a", "| * | b", "| | * c", "*-'-' o"],
        ),
        # Two heads, as where only one branch is looked at for each.
        ("a:o b:o o:", ["* a", "| * b", "*-' o"]),
        # A merge of what another child waits for already.
        (
            "m:a,b a:n,o b:o n:o o:",
            ["*-. m", "*-|-. a", "| * | b", "* | | n", "*-'-' o"],
        ),
        ("m:a,b b:o a:n,o n:o o:", ["*-. m", "| * b", "*-+ a", "* | n", "*-' o"]),
        # Two lines that never meet: each its own end.
        ("m:a,b a: b:", ["*-. m", "* | a", "  * b"]),
    ],
)
def test_a_history_is_drawn(history, rows):
    assert drawn(history) == rows


def read(names, rows):
    """The children and parents that a drawing shows."""
    open_at: dict[int, set[str]] = {}
    edges = set()
    for name, (row, below) in zip(names, rows, strict=True):
        at = row.index("*") // 2
        for lane in [at, *(i // 2 for i, sign in enumerate(row) if sign == "'")]:
            edges |= {(child, name) for child in open_at.pop(lane, set())}
        if below[2 * at : 2 * at + 1] == "|":
            open_at[at] = {name}
        for i, sign in enumerate(row):
            if sign in ".+":
                open_at[i // 2] = {name, *open_at.get(i // 2, ())}
    return edges


@st.composite
def histories(draw):
    count = draw(st.integers(0, 9))
    return [
        (str(i), list(map(str, draw(_some(i + 1, count)))) if i < count else [])
        for i in range(count + 1)
    ]


def _some(first, last):
    return st.lists(st.integers(first, last), max_size=3, unique=True)


@given(histories())
def test_a_drawing_tells_all_parents_and_no_others(found):
    rows = lanes(found)
    names = [name for name, _ in found]
    wanted = {(name, parent) for name, parents in found for parent in parents}
    assert read(names, rows) == wanted
    assert [row.count("*") for row, _ in rows] == [1] * len(found)
    assert len({len(row) for pair in rows for row in pair}) == 1
