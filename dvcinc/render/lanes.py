"""A graph of commits as lanes of characters, newest on top, a row for each commit.

A branch is a lane. A merge opens lanes to the right (`.`) and where a branch began,
its lane ends (`'`); what lies between is crossed.
"""

from __future__ import annotations

from collections.abc import Sequence

_OPENS, _ENDS, _MEETS = ".", "'", "+"


def lanes(found: Sequence[tuple[str, Sequence[str]]]) -> list[tuple[str, str]]:
    """The row of each commit, and the lanes that go on below it, all of one width.

    Args:
        found: Names of commits with those of their parents, children before parents.
    """
    drawn = _Lanes()
    rows = [drawn.row(name, parents) for name, parents in found]
    width = max((len(row) for pair in rows for row in pair), default=0)
    return [(row.ljust(width), below.ljust(width)) for row, below in rows]


class _Lanes:
    """Which commit each lane waits for; a lane that waits for none is free."""

    def __init__(self) -> None:
        self._waiting: list[str | None] = []

    def row(self, name: str, parents: Sequence[str]) -> tuple[str, str]:
        """Draws a commit, and opens and ends the lanes that it does."""
        mine = [i for i, wanted in enumerate(self._waiting) if wanted == name]
        if not mine:
            mine = [self._free()]
        at, *ending = mine
        marks = dict.fromkeys(ending, _ENDS)
        self._waiting[at] = parents[0] if parents else None
        taken = {*mine}
        for parent in parents[1:]:
            # Another child waits for it as well: both meet in one lane.
            known = [i for i, w in enumerate(self._waiting) if w == parent]
            lane = known[0] if known else self._free(taken)
            marks.setdefault(lane, _MEETS if known else _OPENS)
            self._waiting[lane] = parent
        row = self._drawn(at, marks)
        for lane in ending:
            self._waiting[lane] = None
        while self._waiting and self._waiting[-1] is None:
            self._waiting.pop()
        return row, self._drawn(None, {})

    def _free(self, taken: set[int] | None = None) -> int:
        """A lane that waits for nothing, the leftmost one."""
        for lane, wanted in enumerate(self._waiting):
            if wanted is None and lane not in (taken or ()):
                return lane
        self._waiting.append(None)
        return len(self._waiting) - 1

    def _drawn(self, at: int | None, marks: dict[int, str]) -> str:
        cells = [" " if wanted is None else "|" for wanted in self._waiting]
        if at is None:
            return " ".join(cells).rstrip()
        cells[at] = "*"
        first, last = min([at, *marks]), max([at, *marks])
        for lane in range(first, last):
            if cells[lane] == " ":
                cells[lane] = "-"
        for lane, mark in marks.items():
            cells[lane] = mark
        gaps = ("-" if first <= lane < last else " " for lane in range(len(cells)))
        return "".join(c + g for c, g in zip(cells, gaps, strict=True)).rstrip()
