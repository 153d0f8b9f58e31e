"""Where in a history something is there: a graph and a yes or no to stretches.

What comes, goes and comes again has several stretches, and branches have their own, so
that no bisection finds them. Where nobody can tell, one looks at what lies before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Ask = Callable[[str], bool | None]
"""Whether it is there at a node; `None` where that cannot be told."""


@dataclass(frozen=True, slots=True)
class Line:
    """A history.

    Attributes:
        parents: The nodes before each, children before parents.
        ask: Says of each whether it is there; asked once, where it is to be known.
    """

    parents: Mapping[str, Sequence[str]]
    ask: Ask

    def before(self, node: str) -> list[str]:
        """The nearest nodes before one that can tell."""
        return self._told(self.parents.get(node, ()))

    def _told(self, names: Iterable[str]) -> list[str]:
        found: dict[str, None] = {}
        waiting, seen = list(names), set[str]()
        while waiting:
            name = waiting.pop(0)
            if name in seen:
                continue
            seen.add(name)
            if self.ask(name) is None:
                waiting += self.parents.get(name, ())
            else:
                found[name] = None
        return list(found)

    def begins(self, node: str) -> list[str]:
        """Where the stretch began that a node is in, nearest first; none if in none."""
        found: list[str] = []
        waiting = [name for name in self._told([node]) if self.ask(name)]
        seen: set[str] = set()
        while waiting:
            name = waiting.pop(0)
            if name in seen:
                continue
            seen.add(name)
            before = [one for one in self.before(name) if self.ask(one)]
            waiting += before
            if not before:
                found.append(name)
        return found

    def stretches(self) -> Iterator[tuple[str, str | None]]:
        """Where each stretch begins, with the oldest node that is past its end."""
        told = [name for name in self.parents if self.ask(name) is not None]
        after: dict[str, list[str]] = {}
        for name in told:
            for one in self.before(name):
                after.setdefault(one, []).append(name)
        order = {name: number for number, name in enumerate(told)}
        for name in told:
            if self.ask(name) and not any(map(self.ask, self.before(name))):
                ends = self._past(name, after)
                yield name, max(ends, key=order.__getitem__, default=None)

    def _past(self, start: str, after: Mapping[str, Sequence[str]]) -> set[str]:
        found, waiting, seen = set[str](), [start], {start}
        while waiting:
            for name in after.get(waiting.pop(), ()):
                if not self.ask(name):
                    found.add(name)
                elif name not in seen:
                    seen.add(name)
                    waiting.append(name)
        return found
