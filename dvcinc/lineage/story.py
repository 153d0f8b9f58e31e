"""The story of a branch's models, oldest first: what each cost, saved, and answered.

From Git history; what the plots said comes from DVC's cache, where that still has it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from dvcinc.lineage.graph import Node, follows, nodes
from dvcinc.lineage.history import History
from dvcinc.lineage.measured import CONFUSION, MIN_DROP, intents_of, rows_of
from dvcinc.lineage.models import Made, Models, models
from dvcinc.lineage.record import Record
from dvcinc.snapshot.git import Git
from dvcinc.snapshot.sources import CommitSource, FolderSource, Source

_FEW = 2
"""So many test examples of an intent may tip over without meaning anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A model of the story.

    Attributes:
        made: The model.
        base: Its base.
        before: The models that stood before it in history, by digest; a merge has two.
        took: Seconds of training: its own, and its base's if one commit brought both.
        saved: Seconds that its base took from scratch, less its own; `None` where
            nothing could be saved, or nobody recorded what the base took.
        intents: F1 and number of test examples by intent; empty where not to be had.
    """

    made: Made
    base: Made
    before: tuple[str, ...]
    took: float
    saved: float | None
    intents: Mapping[str, tuple[float, int]]

    @property
    def digest(self) -> str:
        """The model's digest."""
        return self.made.digest

    @property
    def record(self) -> Record:
        """The model's record."""
        return self.made.record


@dataclass(frozen=True, kw_only=True)
class Story:
    """The models of a branch.

    Attributes:
        known: All models of its history.
        nodes: How the commits that made them follow each other, newest first.
        told: They, oldest first.
        bases: Their bases by digest, newest first.
        current: The model that the branch holds now; `None` without one.
        confused: How many test examples of an intent the current model takes for
            which; right answers too.
        more: How many older models are left off.
        missing: What this clone cannot tell, a sentence each.
    """

    known: Models
    nodes: tuple[Node, ...]
    told: tuple[Told, ...]
    bases: Mapping[str, Made]
    current: Told | None
    confused: Mapping[tuple[str, str], int]
    more: int
    missing: tuple[str, ...]

    @property
    def saved(self) -> float:
        """Seconds that all models together saved."""
        return sum(one.saved or 0.0 for one in self.told)

    @property
    def took(self) -> float:
        """Seconds that all models together took."""
        return sum(one.took for one in self.told)

    @property
    def errors(self) -> list[tuple[tuple[str, str], int]]:
        """Which intent is taken for which other one, how often; most first."""
        wrong = (one for one in self.confused.items() if one[0][0] != one[0][1])
        return sorted(wrong, key=lambda one: (-one[1], one[0]))

    @property
    def last_pair(self) -> tuple[Told, Told] | None:
        """The current model and the one before it, where both are told of."""
        before = self.before(self.current) if self.current else None
        return (before, self.current) if before and self.current else None

    @cached_property
    def by_digest(self) -> Mapping[str, Told]:
        """The models that are told of."""
        return {one.digest: one for one in self.told}

    def before(self, one: Told) -> Told | None:
        """The model that stood before one, where it is told of."""
        known = self.by_digest
        return next((known[digest] for digest in one.before if digest in known), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """The F1 of an intent in two models; `None` where one does not know it."""

    name: str
    before: float | None
    after: float | None
    support: int

    @property
    def change(self) -> float:
        """What it gained; 0 where there is nothing to compare."""
        if self.before is None or self.after is None:
            return 0.0
        return self.after - self.before

    @property
    def is_noise(self) -> bool:
        """Whether other test examples or another seed would do as much."""
        return abs(self.change) <= max(MIN_DROP, _FEW / max(self.support, 1))


def story(git: Git, history: History, most: int) -> Story:
    """Tells of the newest models of a history.

    Args:
        git: The repository, as seen from the project.
        history: All of it.
        most: How many models are told of.

    Raises:
        CannotTellError: A partial clone lacks the trees that this needs.
    """
    known = models(history.versions)
    found = nodes(git, history)
    before: dict[str, list[str]] = {}
    for old, new in follows(found):
        before.setdefault(new, []).append(old)
    served = [*known.served.values()]
    # After a revert, an old model is the newest that history holds.
    at = {id(version): number for number, version in enumerate(history.versions)}
    kept = sorted(served[:most], key=lambda made: -at[id(made.version)])
    told = tuple(
        _told(git, made, known.bases[made.base or ""], before.get(made.digest, ()))
        for made in kept
    )
    digests = {one.base.digest for one in told}
    current = history.current.model.digest if history.current else None
    last = next((one for one in told if one.digest == current), None)
    return Story(
        known=known,
        nodes=found,
        told=told,
        bases={d: b for d, b in known.bases.items() if d in digests},
        current=last,
        confused=_confused(_source(git, last.made)) if last else {},
        more=len(served) - len(told),
        missing=tuple(history.untold()),
    )


def _told(git: Git, made: Made, base: Made, before: Sequence[str]) -> Told:
    took, saved = _costs(made, base)
    return Told(
        made=made,
        base=base,
        before=tuple(before),
        took=took,
        saved=saved,
        intents=intents_of(_source(git, made)),
    )


def _costs(made: Made, base: Made) -> tuple[float, float | None]:
    """What a model took, and what it saved against training from scratch."""
    own, whole = made.record.seconds, base.record.seconds
    if made.version is base.version:
        return whole + own, None
    return own, whole - own if whole else None


def _source(git: Git, made: Made) -> Source:
    """Where the files that a model came with are read from."""
    commit = made.version.commit.name
    if not commit:
        return FolderSource(git.project, git=git)
    return CommitSource(git, commit[:10], commit)


def _confused(source: Source) -> Mapping[tuple[str, str], int]:
    rows = rows_of(source, CONFUSION)
    pairs = ((row.get("actual"), row.get("predicted")) for row in rows)
    return Counter((was, said) for was, said in pairs if was and said is not None)


def movers(before: Told, after: Told) -> tuple[Mover, ...]:
    """The intents of two models, the biggest change first, if both have any."""
    if not before.intents or not after.intents:
        return ()
    was, now = before.intents, after.intents
    found = (
        Mover(
            name=name,
            before=was[name][0] if name in was else None,
            after=now[name][0] if name in now else None,
            support=now[name][1] if name in now else 0,
        )
        for name in was.keys() | now.keys()
    )
    return tuple(sorted(found, key=lambda one: (-abs(one.change), one.name)))
