"""The digest of a corpus: a sum over its facts, so that it moves with each change.

Every distinct fact is hashed to a number of 2,048 bits, and the numbers are added up
modulo 2^2048 (AdHash of Bellare and Micciancio, 1997; as wide as this, the best known
attack, Wagner's generalised birthday, needs some 2^90 steps). So the digest knows no
order and no files, and the digest after a change is the one before, plus what came,
minus what went. What people see is the SHA-256 of the sum.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NewType

from dvcinc.corpus.values import Component, Config, Corpus, Domain, Example, Place, Span
from dvcinc.yaml import Json, canonical_json

FactSum = NewType("FactSum", int)
"""The sum of the numbers of facts; see `fact_sum`."""

EMPTY = FactSum(0)
WIDTH = 256
"""Bytes of a sum."""
_MODULUS = 1 << (8 * WIDTH)
# Sections whose facts are plain tuples of texts.
_PLAIN = ("synonyms", "regexes", "lookups", "responses")
_NAMED = ("slots", "forms", "responses", "settings")


def corpus_digest(corpus: Corpus) -> str:
    """`sha256:…`: equal for corpora that say the same, whatever files they are in."""
    return told(fact_sum(corpus))


def fact_sum(corpus: Corpus) -> FactSum:
    """The sum over all facts of a corpus."""
    numbers = map(numbered, facts(corpus))
    return FactSum(sum(int.from_bytes(n, "little") for n in numbers) % _MODULUS)


def moved(before: FactSum, come: FactSum, gone: FactSum) -> FactSum:
    """The sum after some facts came and others went."""
    return FactSum((before + come - gone) % _MODULUS)


def told(total: FactSum) -> str:
    """The digest, as people and files say it."""
    return f"sha256:{hashlib.sha256(to_bytes(total)).hexdigest()}"


def to_bytes(total: FactSum) -> bytes:
    """A sum as `WIDTH` bytes."""
    return total.to_bytes(WIDTH, "little")


def from_bytes(data: bytes) -> FactSum:
    """The inverse of `to_bytes`."""
    return FactSum(int.from_bytes(data, "little"))


def numbered(fact: bytes) -> bytes:
    """The number of a fact, as `WIDTH` bytes."""
    return hashlib.shake_128(fact).digest(WIDTH)


def facts(corpus: Corpus) -> Iterator[bytes]:
    """Each fact as bytes of its own: no two facts share theirs."""
    yield from map(example_fact, corpus.examples)
    for section in _PLAIN:
        for fact in getattr(corpus, section):
            yield _said(section, fact)
    for story in corpus.stories:
        yield _said("stories", (story,))
    yield from _domain(corpus.domain)
    yield from _config(corpus.config)


def example_fact(example: Example) -> bytes:
    """An example as bytes."""
    intent, text, spans = example
    said = f"example {len(intent)}:{intent}{len(text)}:{text}"
    return (said + "".join(map(_span, spans)) if spans else said).encode()


def _span(span: Span) -> str:
    return canonical_json([*span])


def _said(kind: str, parts: Iterable[str]) -> bytes:
    # Lengths before texts: no text can be read as the end of another.
    return f"{kind} {''.join(f'{len(part)}:{part}' for part in parts)}".encode()


def _domain(domain: Domain) -> Iterator[bytes]:
    for intent in domain.intents:
        yield _said("domain intent", (intent,))
    for action in domain.actions:
        yield _said("domain action", (action,))
    for label in domain.entities:
        yield _said("domain entity", (canonical_json([*label]),))
    for section in _NAMED:
        for fact in getattr(domain, section):
            yield _said(f"domain {section}", fact)


def _config(config: Config) -> Iterator[bytes]:
    """One fact, since the order of components says something."""
    pipeline, policies = map(_components, (config.pipeline, config.policies))
    if config.language or pipeline or policies:
        yield _said("config", (config.language or "", pipeline, policies))


def _components(components: tuple[tuple[Component, Place], ...]) -> str:
    said: list[Json] = [[*component] for component, _ in components]
    return canonical_json(said) if said else ""
