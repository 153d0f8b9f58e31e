"""A corpus in canonical form: sorted Rasa YAML that reads back as the same corpus.

What is equal has equal bytes, whatever its order, files, quoting and comments were;
the digest is the SHA-256 of these bytes. The files are plain Rasa YAML, so that any
trainer can read `plan/base`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from dvcinc.corpus.markup import write_markup
from dvcinc.corpus.rasa import merge, read_config_file
from dvcinc.corpus.readers import read_part
from dvcinc.corpus.values import Corpus, Domain, Example, Named
from dvcinc.errors import InputError
from dvcinc.yaml import Json, canonical_json

CONFIG = "config.yml"
NLU = "nlu.yml"
_VERSION = 'version: "3.1"\n'
# YAML's reader takes these for line breaks, or refuses them outside of escapes.
_UNSAFE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_BLANK = "\n\r "


class CanonicalFile(NamedTuple):
    """One file of the canonical form: its name, and its text in UTF-8."""

    name: str
    content: bytes


def write_corpus(corpus: Corpus) -> tuple[CanonicalFile, ...]:
    """The files of the canonical form, sorted by name; parts without facts have none.

    Raises:
        InputError: An example's annotations cannot be said in Rasa's markup.
    """
    texts = {
        NLU: _nlu(corpus),
        CONFIG: _config(corpus),
        "responses.yml": _responses(corpus),
        "stories.yml": _stories(corpus),
        **dict(_domain(corpus.domain)),
    }
    return tuple(
        CanonicalFile(name, text.encode())
        for name, text in sorted(texts.items())
        if text
    )


def read_corpus(files: Iterable[CanonicalFile], folder: str = "") -> Corpus:
    """The corpus that a canonical form says; the inverse of `write_corpus`.

    Args:
        files: The files.
        folder: Where the places say that they are.

    Raises:
        InputError: A file was changed so that it cannot be understood.
    """
    parts = []
    for name, content in sorted(files):
        path = f"{folder}/{name}" if folder else name
        if name == CONFIG:
            parts.append(read_config_file(content, path))
        elif name.endswith(".yml"):
            parts.append(read_part(content, path).corpus)
    return merge(parts)


def digest(files: Iterable[CanonicalFile]) -> str:
    """`sha256:…` over names and contents."""
    total = hashlib.sha256()
    for name, content in sorted(files):
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return f"sha256:{total.hexdigest()}"


def corpus_digest(corpus: Corpus) -> str:
    """The digest of a corpus: equal for corpora that say the same."""
    return digest(write_corpus(corpus))


def marked(example: Example) -> str:
    """An example's text with its markup.

    Raises:
        InputError: Its annotations cannot be said in Rasa's markup.
    """
    try:
        return write_markup(example.text, example.spans)
    except ValueError as error:
        raise InputError(
            f"example of intent {example.intent!r}: {error}", "reword the example"
        ) from error


def _quoted(text: str) -> str:
    """Text as a double-quoted YAML scalar, on one line."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def _flow(canonical: str) -> str:
    """Canonical JSON as a YAML flow value: JSON is YAML, but for a few characters."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", canonical)


def _fits_block(text: str) -> bool:
    return text == text.strip(_BLANK) and not _UNSAFE.search(text)


def _item(kind: str, name: str, texts: Iterable[str]) -> Iterator[str]:
    lines = sorted(texts)
    yield f"- {kind}: {_quoted(name)}\n"
    if all(map(_fits_block, lines)):
        yield "  examples: |\n"
        yield from (f"    - {line}\n" for line in lines)
    else:
        yield "  examples:\n"
        yield from (f"  - text: {_quoted(line)}\n" for line in lines)


def _grouped(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    for name, group in groupby(sorted(pairs), key=itemgetter(0)):
        yield name, [text for _, text in group]


def _nlu(corpus: Corpus) -> str:
    pieces: list[str] = []
    sections = (
        ("intent", ((example.intent, marked(example)) for example in corpus.examples)),
        ("synonym", ((fact.value, fact.alias) for fact in corpus.synonyms)),
        ("regex", ((fact.name, fact.pattern) for fact in corpus.regexes)),
        ("lookup", ((fact.name, fact.element) for fact in corpus.lookups)),
    )
    for kind, pairs in sections:
        for name, texts in _grouped(pairs):
            pieces += _item(kind, name, texts)
    return _VERSION + "nlu:\n" + "".join(pieces) if pieces else ""


def _responses(corpus: Corpus) -> str:
    pieces: list[str] = []
    for key, bodies in _grouped((fact.key, fact.body) for fact in corpus.responses):
        pieces.append(f"  {_quoted(f'utter_{key}')}:\n")
        pieces += [f"  - {_flow(body)}\n" for body in bodies]
    return _VERSION + "responses:\n" + "".join(pieces) if pieces else ""


def _stories(corpus: Corpus) -> str:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for fact in sorted(corpus.stories):
        ((kind, said),) = json.loads(fact).items()
        by_kind[kind].append(f"- {_flow(canonical_json(said))}\n")
    return "".join(f"{kind}:\n{''.join(by_kind[kind])}" for kind in sorted(by_kind))


def _config(corpus: Corpus) -> str:
    config = corpus.config
    pieces = [f"language: {_quoted(config.language)}\n"] if config.language else []
    for key, components in (
        ("pipeline", config.pipeline),
        ("policies", config.policies),
    ):
        if not components:
            continue
        pieces.append(f"{key}:\n")
        for component, _ in components:
            options = json.loads(component.options)
            pieces.append(f"- name: {_quoted(component.name)}\n")
            pieces += [
                f"  {_quoted(option)}: {_flow(canonical_json(options[option]))}\n"
                for option in sorted(options)
            ]
    return "".join(pieces)


def _domain(domain: Domain) -> Iterator[tuple[str, str]]:
    """Files of a domain: one, or more where two files say the same name differently."""
    layers: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for section in ("slots", "forms", "responses"):
        for index, fact in _layered(getattr(domain, section)):
            layers[index][section].append(
                f"  {_quoted(fact.name)}: {_flow(fact.body)}\n"
            )
    for name in sorted(domain.actions):
        layers[0]["actions"].append(f"- {_quoted(name)}\n")
    _add_labels(domain, layers)
    for index in sorted(layers):
        name = "domain.yml" if index == 0 else f"domain-{index + 1}.yml"
        sections = layers[index]
        yield name, "".join(f"{key}:{_body(sections[key])}" for key in sorted(sections))


def _body(lines: list[str]) -> str:
    return "\n" + "".join(lines)


def _layered(facts: Iterable[Named]) -> Iterator[tuple[int, Named]]:
    for _, group in groupby(sorted(facts), key=itemgetter(0)):
        yield from enumerate(group)


def _add_labels(domain: Domain, layers: Mapping[int, Mapping[str, list[str]]]) -> None:
    """Intents, entities and settings, which refer to each other."""
    for intent in sorted(domain.intents):
        layers[0]["intents"].append(f"- {_quoted(intent)}\n")
    for label in sorted(domain.entities, key=lambda label: tuple(map(str, label))):
        body: dict[str, Json] = {}
        if label.role is not None:
            body = {"roles": [label.role]}
        elif label.group is not None:
            body = {"groups": [label.group]}
        entry = canonical_json({label.entity: body})
        layers[0]["entities"].append(f"- {_flow(entry)}\n")
    for index, fact in _layered(domain.settings):
        kind, _, name = fact.name.partition(" ")
        if not name:
            layers[index][kind].append(f"  {_flow(fact.body)}\n")
            continue
        entry = canonical_json({name: json.loads(fact.body)})
        section = "intents" if kind == "intent" else "entities"
        layers[index][section].append(f"- {_flow(entry)}\n")
