"""One Rasa YAML file to a corpus, by what it holds; and many corpora to one.

A file may hold NLU data, stories and domain mixed; what it is, its keys say, as in
Rasa, and never its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from dvcinc.corpus import domain as domain_reader
from dvcinc.corpus.nlu import NluFacts, ReadFile, read_nlu
from dvcinc.corpus.configfile import read_config
from dvcinc.corpus.values import Config, Corpus, Domain, Place
from dvcinc.yaml import Document, Item, canonical_json, compose, is_empty

Fact = TypeVar("Fact")

_STORIES = ("stories", "rules")
# Names do not train; the steps do.
_UNTRAINED = frozenset({"story", "rule", "metadata"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which parts of a file count: those that its place in the project allows."""

    nlu: bool = True
    domain: bool = True


def read_rasa(
    data: bytes, path: str, read_file: ReadFile, wanted: Wanted | None = None
) -> Corpus:
    """Reads one YAML file of training data or domain.

    Args:
        data: The file's bytes.
        path: Its path from the project directory.
        read_file: Fetches the file that a lookup names.
        wanted: Which parts count; all by default.

    Raises:
        InputError: The file cannot be understood, with `path:line:column`.
    """
    wanted = wanted or Wanted()
    document = compose(data, path)
    if document.root is None or is_empty(document.root):
        return Corpus()
    items = list(document.items(document.root, "the file"))
    by_key = {item.key: item for item in items}
    nlu = NluFacts()
    if wanted.nlu and "nlu" in by_key and not is_empty(by_key["nlu"].value):
        nlu = read_nlu(document, by_key["nlu"].value, read_file)
    kept = items if wanted.domain else [i for i in items if i.key == "responses"]
    facts = domain_reader.read_domain(document, kept)
    return Corpus(
        examples=nlu.examples,
        synonyms=nlu.synonyms,
        regexes=nlu.regexes,
        lookups=nlu.lookups,
        responses=facts.retrieval,
        stories=_stories(document, by_key) if wanted.nlu else {},
        domain=Domain(
            intents=facts.intents,
            entities=facts.entities,
            slots=facts.slots,
            actions=facts.actions,
            forms=facts.forms,
            responses=facts.responses,
            settings=facts.settings,
        ),
        warnings=tuple(nlu.warnings),
    )


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


def _stories(document: Document, by_key: Mapping[str, Item]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for kind in _STORIES:
        if kind not in by_key or is_empty(by_key[kind].value):
            continue
        for node in document.sequence(by_key[kind].value, kind):
            said: Any = document.value(node)
            if isinstance(said, dict):
                said = {k: v for k, v in said.items() if k not in _UNTRAINED}
            place = Place(document.path, node.start_mark.line + 1)
            found.setdefault(canonical_json({kind: said}), place)
    return found
