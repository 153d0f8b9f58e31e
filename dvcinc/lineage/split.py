"""A change taken apart by file: what each would cost alone, and which could go first.

A part is judged by the ordinary way, on the old side with just its files as the new
side has them. Files that belong together are one part (`dvcinc.lineage.joining`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from dvcinc.config import Mode
from dvcinc.decision.decide import Decision
from dvcinc.errors import CannotTellError, DvcincError
from dvcinc.lineage.brought import brought, needed
from dvcinc.lineage.comparing import heeded
from dvcinc.lineage.differing import changed_files
from dvcinc.lineage.gathering import gathered
from dvcinc.lineage.joining import Bond, Changed, Groups, joined
from dvcinc.lineage.standing import Standing
from dvcinc.lineage.values import Verdict
from dvcinc.params import PATH as PARAMS
from dvcinc.plan.make import compare_snapshots
from dvcinc.plan.project import Project
from dvcinc.plan.situation import Committed
from dvcinc.plan.swift import decide_swiftly
from dvcinc.snapshot.mixed import Mixed, Remembered
from dvcinc.snapshot.read import Snapshot
from dvcinc.snapshot.side import Side
from dvcinc.snapshot.sources import CommitSource, IndexSource, Source

LIMIT = 50
"""How many parts are judged alone; beyond, the rest goes by folder."""
WHOLE = 1_000_000
"""Examples to read for parts that differences alone do not tell all of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Files that go together, and what they need without the rest of the change.

    Attributes:
        files: Their paths, sorted.
        known: What Git knows them by, where it is not the files: pointers, submodules.
        bonds: Why they go together; empty for a single file.
        decision: What they need; `None` where that cannot be told.
        problem: Why it cannot be told.
    """

    files: tuple[str, ...]
    known: tuple[str, ...]
    bonds: tuple[Bond, ...]
    decision: Decision | None = None
    problem: str = ""

    @property
    def mode(self) -> Mode | None:
        """What they need, if it can be told."""
        return None if self.decision is None else self.decision.mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A change, taken apart.

    Attributes:
        whole: What all of it needs by itself.
        parts: Its parts, the cheapest first.
        first: The parts that are cheaper than the whole, as one, if they are that
            together too, and train anything.
        due: What the old side needs by itself already, if more than the whole: then
            there is nothing to gain.
        trained: Whether the new side has been trained, so that there is none either.
        staged: Files of the rest that are staged already.
        problem: Why the change cannot be taken apart.
    """

    whole: Mode
    parts: tuple[Part, ...] = ()
    first: Part | None = None
    due: Mode | None = None
    trained: bool = False
    staged: tuple[str, ...] = ()
    problem: str = ""

    def goes_first(self, part: Part) -> bool:
        """Whether a part is one of those that could go first."""
        return self.first is not None and {*part.files} <= {*self.first.files}

    @property
    def modes(self) -> set[Mode | None]:
        """The modes of the parts."""
        return {part.mode for part in self.parts}


def split(
    project: Project, old: CommitSource, new: Remembered, found: Verdict
) -> Split:
    """Takes a change apart that has been judged as a whole.

    Args:
        project: The project.
        old: The side before.
        new: The side afterwards.
        found: The verdict on all of it.

    Raises:
        DvcincError: What differs cannot be read.
    """
    whole = found.change.mode
    try:
        before = project.ledger.side(old)
    except DvcincError as error:
        said = f"{old.name} cannot be read, so nothing can be added to it alone"
        return Split(whole=whole, problem=f"{said}: {error.message}")
    after, there = project.side(new), Remembered(old)
    files = changed_files(project, before, after, there, new)
    groups = gathered(files, joined(files, found.change.reasons), found, LIMIT)
    committed, _ = heeded(project, old.commit)
    judge = _Judge(project, before, there, new, committed, files)
    parts = judge.settled(groups, whole)
    due = found.decision.mode if found.standing is Standing.DUE else None
    trained = found.standing is Standing.TRAINED
    first = None if due or trained else judge.first(parts, whole)
    rest = {path for part in parts for path in part.known} - {
        *(first.known if first else ())
    }
    return Split(
        whole=whole,
        parts=tuple(sorted(parts, key=_cheapest_first)),
        first=first,
        due=due,
        trained=trained,
        staged=tuple(_staged(project, old, new, rest)) if first else (),
    )


def _cheapest_first(part: Part) -> tuple[int, tuple[str, ...]]:
    return (len(Mode) if part.mode is None else part.mode, part.files)


