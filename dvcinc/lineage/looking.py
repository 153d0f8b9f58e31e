"""Looks for a name in the data of commits: an intent, an entity type, or a text.

The store knows contents by their ids, so that of most commits hardly a file is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from dvcinc.corpus.markup import parse_markup
from dvcinc.errors import DvcincError
from dvcinc.lineage.corpora import sources_of, trained_on
from dvcinc.lineage.models import Made
from dvcinc.plan.project import Project
from dvcinc.snapshot.sources import CommitSource, Source
from dvcinc.snapshot.summary import ENTITY, INTENT, number


class Kind(Enum):
    """What a name may be the name of."""

    INTENT = INTENT
    ENTITY = ENTITY
    TEXT = "text"


_LABELS = (Kind.INTENT, Kind.ENTITY)


@dataclass(slots=True)
class Looker:
    """Looks for a name; at each commit only once.

    Args:
        project: The project.
        name: The name.

    Attributes:
        unknown: The commits that cannot be read, with why.
    """

    project: Project
    name: str
    unknown: dict[str, str] = field(default_factory=dict, init=False)
    _known: dict[str, frozenset[Kind] | None] = field(default_factory=dict, init=False)

    def at(self, commit: str) -> frozenset[Kind] | None:
        """What it is the name of at a commit; `None` where that cannot be read."""
        if commit not in self._known:
            source = CommitSource(self.project.git, commit[:10], commit)
            self._known[commit] = self.of(source)
        return self._known[commit]

    def of(self, source: Source) -> frozenset[Kind] | None:
        """What it is the name of in a source; `None` where that cannot be read."""
        ledger, name = self.project.ledger, self.name
        try:
            side = ledger.side(source)
        except DvcincError as error:
            self.unknown[source.commit or source.name] = error.message
            return None
        labels = {number(f"{kind.value} {name}"): kind for kind in _LABELS}
        found = {labels[label] for label, _ in ledger.labelled(side, labels)}
        if any(ledger.holds(side, text) for text in _texts(name)):
            found.add(Kind.TEXT)
        return frozenset(found)

    def learned(self, model: Made) -> frozenset[Kind] | None:
        """What it was the name of in the data that a model was trained on."""
        found = [self._at(source) for source in sources_of(self.project, model)]
        told = {one for one in found if one is not None}
        if len(told) <= 1:
            return next(iter(told), None)
        # The commits around a training differ: its digest tells which one it is of.
        return self._at(trained_on(self.project, model).source)

    def _at(self, source: Source) -> frozenset[Kind] | None:
        return self.at(source.commit) if source.commit else self.of(source)


def _texts(name: str) -> set[str]:
    """The text of an example, given with its markup or without."""
    try:
        return {name.strip(), parse_markup(name).text}
    except DvcincError:
        return {name.strip()}
