"""A text file as lines that keep their ends: what is not changed stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dvcinc.yaml import decode

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Lines:
    r"""A text file.

    Attributes:
        rows: Its lines without line feeds; those of Windows keep their `\r`.
        ended: Whether the last line has an end, too.
        mark: The byte-order mark, if there is one.
    """

    rows: tuple[str, ...]
    ended: bool = True
    mark: str = ""

    @property
    def is_windows(self) -> bool:
        """Whether lines end as on Windows."""
        return any(row.endswith("\r") for row in self.rows)

    def inserted(self, added: Mapping[int, Sequence[str]]) -> Lines:
        """With lines in front of those with the given numbers, from 0."""
        own = "\r" if self.is_windows else ""
        rows: list[str] = []
        for number, row in enumerate((*self.rows, None)):
            news = [new + own for new in added.get(number, ())]
            if row is None and news and not self.ended:
                rows[-1] += own
            rows += news
            if row is not None:
                rows.append(row)
        at_end = bool(added.get(len(self.rows)))
        return Lines(tuple(rows), self.ended or at_end, self.mark)

    def replaced(self, number: int, row: str) -> Lines:
        """With another line in the place of one; it keeps its end."""
        kept = "\r" if self.rows[number].endswith("\r") else ""
        rows = (*self.rows[:number], row + kept, *self.rows[number + 1 :])
        return Lines(rows, self.ended, self.mark)

    def without(self, numbers: Iterable[int]) -> Lines:
        """Without some lines."""
        gone = frozenset(numbers)
        rows = (row for number, row in enumerate(self.rows) if number not in gone)
        return Lines(tuple(rows), self.ended, self.mark)

    def block_end(self, start: int, column: int) -> int:
        """The number behind the last line of what begins on a line, at a column.

        All that stands further to the right belongs to it; blank lines and comments
        behind it do not.
        """
        end = start + 1
        for number in range(start + 1, len(self.rows)):
            text = self.rows[number].strip()
            indent = _indent(self.rows[number])
            if text and not text.startswith("#") and indent <= column:
                break
            if text and indent > column:
                end = number + 1
        return end

    def to_bytes(self) -> bytes:
        """The file's bytes."""
        end = "\n" if self.ended and self.rows else ""
        return (self.mark + "\n".join(self.rows) + end).encode()


def read_lines(data: bytes, path: str) -> Lines:
    """A text file as lines.

    Raises:
        InputError: It is no UTF-8.
    """
    text = decode(data, path)
    mark = _BOM if data.startswith(_BOM.encode()) else ""
    if not text:
        return Lines((), mark=mark)
    rows = text.split("\n")
    if rows[-1]:
        return Lines(tuple(rows), ended=False, mark=mark)
    return Lines(tuple(rows[:-1]), mark=mark)


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip(" "))


def missing_lines(before: bytes, wanted: Sequence[bytes]) -> bytes:
    """A file of lines, with those behind it that it does not have yet."""
    end = b"\r\n" if b"\r\n" in before else b"\n"
    there = {line.strip() for line in before.splitlines()}
    missing = [line for line in wanted if line not in there]
    head = before + end if missing and before and before[-1:] != b"\n" else before
    return head + b"".join(line + end for line in missing)