@dataclass(slots=True)
class _Judge:
    """Judges files of the new side on top of the old one."""

    project: Project
    before: Side
    old: Remembered
    new: Remembered
    committed: Committed | None
    files: Sequence[Changed]
    _left: int = field(default_factory=lambda: WHOLE, init=False)
    _already: Mode | None = field(default=None, init=False)

    def settled(self, groups: Groups, whole: Mode) -> list[Part]:
        """The parts, judged; those that cannot stand alone are put together."""
        known: dict[tuple[int, ...], Part] = {}

        def judged() -> list[Part]:
            for group, bonds in groups.each():
                if tuple(group) not in known:
                    known[tuple(group)] = self.part(group, bonds)
            return [known[tuple(group)] for group, _ in groups.each()]

        places = {file.path: i for i, file in enumerate(self.files)}
        settings = [i for path, i in places.items() if self._is_setting(path)]
        for others in ([], settings):
            stuck = [part for part in judged() if _is_stuck(part, whole)]
            if not stuck or self._left <= 0:
                break
            groups.join([places[p.files[0]] for p in stuck] + others, Bond.TIED)
        return judged()

    def _is_setting(self, path: str) -> bool:
        return path in {PARAMS, self.before.params.data.config}

    def part(self, group: Iterable[int], bonds: Iterable[Bond]) -> Part:
        """Some files, judged."""
        files = [self.files[i] for i in group]
        part = Part(
            files=tuple(file.path for file in files),
            known=tuple(sorted({file.pointer or file.path for file in files})),
            bonds=tuple(bond for bond in Bond if bond in {*bonds}),
        )
        try:
            return replace(part, decision=self.decision(part.files))
        except DvcincError as error:
            return replace(part, problem=error.message)

    def decision(self, paths: Iterable[str]) -> Decision:
        """What files need on top of the old side."""
        if self._left <= 0:
            raise CannotTellError("not judged: all of the data would have to be read")
        source = Mixed(self.old, self.new, frozenset(paths))
        side = self.project.side(source)
        # What a commit needs does not depend on what happens to lie in the work tree.
        side = replace(side, source=replace(source, commit=self.new.commit))
        between = compare_snapshots(*self._compared(side))
        if self.committed is None:
            return between
        outcome = decide_swiftly(
            self.project, self.committed, self.before, side, self.old.commit or ""
        )
        if not outcome.swift:
            self._left -= side.examples
        policy = side.params.policy
        return brought(between, outcome.decision, policy, self.already)

    def already(self) -> Mode:
        """What has to run for the old side by itself."""
        if self._already is None and self.committed is not None:
            commit = self.old.commit or ""
            args = (self.project, self.committed, self.before, commit)
            self._already = needed(*args)
        return self._already or Mode.NONE

    def _compared(self, side: Side) -> Iterator[Snapshot]:
        sides = (self.before, side)
        corpora = self.project.ledger.reduced(sides)
        for one, corpus in zip(sides, corpora, strict=True):
            name = one.source.name
            yield Snapshot(source=name, commit=None, params=one.params, corpus=corpus)

    def first(self, parts: Sequence[Part], whole: Mode) -> Part | None:
        """The parts that are cheaper than the whole, if they are it together too.

        Each may be cheap and both be dear: two files that each lose half of an intent.
        """
        places = {file.path: i for i, file in enumerate(self.files)}
        for mode in sorted(Mode, reverse=True):
            cheap = [p for p in parts if _goes_with(p, mode) and mode < whole]
            # What trains nothing is no reason to make a commit of its own.
            if not any(p.mode for p in cheap):
                continue
            both = self.part(sorted(places[f] for p in cheap for f in p.files), ())
            if both.mode is not None and both.mode < whole:
                return both
        return None


def _goes_with(part: Part, mode: Mode) -> bool:
    """Whether a part is no dearer than a mode, and not written for something dearer.

    A domain that lists a new intent trains nothing here, and belongs to the intent.
    """
    if part.decision is None or part.decision.mode > mode:
        return False
    return part.decision.mode > Mode.NONE or not any(part.decision.targets.values())


def _is_stuck(part: Part, whole: Mode) -> bool:
    return part.mode is None or part.mode > whole


def _staged(
    project: Project, old: CommitSource, new: Source, rest: Iterable[str]
) -> Iterator[str]:
    """The files that `git commit` would take along from the index."""
    if new.commit is not None or project.git.bare:
        return
    paths = sorted(rest)
    try:
        index = dict(IndexSource(project.git).listed(paths))
    except DvcincError:  # an open merge, which is committed as a whole
        return
    was = dict(old.listed(paths))
    yield from (path for path in paths if index.get(path) != was.get(path))
