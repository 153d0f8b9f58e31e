"""The corpus as values: what Rasa training data says, each fact with its place.

Facts are named tuples rather than dataclasses: a corpus holds up to a million of
them, each hashed several times, and a tuple hashes in C.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Place(NamedTuple):
    """Where a fact stands: a POSIX path from the project, and a line (1-based)."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Span(NamedTuple):
    """An entity annotation: characters `start` to `end` of the text, half open.

    The entity's *value* is no part of it: a value that differs from the text is a
    synonym, as in Rasa, and has no weights.
    """

    start: int
    end: int
    entity: str
    role: str | None = None
    group: str | None = None


class Example(NamedTuple):
    """One text with its intent and its annotations (sorted, not overlapping).

    `intent` is the full name; for a retrieval intent that is `faq/ask_wifi`.
    """

    intent: str
    text: str
    spans: tuple[Span, ...] = ()

    def order(self) -> tuple[str, str, str]:
        """A key to sort by; spans hold `None`, which does not compare with text."""
        return (self.intent, self.text, repr(self.spans))


class Synonym(NamedTuple):
    """`alias`, as it stands in a text, means the entity value `value`."""

    alias: str
    value: str


class Regex(NamedTuple):
    """A named regular expression; a name may have several patterns."""

    name: str
    pattern: str


class LookupEntry(NamedTuple):
    """One element of a named lookup table, whether inline or from a file."""

    name: str
    element: str


class Response(NamedTuple):
    """An answer of a retrieval intent: `key` is `faq/ask_wifi`, `body` is JSON."""

    key: str
    body: str


class EntityLabel(NamedTuple):
    """An entity type, alone or with one role or one group."""

    entity: str
    role: str | None = None
    group: str | None = None


class Named(NamedTuple):
    """A slot, form, response or setting of the domain: name and canonical JSON."""

    name: str
    body: str


class Component(NamedTuple):
    """One component of the pipeline: its name, and its options as canonical JSON."""

    name: str
    options: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """What the dialogue model knows; no part of the NLU model's base."""

    intents: Mapping[str, Place] = field(default_factory=dict)
    entities: Mapping[EntityLabel, Place] = field(default_factory=dict)
    slots: Mapping[Named, Place] = field(default_factory=dict)
    actions: Mapping[str, Place] = field(default_factory=dict)
    forms: Mapping[Named, Place] = field(default_factory=dict)
    responses: Mapping[Named, Place] = field(default_factory=dict)
    settings: Mapping[Named, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """`config.yml`: language, pipeline in order, dialogue policies in order."""

    language: str | None = None
    language_place: Place | None = None
    pipeline: tuple[tuple[Component, Place], ...] = ()
    policies: tuple[tuple[Component, Place], ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """The training data of one source as sets of facts, each with its first place.

    Two corpora that say the same have equal keys, whatever the order, the files,
    the quoting or the comments; only the places differ. A heading is no fact, but where
    the examples of an intent begin, as far as that is a line of its own.
    """

    examples: Mapping[Example, Place] = field(default_factory=dict)
    synonyms: Mapping[Synonym, Place] = field(default_factory=dict)
    regexes: Mapping[Regex, Place] = field(default_factory=dict)
    lookups: Mapping[LookupEntry, Place] = field(default_factory=dict)
    responses: Mapping[Response, Place] = field(default_factory=dict)
    stories: Mapping[str, Place] = field(default_factory=dict)
    domain: Domain = field(default_factory=Domain)
    config: Config = field(default_factory=Config)
    warnings: tuple[str, ...] = ()
    headings: Mapping[str, Place] = field(default_factory=dict, compare=False)
