"""A source between two others: the older one, with some files as the newer has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dvcinc.snapshot.sources import Found, Source


class _Asked(NamedTuple):
    paths: tuple[str, ...]
    suffixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remembered:
    """A source that is asked the same again and again, and looks only once.

    Attributes:
        source: Where to look.
    """

    source: Source
    _listed: dict[_Asked, list[Found]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _read: dict[str, bytes | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def name(self) -> str:
        """See `Source`."""
        return self.source.name

    @property
    def commit(self) -> str | None:
        """See `Source`."""
        return self.source.commit

    def listed(
        self, paths: Sequence[str], suffixes: tuple[str, ...] = ("",)
    ) -> list[Found]:
        """See `Source`."""
        asked = _Asked(tuple(paths), suffixes)
        if asked not in self._listed:
            self._listed[asked] = self.source.listed(paths, suffixes)
        return self._listed[asked]

    def contents(self, found: Sequence[Found]) -> list[bytes]:
        """See `Source`."""
        return self.source.contents(found)

    def read(self, path: str) -> bytes | None:
        """See `Source`."""
        if path not in self._read:
            self._read[path] = self.source.read(path)
        return self._read[path]


@dataclass(frozen=True, slots=True)
class Mixed:
    """The old source, with some files as the new one has them, or has them not.

    Attributes:
        old: Has all other files.
        new: Has the files.
        taken: Their paths, from the project.
        commit: See `Source`; a mixture is no commit, but may be judged as one.
    """

    old: Source
    new: Source
    taken: frozenset[str]
    commit: str | None = None

    @property
    def name(self) -> str:
        """See `Source`."""
        return f"{self.old.name} with {', '.join(sorted(self.taken))}"

    def listed(
        self, paths: Sequence[str], suffixes: tuple[str, ...] = ("",)
    ) -> list[Found]:
        """See `Source`."""
        kept = (f for f in self.old.listed(paths, suffixes) if f.path not in self.taken)
        come = (f for f in self.new.listed(paths, suffixes) if f.path in self.taken)
        return sorted((*kept, *come))

    def contents(self, found: Sequence[Found]) -> list[bytes]:
        """See `Source`."""
        said: dict[Found, bytes] = {}
        for source, taken in ((self.old, False), (self.new, True)):
            own = [f for f in found if (f.path in self.taken) is taken]
            if own:
                said |= zip(own, source.contents(own), strict=True)
        return [said[f] for f in found]

    def read(self, path: str) -> bytes | None:
        """See `Source`."""
        return (self.new if path in self.taken else self.old).read(path)
