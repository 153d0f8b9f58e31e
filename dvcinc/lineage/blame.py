"""Which training first knew a label or an example, and which commit brought it.

By Git alone: the data at the commits of trainings say what these knew. The store knows
contents by their ids, so that of most commits hardly anything is read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dvcinc.errors import InputError
from dvcinc.lineage.brought_by import Brought, brought_by
from dvcinc.lineage.corpora import sources_of
from dvcinc.lineage.graph import Node, nodes
from dvcinc.lineage.history import History
from dvcinc.lineage.looking import Kind, Looker
from dvcinc.lineage.models import Made, Models, models
from dvcinc.lineage.presence import Line
from dvcinc.plan.project import Project
from dvcinc.snapshot.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A time in which trainings knew something.

    Attributes:
        first: The first that did; its version is where that was, also of a model that
            had been there before.
        past: The first that did no more, where there is one; likewise.
        brought: Which commit brought it to the data.
    """

    first: Made
    past: Made | None
    brought: Brought


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """What is known of a name as one of a kind.

    Attributes:
        kind: What it is the name of.
        known: The stretches that reach to the current model: more than one where
            branches brought it independently.
        earlier: Those that ended.
        waiting: Which commit brought it, where data have it that no training of
            this branch knows yet; without a commit where only the work tree has it.
        is_new: Whether it waits for a training.
    """

    kind: Kind
    known: tuple[Stretch, ...]
    earlier: tuple[Stretch, ...]
    waiting: Brought | None = None

    @property
    def is_there(self) -> bool:
        """Whether anything knows it, or ever did."""
        return bool(self.known or self.earlier or self.waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blamed:
    """All that is known of a name.

    Attributes:
        found: Of each kind that it is of, or was once.
        unknown: Commits that could not be looked at, with why.
    """

    found: tuple[Blame, ...]
    unknown: tuple[tuple[str, str], ...]


def blame(project: Project, history: History, name: str, here: Source | None) -> Blamed:
    """Looks back along a history.

    Args:
        project: The project.
        history: The history to look back along.
        name: An intent, an entity type or the text of an example.
        here: The work tree, where it counts as well.

    Raises:
        InputError: The name is no text, as arguments may be.
        CannotTellError: A partial clone lacks the trees that this needs.
    """
    if any("\ud800" <= character <= "\udfff" for character in name):
        raise InputError(f"{name!r} is no UTF-8", "give it as it stands in the data")
    with project.ledger.store.together():
        one = _Blamer(project, history, name)
        new = None if here is None else one.looker.of(here)
        found = [one.blame(kind, new or frozenset()) for kind in Kind]
    return Blamed(
        found=tuple(blame for blame in found if blame.is_there),
        unknown=tuple(sorted(one.looker.unknown.items())),
    )


class _Blamer:
    """Knows what each training of a history knew of a name."""

    def __init__(self, project: Project, history: History, name: str) -> None:
        self.looker = Looker(project, name)
        self._project = project
        self._head = history.head
        self._nodes = nodes(project.git, history)
        known = models(history.versions)
        self._made = {node.commit.name: _made(node, known) for node in self._nodes}
        self._learned: dict[str, frozenset[Kind] | None] = {}

    def blame(self, kind: Kind, here: frozenset[Kind]) -> Blame:
        """What is known of the name as one of a kind.

        Args:
            kind: The kind.
            here: What it is the name of in the work tree.
        """

        def ask(node: str) -> bool | None:
            found = self._of(node)
            return None if found is None else kind in found

        line = Line({node.commit.name: node.parents for node in self._nodes}, ask)
        begins = line.begins(self._nodes[0].commit.name) if self._nodes else []
        stretches = dict(line.stretches())
        return Blame(
            kind=kind,
            known=tuple(self._stretch(kind, node, None) for node in begins),
            earlier=tuple(
                self._stretch(kind, node, past)
                for node, past in stretches.items()
                if node not in begins
            ),
            waiting=None if begins else self._waiting(kind, here),
        )

    def _of(self, node: str) -> frozenset[Kind] | None:
        """What a training knew; one model stands at many nodes."""
        made = self._made[node]
        if made is None:
            return None
        if made.digest not in self._learned:
            self._learned[made.digest] = self.looker.learned(made)
        return self._learned[made.digest]

    def _stretch(self, kind: Kind, node: str, past: str | None) -> Stretch:
        first = self._made[node]
        assert first is not None  # noqa: S101 - a node without a model cannot tell
        commits = (source.commit for source in sources_of(self._project, first))
        there = (c for c in commits if c and kind in (self.looker.at(c) or ()))
        return Stretch(
            first=first,
            past=None if past is None else self._made[past],
            brought=self._brought(kind, next(there, None)),
        )

    def _waiting(self, kind: Kind, here: frozenset[Kind]) -> Brought | None:
        """Data that no training knows: those of HEAD, or of the work tree alone."""
        head = self._head
        if head and kind in (self.looker.at(head) or ()):
            return self._brought(kind, head)
        return Brought(commit=None) if kind in here else None

    def _brought(self, kind: Kind, commit: str | None) -> Brought:
        if commit is None:
            return Brought(commit=None)
        return brought_by(self._project, self.looker, kind, commit)


def _made(node: Node, known: Models) -> Made | None:
    """The model at a node; none where it cannot be read, or is only a side's.

    After a revert, a model is there again: it is this node's commit that tells since
    when.
    """
    for version in node.versions:
        if version.lineage is not None:
            made = known.served[version.lineage.model.digest]
            return replace(made, version=version)
    return None
