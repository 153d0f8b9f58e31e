"""Renames, merges and splits at and around the threshold."""

from __future__ import annotations

import time

import pytest

from dvcinc.changes.overlap import Fates, fates


def said(lines: str) -> dict[str, set[tuple[str, ...]]]:
    """Names with their members: `a: 1 2 3; b: 4`."""
    rows = (part.partition(":") for part in lines.split(";") if part.strip())
    return {name.strip(): {(m,) for m in text.split()} for name, _, text in rows}


def told(found: Fates) -> str:
    """What became of names, on one line."""
    parts = [f"{old}→{new}" for old, new in sorted(found.renamed.items())]
    parts += [f"{'+'.join(o)}⇒{new}" for new, o in sorted(found.merged.items())]
    parts += [f"{old}⇉{'+'.join(n)}" for old, n in sorted(found.split.items())]
    parts += [f"+{name}" for name in found.added]
    parts += [f"-{name}" for name in found.removed]
    return " ".join(parts)


ROWS = [
    # Half of both is a rename; less than half of either is none.
    ("a: 1 2 3 4", "b: 1 2 3 4", "a→b"),
    ("a: 1 2 3 4", "b: 1 2", "a→b"),
    ("a: 1 2 3 4 5", "b: 1 2", "+b -a"),
    ("a: 1 2", "b: 1 2 3 4", "a→b"),
    ("a: 1 2", "b: 1 2 3 4 5", "+b -a"),
    # A name that keeps half of its members stays, whatever others hold.
    ("a: 1 2 3 4", "a: 1 2; b: 3 4", "a⇉b"),
    ("a: 1 2 3 4; b: 5", "a: 1 2; b: 3 4 5", ""),
    ("a: 1 2 3 4; b: 5", "a: 1; b: 2 3 4 5", ""),
    ("a: 1 2; b: 3 4", "a: 1 3; b: 2 4", ""),
    ("a: 1 2 3; b: 4 5 6", "a: 1 4 5; b: 6 2 3", "a→b b→a"),
    ("a: 1 2 3; b: 4 5 6", "a: 1 2 4; b: 3 5 6", ""),
    # Copies move nothing.
    ("a: 1 2 3", "a: 1 2 3; b: 1 2 3", "+b"),
    ("a: 1 2 3 4", "a: 1 2 3; b: 1 2 3", "+b"),
    ("a: 1 2; b: 1 2 3", "b: 1 2 3", "-a"),
    ("a: 1 2; b: 3", "b: 1 2 3", "a⇒b"),
    ("a: 1 2 3; b: 1 4", "b: 1 2 3 4", "a⇒b"),
    ("a: 1 2 3; b: 1 2 4", "b: 1 2 3 4", "-a"),
    # Swaps, circles and chains.
    ("a: 1 2; b: 3 4", "a: 3 4; b: 1 2", "a→b b→a"),
    ("a: 1; b: 2; c: 3", "a: 3; b: 1; c: 2", "a→b b→c c→a"),
    ("a: 1 2; b: 3 4", "b: 1 2; c: 3 4", "a→b b→c"),
    ("a: 1; b: 2; c: 3", "b: 1; c: 2; d: 3", "a→b b→c c→d"),
    # A chain whose end stays where it was is none.
    ("a: 1 2; b: 3 4", "b: 1 2 3 4", "a⇒b"),
    ("a: 1 2 3; b: 4 5; c: 6 7", "b: 1 2 3; c: 4 5 6 7", "a⇒b"),
    # The old name lives on with other members.
    ("a: 1 2", "a: 3; b: 1 2", "a⇉b"),
    # A rename together with a merge.
    ("a: 1 2 3 4; b: 5", "c: 1 2 3 4 5", "a→c b⇒c"),
    ("a: 1 2; b: 3 4", "c: 1 2 3 4", "a+b⇒c"),
    ("a: 1 2; b: 3 4; x: 5", "c: 1 2; x: 3 4 5", "a→c b⇒x"),
    # Merged at half of what is gone, removed below.
    ("a: 1 2; b: 9", "b: 1 9", "a⇒b"),
    ("a: 1 2 3; b: 9", "b: 1 9", "-a"),
    # Split at half of what is new, added below.
    ("a: 1 2 3 4", "a: 1 2 3; b: 4 5", "a⇉b"),
    ("a: 1 2 3 4", "a: 1 2 3; b: 4 5 6", "+b"),
    ("a: 1 2 3 4", "b: 1; c: 2", "a⇉b+c"),
    ("a: 1 2 3 4 5", "b: 1; c: 2", "+b +c -a"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "found"), ROWS)
def test_what_became_of_names(old: str, new: str, found: str) -> None:
    assert told(fates(said(old), said(new))) == found


def test_members_of_one_text_count_once() -> None:
    many = {("long", i) for i in range(9)}
    old = {"a": {*many, ("p", 0), ("q", 0)}, "b": {("r", 0)}}
    new = {"a": {("p", 0), ("q", 0)}, "b": {*many, ("r", 0)}}
    assert told(fates(old, new)) == ""


@pytest.mark.parametrize("kept", [0, 1], ids=["all shifted", "the last one stays"])
def test_thousands_of_names_that_take_each_others_place_take_no_time(
    kept: int,
) -> None:
    """With the last name taken over by nobody's leaving, all of the chain breaks."""
    names = 2000
    old = {f"k{i}": {(i,)} for i in range(names)}
    new = {f"k{i + 1}": {(i,)} for i in range(names)}
    if kept:
        new["k0"] = {(0,)}
    began = time.process_time()
    found = fates(old, new)
    assert time.process_time() - began < 5
    assert len(found.renamed) == (0 if kept else names)
