"""What must be known around changed facts: copies, other members, other facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from dvcinc.corpus.values import Corpus, Domain, Example, Place
from dvcinc.snapshot.summary import (
    ANSWERS,
    DOMAIN,
    ENTITY,
    INTENT,
    LOOKUP,
    REGEX,
    Fact,
    example_labels,
    other_facts,
)

NOWHERE = Place(chr(0x10FFFF), 0)
"""The place of what stands on each side at a place of its own: after all others."""


class Context:
    """Gathers what must be known around changed facts.

    Args:
        changed: What each side has and not all have.
        share: How many members of a touched label to know, for each changed example.

    Attributes:
        texts: The texts whose every example counts.
        names: The labels of facts that are no examples, of which some fact counts.
    """

    def __init__(self, changed: Sequence[Corpus], share: int) -> None:
        examples = {example for corpus in changed for example in corpus.examples}
        others = {fact[:3] for corpus in changed for fact in other_facts(corpus)}
        labels = {label for example in examples for label in example_labels(example)}
        self.texts = frozenset(example.text for example in examples)
        self.names = frozenset({label for label, _, _ in others} | _alike(labels))
        self._others = others
        self._bound = share * len(examples) + 1
        self._members: dict[str, set[str]] = {
            label: set() for label in labels | _entities(self.names)
        }
        self._examples: dict[Example, Place] = {}
        self._facts: dict[tuple[str, object], Place] = {}
        self._named: set[tuple[str, str]] = set()

    def missing(self) -> dict[str, int]:
        """The labels of which more members should be known, and how many more."""
        return {
            label: self._bound - len(members)
            for label, members in sorted(self._members.items())
            if len(members) < self._bound
        }

    def take(self, corpus: Corpus) -> None:
        """Takes what counts of facts that all sides have."""
        for example, place in corpus.examples.items():
            if self._counts(example):
                known = self._examples.setdefault(example, place)
                if place < known:
                    self._examples[example] = place
        for fact in other_facts(corpus):
            if fact.label in self.names and self._tells(fact):
                key = (fact.section, fact.value)
                if self._facts.setdefault(key, fact.place) is NOWHERE:
                    self._facts[key] = fact.place

    def _counts(self, example: Example) -> bool:
        counts = example.text in self.texts
        for label in example_labels(example):
            members = self._members.get(label)
            if members is not None and len(members) < self._bound:
                members.add(example.text)
                counts = True
        return counts

    def _tells(self, fact: Fact) -> bool:
        """Whether a fact of a touched name is a changed one, or the first other."""
        if fact[:3] in self._others or fact.label.startswith(ANSWERS):
            return True
        name = (fact.section, fact.label)
        new = name not in self._named
        self._named.add(name)
        return new

    @property
    def corpus(self) -> Corpus:
        """What was gathered."""
        facts = Corpus(examples=self._examples)
        return replace(facts, **self._in(""), domain=Domain(**self._in(DOMAIN)))

    def _in(self, above: str) -> dict[str, Any]:
        sections: dict[str, dict[object, Place]] = {}
        for (section, value), place in self._facts.items():
            if section.startswith(DOMAIN) is bool(above):
                sections.setdefault(section.removeprefix(above), {})[value] = place
        return {**sections}


def _alike(labels: Iterable[str]) -> set[str]:
    """Patterns by the names of entity types, and answers by those of intents."""
    found = set()
    for label in labels:
        kind, _, name = label.partition(" ")
        if kind == ENTITY:
            found |= {f"{REGEX} {name}", f"{LOOKUP} {name}"}
        elif kind == INTENT:
            found.add(f"{ANSWERS} {name.partition('/')[0]}")
    return found


def _entities(names: Iterable[str]) -> set[str]:
    """Entity types by the names of patterns."""
    pairs = (name.partition(" ") for name in names)
    return {f"{ENTITY} {name}" for kind, _, name in pairs if kind in (REGEX, LOOKUP)}
