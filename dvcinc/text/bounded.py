"""A regular expression matched in time that grows with the text's length alone.

In: the parse tree of `re`; out: the same matches that `re` finds, within so many steps.
Each state (instruction, place in the text) is tried once: what has failed there once
fails always, since nothing but the state decides (Thompson 1968; Cox 2010). Single
characters and zero-width conditions are left to `re` itself.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from dvcinc.text.explosive import LONGEST_TEXT, PARSER, varies

# The largest program that is run: counted repetitions are written out in it.
LARGEST = 2_000
# Steps within one text, some 50 ms; what has not been found by then is not found. A
# count, not a clock, since the same text must have the same features everywhere.
STEPS = 100_000

_COMPILER: Any = importlib.import_module("re._compiler")
_ONE_CHARACTER = frozenset({"LITERAL", "NOT_LITERAL", "IN", "ANY"})


class UnboundedError(Exception):
    """The expression needs what only backtracking can do, or is too large."""


class _Test(NamedTuple):
    """What must match, and the characters that are known to match or not to."""

    pattern: re.Pattern[str]
    known: dict[str, bool]


class _Step(NamedTuple):
    """One instruction.

    Args:
        test: What must match here; `None` for a fork.
        takes: How many characters it takes: 1 or 0.
        then: Where to go on.
        otherwise: Where a fork goes on if `then` leads nowhere.
    """

    test: _Test | None
    takes: int = 0
    then: int = 0
    otherwise: int = 0


class BoundedRegex:
    """One compiled expression.

    Raises:
        UnboundedError: It cannot be run this way.
    """

    def __init__(self, tree: Any) -> None:  # noqa: ANN401 - re's own tree
        self._program = _Program(tree).steps

    def findall(self, text: str) -> list[str]:
        """The texts that match, as `re.findall` finds them without groups."""
        return [text[start:end] for start, end in self.spans(text)]

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """The matches, as `re.finditer` finds them."""
        start, was_empty = 0, False
        walk = _Walk(self._program, text)
        while start <= len(text) and walk.left > 0:
            end = walk.match(start, may_be_empty=not was_empty)
            if end is None:
                # What failed because it was empty may be right for another start.
                start, walk.seen = start + 1, set() if was_empty else walk.seen
                was_empty = False
                continue
            yield start, end
            was_empty, start, walk.seen = end == start, end, set()


class _Walk:
    """The states tried in one text, and how many steps are left."""

    def __init__(self, program: list[_Step], text: str) -> None:
        self._program, self._text = program, text
        self.seen: set[int] = set()
        self.left = STEPS

    def match(self, start: int, *, may_be_empty: bool) -> int | None:
        """Where the preferred match from a place ends; `None` if there is none."""
        size = len(self._program)
        waiting = [(0, start)]
        while waiting and self.left > 0:
            at, place = waiting.pop()
            state = place * (size + 1) + at
            if state in self.seen:
                continue
            self.seen.add(state)
            self.left -= 1
            if at == size:
                if may_be_empty or place > start:
                    return place
                continue
            step = self._program[at]
            if step.test is None:
                waiting.append((step.otherwise, place))
                waiting.append((step.then, place))
            elif self._holds(step.test, step.takes, place):
                waiting.append((step.then, place + step.takes))
        return None

    def _holds(self, test: _Test, takes: int, place: int) -> bool:
        if takes == 0:
            return bool(test.pattern.match(self._text, place))
        char = self._text[place : place + 1]
        known = test.known.get(char)
        if known is None:
            known = test.known[char] = bool(test.pattern.match(char))
        return known


class _Program:
    """Compiles a tree to steps; a match goes on behind the last of them."""

    def __init__(self, tree: Any) -> None:  # noqa: ANN401 - re's own tree
        self._state = tree.state
        self._tests: dict[tuple[int, int], _Test] = {}
        self.steps: list[_Step] = []
        self._sequence(tree, tree.state.flags)

    def _sequence(self, nodes: Any, flags: int) -> None:  # noqa: ANN401 - likewise
        for node in nodes:
            self._node(node, flags)

    def _node(self, node: Any, flags: int) -> None:  # noqa: ANN401 - likewise
        name, argument = str(node[0]), node[1]
        if name in _ONE_CHARACTER:
            self._emit(self._test(node, flags), 1)
        elif name == "AT" or (
            name.startswith("ASSERT") and not any(map(varies, argument[1]))
        ):
            self._emit(self._test(node, flags), 0)
        elif name == "SUBPATTERN":
            _, added, dropped, inner = argument
            self._sequence(inner, (flags | added) & ~dropped)
        elif name == "BRANCH":
            self._branch(argument[1], flags)
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            self._repeat(argument, flags, greedy=name == "MAX_REPEAT")
        else:
            raise UnboundedError

    def _branch(self, alternatives: Any, flags: int) -> None:  # noqa: ANN401 - likewise
        exits = []
        for alternative in alternatives[:-1]:
            fork = self._fork()
            self._sequence(alternative, flags)
            exits.append(self._fork())
            self._aim(fork, fork + 1, len(self.steps))
        self._sequence(alternatives[-1], flags)
        for place in exits:
            self._aim(place, len(self.steps), len(self.steps))

    def _repeat(self, argument: Any, flags: int, *, greedy: bool) -> None:  # noqa: ANN401 - likewise
        low, high, inner = argument
        if high > max(low, 1) and inner.getwidth()[0] == 0:
            # `re` has rules of its own for turns that match nothing.
            raise UnboundedError
        for _ in range(min(low, LONGEST_TEXT + 1)):
            self._sequence(inner, flags)
        if high > LONGEST_TEXT:
            fork = self._fork()
            self._sequence(inner, flags)
            back = self._fork()
            self._aim(back, fork, fork)
            self._turn(fork, greedy=greedy)
            return
        forks = []
        for _ in range(high - low):
            forks.append(self._fork())
            self._sequence(inner, flags)
        for fork in forks:
            self._turn(fork, greedy=greedy)

    def _turn(self, fork: int, *, greedy: bool) -> None:
        """Aim a fork at another turn or past the end, the preferred one first."""
        ways = (fork + 1, len(self.steps))
        self._aim(fork, *(ways if greedy else ways[::-1]))

    def _aim(self, fork: int, then: int, otherwise: int) -> None:
        self.steps[fork] = _Step(None, 0, then, otherwise)

    def _fork(self) -> int:
        self._emit(None, 0)
        return len(self.steps) - 1

    def _emit(self, test: _Test | None, takes: int) -> None:
        if len(self.steps) >= LARGEST:
            raise UnboundedError
        self.steps.append(_Step(test, takes, len(self.steps) + 1))

    def _test(self, node: Any, flags: int) -> _Test:  # noqa: ANN401 - likewise
        """One node as an expression of its own, in `re`'s own reading."""
        key = id(node), flags
        if key not in self._tests:
            state = PARSER.State()
            state.flags, state.groupwidths = flags, self._state.groupwidths
            compiled = _COMPILER.compile(PARSER.SubPattern(state, [node]))
            self._tests[key] = _Test(compiled, {})
        return self._tests[key]
