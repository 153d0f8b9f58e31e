"""Rasa YAML: NLU data, stories, responses and domain, mixed as its keys say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from dvcinc.corpus import domain as domain_reader
from dvcinc.corpus.facts import NluFacts
from dvcinc.corpus.nlu import read_nlu
from dvcinc.corpus.part import UNKNOWN_KEY, Part, Wanted, is_yaml
from dvcinc.corpus.values import Corpus, Domain, Place
from dvcinc.errors import InputError
from dvcinc.text.near import is_near
from dvcinc.yaml import (
    Document,
    Item,
    Json,
    MappingNode,
    canonical_json,
    compose,
    is_empty,
)

_NLU = re.compile(rb"^nlu\s*:", re.MULTILINE)
_STORIES = ("stories", "rules")
# Rasa looks for these at the start of a line, and passes over all other YAML files.
_OURS = re.compile(
    rb"^[\xef\xbb\xbf \t\r\f\v{\"']*("
    + b"|".join(key.encode() for key in sorted({"nlu", *_STORIES, *domain_reader.KEYS}))
    + rb")[\"']?\s*:",
    re.MULTILINE,
)
# Behind a pointer, or in UTF-16, nobody can see what there is.
_NOT_THE_FILE = (b"version https://git-lfs", b"\xff\xfe", b"\xfe\xff")
_KNOWN = frozenset({"version", "nlu", *_STORIES, *domain_reader.KEYS})
# Rasa's as well, and nothing to train on.
_UNREAD = frozenset(
    {"assistant_id", "flows", "importers", "imports", "language", "pipeline"}
    | {"policies", "recipe"}
)
# Whoever needs a place for anchors takes one of these.
_PRIVATE = ("x-", "_", ".", "$")
_SHOWN = 40
# Who has that many means something else by them.
_MOST_UNKNOWN = 50
# Names do not train; the steps do.
_UNTRAINED = frozenset({"story", "rule", "metadata"})


def sniff(data: bytes, path: str) -> bool:  # noqa: ARG001 - see below
    """Whether it is named as YAML, since any text may be that; its keys say the rest.

    What is a heading in Markdown is a comment in YAML, so content cannot tell.
    """
    return is_yaml(path)


def claims_examples(data: bytes) -> bool:
    """Whether a key `nlu` stands in it as Rasa's users write it."""
    return _NLU.search(data) is not None


def read(data: bytes, path: str, wanted: Wanted) -> Part:
    """Reads one YAML file of training data or domain.

    Raises:
        InputError: The file cannot be understood, with `path:line:column`.
    """
    try:
        document = compose(data, path)
    except InputError as error:
        if _is_ours(data):
            raise
        return _nothing(f"{error.message} (passed over: no training data)")
    if document.root is None or is_empty(document.root):
        return _nothing()
    if not isinstance(document.root, MappingNode) and not _is_ours(data):
        return _nothing(f"{path}: passed over: no training data")
    return _read_items(
        document, list(document.items(document.root, "the file")), wanted
    )


def _nothing(*warnings: str) -> Part:
    return Part(corpus=Corpus(warnings=warnings))


def _read_items(document: Document, items: list[Item], wanted: Wanted) -> Part:
    by_key = {item.key: item for item in items}
    nlu = NluFacts()
    if wanted.nlu and "nlu" in by_key and not is_empty(by_key["nlu"].value):
        nlu = read_nlu(document, by_key["nlu"].value)
    kept = items if wanted.domain else [i for i in items if i.key == "responses"]
    facts = domain_reader.read_domain(document, kept)
    corpus = Corpus(
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
        warnings=(*_unknown(document, items), *nlu.warnings),
        headings=nlu.headings,
    )
    return Part(corpus=corpus, lookups=tuple(nlu.lookup_files))


def _unknown(document: Document, items: Iterable[Item]) -> Iterator[str]:
    """Keys that mean nothing, in a file that seems to be ours."""
    meant = _KNOWN | _UNREAD
    ours = any(item.key in _KNOWN for item in items)
    unknown = (item for item in items if item.key not in meant)
    for item in islice(unknown, _MOST_UNKNOWN):
        near = _nearest_key(item.key)
        if item.key.startswith(_PRIVATE) or not (ours or near):
            continue
        hint = f"; did you mean {near}?" if near else ""
        place = Place(document.path, item.node.start_mark.line + 1)
        yield f"{place}: {UNKNOWN_KEY}{item.key[:_SHOWN]!r}, passed over{hint}"


def _nearest_key(key: str) -> str:
    """The key that may be meant by one that is none; empty where none may."""
    return next((one for one in sorted(_KNOWN) if is_near(key, one)), "")


def _is_ours(data: bytes) -> bool:
    """Whether a file that cannot be read would be training data, as Rasa tells it."""
    # UTF-16 has a NUL beside each ASCII character.
    shown = data.replace(b"\0", b"")
    return _OURS.search(shown) is not None or data.startswith(_NOT_THE_FILE)


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
