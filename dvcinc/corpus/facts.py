"""The NLU facts of one file, growing while a reader goes through it.

What all formats have in common is here: outer blanks and duplicates mean nothing, an
empty example is passed over with a warning, a value's other spelling is a synonym.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dvcinc.corpus.markup import BLANK, Marked
from dvcinc.corpus.part import LookupFile, Part
from dvcinc.corpus.values import (
    Corpus,
    Example,
    LookupEntry,
    Place,
    Regex,
    Synonym,
)


@dataclass(slots=True)
class NluFacts:
    """The facts of one file, each with its first place."""

    examples: dict[Example, Place] = field(default_factory=dict)
    synonyms: dict[Synonym, Place] = field(default_factory=dict)
    regexes: dict[Regex, Place] = field(default_factory=dict)
    lookups: dict[LookupEntry, Place] = field(default_factory=dict)
    headings: dict[str, Place] = field(default_factory=dict)
    lookup_files: list[LookupFile] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def warn(self, place: Place, message: str) -> None:
        """Notes what was passed over, or looks wrong, at a place."""
        self.warnings.append(f"{place}: {message}")

    def add_example(self, intent: str, marked: Marked, place: Place) -> None:
        """Adds an example of an intent, and the synonyms that it states."""
        if not marked.text.strip():
            self.warn(place, f"empty example in intent {intent!r}")
            return
        self.examples.setdefault(Example(intent, marked.text, marked.spans), place)
        self.note(marked, place)

    def note(self, marked: Marked, place: Place) -> None:
        """Adds what an example says beside itself: synonyms, and what looks wrong."""
        for synonym in marked.synonyms:
            self.synonyms.setdefault(synonym, place)
        if marked.broken:
            self.warn(place, f"{marked.broken!r} looks like an entity and is none")

    def add_synonym(self, alias: str, value: str, place: Place) -> None:
        """Adds another spelling of an entity's value, unless it is the same."""
        if (alias := alias.strip(BLANK)) and alias != value:
            self.synonyms.setdefault(Synonym(alias, value), place)

    def add_regex(self, name: str, pattern: str, place: Place) -> None:
        """Adds a pattern of a named regex."""
        if pattern := pattern.strip(BLANK):
            self.regexes.setdefault(Regex(name, pattern), place)

    def add_lookup(self, name: str, element: str, place: Place) -> None:
        """Adds an element of a lookup table."""
        if element := element.strip(BLANK):
            self.lookups.setdefault(LookupEntry(name, element), place)

    def part(self) -> Part:
        """The facts as a part of a corpus."""
        corpus = Corpus(
            examples=self.examples,
            synonyms=self.synonyms,
            regexes=self.regexes,
            lookups=self.lookups,
            warnings=tuple(self.warnings),
        )
        return Part(corpus=corpus, lookups=tuple(self.lookup_files))
