"""What one file holds, in few numbers: hashes of texts and of labels.

Labels are the names that a change can touch: intents, response keys, entity types,
roles, groups, and the names of whatever else a corpus holds. Two facts of the same
kind with the same name share a label.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from dvcinc.corpus.digest import example_fact
from dvcinc.corpus.part import LookupFile
from dvcinc.corpus.values import Corpus, Example, Place

INTENT, ENTITY, REGEX, LOOKUP = "intent", "entity", "regex", "lookup"
ANSWERS = "answers"
DOMAIN = "domain."


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What one file holds.

    Attributes:
        key: Its `File.key`: its content's id, and as what it was read.
        texts: Hash of the text and hash of the whole example, for each example.
        labels: Hash of a label to how many facts carry it.
        lookups: The files that it names.
    """

    key: str
    texts: tuple[tuple[int, int], ...]
    labels: Mapping[int, int]
    lookups: tuple[LookupFile, ...]


def summary(key: str, corpus: Corpus, lookups: Iterable[LookupFile] = ()) -> Summary:
    """The summary of a file.

    Args:
        key: Its `File.key`.
        corpus: What it says.
        lookups: The files that it names.
    """
    counts = Counter(_intents(corpus.examples))
    for example in corpus.examples:
        if example.spans:
            counts.update(_span_labels(example))
    counts.update(fact.label for fact in other_facts(corpus))
    texts = ((number(e.text), _number(example_fact(e))) for e in corpus.examples)
    return Summary(
        key=key,
        texts=tuple(texts),
        labels={number(label): count for label, count in counts.items()},
        lookups=tuple(lookups),
    )


def number(text: str) -> int:
    """A text as a signed number of 64 bits, as SQLite holds it."""
    return _number(text.encode())


def _number(data: bytes) -> int:
    return int.from_bytes(
        hashlib.sha1(data, usedforsecurity=False).digest()[:8], signed=True
    )


def example_labels(example: Example) -> Iterator[str]:
    """The labels of an example."""
    yield from _intents((example,))
    yield from _span_labels(example)


def _intents(examples: Iterable[Example]) -> Iterator[str]:
    for example in examples:
        intent = example.intent
        yield f"{INTENT} {intent}"
        base, slash, _ = intent.partition("/")
        if slash:
            yield f"{INTENT} {base}"


def _span_labels(example: Example) -> set[str]:
    labels = set()
    for span in example.spans:
        labels.add(f"{ENTITY} {span.entity}")
        if span.role is not None:
            labels.add(f"role {span.entity}#{span.role}")
        if span.group is not None:
            labels.add(f"group {span.entity}#{span.group}")
    return labels


class Fact(NamedTuple):
    """A fact that is no example.

    Attributes:
        label: Its label.
        section: Where it stands in a corpus: `synonyms`, or `domain.slots`.
        value: The fact.
        place: Where it is written.
    """

    label: str
    section: str
    value: Hashable
    place: Place


def other_facts(corpus: Corpus) -> Iterator[Fact]:
    """All facts of a corpus but examples and config."""
    for section, label in _LABELS.items():
        for value, place in getattr(corpus, section).items():
            yield Fact(label(value), section, value, place)
    for section, label in _DOMAIN_LABELS.items():
        for value, place in getattr(corpus.domain, section).items():
            said = f"{DOMAIN}{section} {label(value)}"
            yield Fact(said, f"{DOMAIN}{section}", value, place)


_LABELS: Mapping[str, Callable[[Any], str]] = {
    "synonyms": lambda fact: f"synonym {fact.value}",
    "regexes": lambda fact: f"{REGEX} {fact.name}",
    "lookups": lambda fact: f"{LOOKUP} {fact.name}",
    # With an intent, the answers of all its keys are renamed.
    "responses": lambda fact: f"{ANSWERS} {fact.key.partition('/')[0]}",
    "stories": lambda story: f"story {story}",
}
_DOMAIN_LABELS: Mapping[str, Callable[[Any], str]] = {
    "intents": str,
    "actions": str,
    "entities": lambda label: str(label.entity),
    **dict.fromkeys(
        ("slots", "forms", "responses", "settings"), lambda fact: str(fact.name)
    ),
}
