r"""A small language for corpora, so that a test's table shows nothing but its point.

One line a label, texts between bars, markup as in Rasa:

    greet: hi | hello [Bob](name)
    faq/ask_wifi: is there wifi
    synonym New York: NYC | big apple
    regex zip: \d{5}
    lookup city: Rome | Oslo
    utter faq/ask_wifi: Yes. | Sure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from dvcinc.corpus.rasa import merge, read_config_file
from dvcinc.corpus.readers import read_part
from dvcinc.corpus.values import Corpus

NLU = "data/nlu.yml"
DOMAIN = "domain.yml"
CONFIG = "config.yml"

PIPELINE = """\
language: en
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: 100
- name: EntitySynonymMapper
"""
"""Rasa's usual pipeline."""
SELECTING = PIPELINE + "- name: ResponseSelector\n"
"""The same with a selector for all retrieval intents."""

_KINDS = ("synonym", "regex", "lookup")


def nlu_yaml(lines: str) -> str:
    """The small language as a Rasa YAML file."""
    return "".join(_sections(lines))


def corpus(lines: str = "", *, domain: str = "", config: str = "") -> Corpus:
    """The corpus that the lines say, with a domain and a config in YAML."""
    parts = [
        read_part(nlu_yaml(lines).encode(), NLU).corpus,
        read_part(domain.encode(), DOMAIN).corpus,
    ]
    if config:
        parts.append(read_config_file(config.encode(), CONFIG))
    return merge(parts)


def _sections(lines: str) -> Iterator[str]:
    rows = [_row(line) for line in lines.splitlines() if line.strip()]
    yield 'version: "3.1"\n'
    items = [row for row in rows if row[0] != "utter"]
    answers = [row for row in rows if row[0] == "utter"]
    if items:
        yield "nlu:\n"
    for kind, name, texts in items:
        yield f"- {kind}: {json.dumps(name, ensure_ascii=False)}\n  examples: |\n"
        yield from (f"    - {text}\n" for text in texts)
    if answers:
        yield "responses:\n"
    for _, name, texts in answers:
        yield f"  utter_{name}:\n"
        yield from (
            f"  - text: {json.dumps(text, ensure_ascii=False)}\n" for text in texts
        )


def _row(line: str) -> tuple[str, str, list[str]]:
    head, _, rest = line.strip().partition(":")
    kind, _, name = head.partition(" ")
    texts = [text.strip() for text in rest.split(" | ") if text.strip()]
    if name and kind in (*_KINDS, "utter"):
        return kind, name, texts
    return "intent", head, texts
