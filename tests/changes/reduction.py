"""Two corpora reduced to what a comparison may look at: the locality law's definition.

Kept are the facts that came or went, every example with the text of one of them, and of
each label that one of them carries as many unchanged facts as can matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from dvcinc.corpus.selectors import base_intent
from dvcinc.corpus.values import (
    Corpus,
    Domain,
    EntityLabel,
    Example,
    LookupEntry,
    Place,
    Regex,
    Response,
    Synonym,
)

SECTIONS = ("synonyms", "regexes", "lookups", "responses", "stories")
Facts = Mapping[Any, Place]


def reduced(old: Corpus, new: Corpus) -> tuple[Corpus, Corpus]:
    """The same two corpora without what no rule may depend on."""
    changed = {*_changed(old, new)}
    touched = {label for fact in changed for label in labels_of(fact)}
    texts = {fact.text for fact in changed if isinstance(fact, Example)}
    members = 2 * len(changed) + 1
    shared = _only(old, lambda fact: fact not in changed)
    kept = {*changed, *_context(shared, touched, texts, members)}
    one, other = (_only(corpus, kept.__contains__) for corpus in (old, new))
    return one, other


def labels_of(fact: object) -> Iterator[tuple[str, ...]]:
    """The labels that a fact carries, each with its sort."""
    match fact:
        case Example(intent=intent, spans=spans):
            yield from (("intent", base_intent(intent)), ("key", intent))
            for span in spans:
                yield "entity", span.entity
                yield "role", span.entity, str(span.role)
                yield "group", span.entity, str(span.group)
        # A pattern is looked up if its name is that of an annotated entity type.
        case Regex(name=name) | LookupEntry(name=name):
            yield from (("pattern", type(fact).__name__, name), ("entity", name))
        case Synonym(value=value):
            yield "synonym", value
        case Response(key=key):
            yield "response", key
        case ("domain", "intents", name):
            yield "intent", name
        case ("domain", "entities", EntityLabel(entity=entity, role=role, group=group)):
            yield "entity", entity
            yield "role", entity, str(role)
            yield "group", entity, str(group)
        case ("domain", section, fact):
            yield "domain", section, getattr(fact, "name", fact)


def _sections(corpus: Corpus) -> Iterator[tuple[str, Facts]]:
    yield "examples", corpus.examples
    for name in SECTIONS:
        yield name, getattr(corpus, name)
    for part in fields(Domain):
        section = getattr(corpus.domain, part.name)
        yield (
            part.name,
            {("domain", part.name, fact): at for fact, at in section.items()},
        )


def _changed(old: Corpus, new: Corpus) -> Iterator[object]:
    for (_, before), (_, after) in zip(_sections(old), _sections(new), strict=True):
        yield from before.keys() ^ after.keys()


def _context(
    shared: Corpus, touched: set[tuple[str, ...]], texts: set[str], members: int
) -> Iterator[object]:
    """Unchanged facts: of examples that share a label so many texts, else one each."""
    counted: Counter[tuple[str, ...]] = Counter()
    seen: set[tuple[tuple[str, ...], str]] = set()
    for example in shared.examples:
        labels = touched.intersection(labels_of(example))
        for label in labels:
            new = (label, example.text) not in seen
            if new and counted[label] < members:
                counted[label] += 1
                seen.add((label, example.text))
                yield example
        if example.text in texts:
            yield example
    yield from _one_each(shared, touched)


def _one_each(shared: Corpus, touched: set[tuple[str, ...]]) -> Iterator[object]:
    for _, facts in [*_sections(shared)][1:]:
        found: set[tuple[str, ...]] = set()
        for fact in facts:
            labels = touched.intersection(labels_of(fact)) - found
            if labels:
                found |= labels
                yield fact


def _only(corpus: Corpus, wanted: Callable[[object], bool]) -> Corpus:
    def of(facts: Facts) -> dict[Any, Place]:
        return {fact: place for fact, place in facts.items() if wanted(fact)}

    sections = {name: of(getattr(corpus, name)) for name in ("examples", *SECTIONS)}
    domain = {
        part.name: {
            fact: place
            for fact, place in getattr(corpus.domain, part.name).items()
            if wanted(("domain", part.name, fact))
        }
        for part in fields(Domain)
    }
    return replace(corpus, **sections, domain=Domain(**domain))


def facts_of(corpora: Iterable[Corpus]) -> int:
    """How many examples there are."""
    return sum(len(corpus.examples) for corpus in corpora)
