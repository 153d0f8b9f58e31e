"""One Rasa YAML file to a corpus, by what it holds; and many corpora to one.

A file may hold NLU data, stories and domain mixed; what it is, its keys say, as in
Rasa, and never its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from ruamel.yaml.nodes import MappingNode

from dvcinc.corpus import domain as domain_reader
from dvcinc.corpus.configfile import read_config
from dvcinc.corpus.nlu import NluFacts, ReadFile, read_nlu
from dvcinc.corpus.values import Config, Corpus, Domain, Place
from dvcinc.errors import InputError
from dvcinc.yaml import Document, Item, Json, canonical_json, compose, is_empty

Fact = TypeVar("Fact")

_STORIES = ("stories", "rules")
# Rasa looks for these at the start of a line, and passes over all other YAML files.
_OURS = re.compile(
    rb"^[\xef\xbb\xbf\s{\"']*("
    + b"|".join(key.encode() for key in sorted({"nlu", *_STORIES, *domain_reader.KEYS}))
    + rb")[\"']?\s*:",
    re.MULTILINE,
)
# Behind a pointer, or in UTF-16, nobody can see what there is.
_NOT_THE_FILE = (b"version https://git-lfs", b"\xff\xfe", b"\xfe\xff")
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
    try:
        document = compose(data, path)
    except InputError as error:
        if _is_ours(data):
            raise
        return Corpus(warnings=(f"{error.message} (passed over: no training data)",))
    if document.root is None or is_empty(document.root):
        return Corpus()
    if not isinstance(document.root, MappingNode) and not _is_ours(data):
        return Corpus(warnings=(f"{path}: passed over: no training data",))
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


def _is_ours(data: bytes) -> bool:
    """Whether a file that cannot be read would be training data, as Rasa tells it."""
    return _OURS.search(data) is not None or data.startswith(_NOT_THE_FILE)


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
            story = _without_names(document.value(node))
            place = Place(document.path, node.start_mark.line + 1)
            found.setdefault(canonical_json({kind: story}), place)
    return found


def _without_names(story: Json) -> Json:
    if not isinstance(story, dict):
        return story
    return {key: value for key, value in story.items() if key not in _UNTRAINED}
