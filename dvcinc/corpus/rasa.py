"""Many corpora to one; and `config.yml`, which no other reader knows, to a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from dvcinc.corpus.configfile import read_config
from dvcinc.corpus.values import Config, Corpus, Domain, Place
from dvcinc.yaml import compose

Fact = TypeVar("Fact")


def read_config_file(data: bytes, path: str) -> Corpus:
    """Reads `config.yml`.

    Raises:
        InputError: The file cannot be understood, with `path:line:column`.
    """
    return Corpus(config=read_config(compose(data, path)))


def merge(corpora: Iterable[Corpus]) -> Corpus:
    """The facts of all corpora; of a fact said twice, the first place counts."""
    parts = tuple(corpora)
    configs = [part.config for part in parts if part.config.place is not None]
    return Corpus(
        examples=_union(part.examples for part in parts),
        synonyms=_union(part.synonyms for part in parts),
        regexes=_union(part.regexes for part in parts),
        lookups=_union(part.lookups for part in parts),
        responses=_union(part.responses for part in parts),
        stories=_union(part.stories for part in parts),
        domain=_merge_domains([part.domain for part in parts]),
        config=configs[0] if configs else Config(),
        warnings=tuple(warning for part in parts for warning in part.warnings),
        headings=_union(part.headings for part in parts),
    )


def _merge_domains(domains: list[Domain]) -> Domain:
    return Domain(
        intents=_union(domain.intents for domain in domains),
        entities=_union(domain.entities for domain in domains),
        slots=_union(domain.slots for domain in domains),
        actions=_union(domain.actions for domain in domains),
        forms=_union(domain.forms for domain in domains),
        responses=_union(domain.responses for domain in domains),
        settings=_union(domain.settings for domain in domains),
    )


def _union(parts: Iterable[Mapping[Fact, Place]]) -> Mapping[Fact, Place]:
    union: dict[Fact, Place] = {}
    for part in parts:
        for fact, place in part.items():
            union.setdefault(fact, place)
    return union
