"""Parts of a comment, cut to a budget: whole rows go, never half of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum


class Budget(Enum):
    """How long a text may be: how much of what.

    GitHub counts characters up to the fourth byte of UTF-8, and we count the code
    units of UTF-16, of which there are at least as many; a step summary is cut off as
    a whole where it is longer in bytes.
    """

    GITHUB = (65_536, "utf-16-le", 2)
    GITLAB = (1_000_000, "utf-16-le", 2)
    SUMMARY = (1 << 20, "utf-8", 1)

    @property
    def limit(self) -> int:
        """The most that there may be."""
        return self.value[0]

    def size(self, text: str) -> int:
        """How much a text is."""
        _, encoding, width = self.value
        return len(text.encode(encoding)) // width


def _said(count: int) -> str:
    return f"… and {count:,} more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a comment.

    Attributes:
        title: What it is, for telling that it was left out.
        rank: 0 is cut last.
        lead: What it begins with: a heading, the head of a table.
        items: Lines, each of which is whole by itself.
        tail: What it ends with.
        more: The line that says how many items are left out.
        already: How many more items there are than the document lists.
    """

    title: str
    rank: int
    lead: str
    items: tuple[str, ...] = ()
    tail: str = ""
    more: Callable[[int], str] = _said
    already: int = 0

    def text(self, kept: int | None = None) -> str:
        """The section with its first items."""
        items = self.items[:kept]
        left = len(self.items) - len(items) + self.already
        lines = [self.lead, *items, *([self.more(left)] if left else [])]
        return "\n".join(lines) + self.tail

    def fitted(self, room: int, size: Callable[[str], int]) -> str:
        """As much of the section as there is room for; empty where there is none."""
        whole = self.text()
        if size(whole) <= room:
            return whole
        room -= size(self.text(0))
        kept = 0
        for item in self.items:
            room -= size(item) + 1
            if room < 0:
                break
            kept += 1
        return self.text(kept) if kept else ""


_PARTED = "\n\n"
_NOTE_ROOM = 400
"""For what was left out, and for a marker before the text."""


def fit(head: str, sections: Sequence[Section], budget: Budget) -> str:
    """A text of a head that is never cut and sections, within a budget.

    Args:
        head: The beginning.
        sections: In the order in which they are shown.
        budget: How long the text may be.
    """
    room = budget.limit - budget.size(head) - _NOTE_ROOM
    fitted: dict[str, str] = {}
    for section in sorted(sections, key=lambda section: section.rank):
        text = section.fitted(room - len(_PARTED), budget.size)
        fitted[section.title] = text
        if text:
            room -= budget.size(text) + len(_PARTED)
    parts = [head, *(fitted[section.title] for section in sections)]
    missing = [section.title for section in sections if not fitted[section.title]]
    if missing:
        parts.append(f"Left out, since there is no room: {', '.join(missing)}.")
    return _PARTED.join(part for part in parts if part) + "\n"


def folded(section: Section, summary: str) -> Section:
    """A section that opens on a click."""
    lead = f"<details><summary>{summary}</summary>\n\n{section.lead}"
    tail = f"{section.tail}\n\n</details>"
    return replace(section, lead=lead, tail=tail)
