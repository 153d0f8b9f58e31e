"""Names that a corpus has: asked of its facts, or of the store, which knows hashes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from dvcinc.corpus.values import Corpus
from dvcinc.plan.project import Project
from dvcinc.snapshot.side import Side
from dvcinc.snapshot.summary import (
    DOMAIN,
    ENTITY,
    INTENT,
    example_labels,
    number,
    other_facts,
)

TRAINED_INTENT, TRAINED_ENTITY = INTENT, ENTITY
"""Kinds of names: those of examples and of annotations, …"""
LISTED_INTENT, LISTED_ENTITY = f"{DOMAIN}intents", f"{DOMAIN}entities"
"""… and those that the domain lists."""


class Names(Protocol):
    """The names of a corpus."""

    def known(self, kind: str, names: Iterable[str]) -> frozenset[str]:
        """Which of some names the corpus has."""

    def listed(self, kind: str) -> frozenset[str]:
        """All names that the domain lists of a kind; this may have to read it."""


@dataclass(slots=True)
class CorpusNames:
    """The names of a whole corpus."""

    corpus: Corpus
    _labels: set[str] = field(default_factory=set)

    def known(self, kind: str, names: Iterable[str]) -> frozenset[str]:
        """Which of some names the corpus has."""
        if not self._labels:
            self._labels |= {
                label for e in self.corpus.examples for label in example_labels(e)
            }
            self._labels |= {fact.label for fact in other_facts(self.corpus)}
        return frozenset(name for name in names if f"{kind} {name}" in self._labels)

    def listed(self, kind: str) -> frozenset[str]:
        """All names that the domain lists of a kind."""
        return frozenset(_listed(kind, self.corpus))


@dataclass(slots=True)
class SideNames:
    """The names of a side, most of whose files are not read.

    Those of its domain are, where it is asked for all of them.
    """

    project: Project
    side: Side

    def known(self, kind: str, names: Iterable[str]) -> frozenset[str]:
        """Which of some names the side has."""
        wanted = {number(f"{kind} {name}"): name for name in names}
        found = self.project.ledger.labelled(self.side, wanted)
        return frozenset(wanted[label] for label, _ in found)

    def listed(self, kind: str) -> frozenset[str]:
        """All names that the domain lists of a kind."""
        files = [file for file in self.side.files if "domain" in file.role.split()]
        parts = self.project.ledger.parts(self.side, files)
        return frozenset(name for part in parts for name in _listed(kind, part.corpus))


def _listed(kind: str, corpus: Corpus) -> Iterator[str]:
    if kind == LISTED_INTENT:
        yield from corpus.domain.intents
    else:
        yield from (label.entity for label in corpus.domain.entities)
