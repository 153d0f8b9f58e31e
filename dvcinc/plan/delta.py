"""The delta: what the corpus gained and lost since its base, and what to rehearse."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dvcinc.changes import Labels
from dvcinc.corpus.canonical import CanonicalFile, digest, write_corpus
from dvcinc.corpus.values import Corpus, Example, Place, Span
from dvcinc.plan.base import Base
from dvcinc.plan.json import dump
from dvcinc.yaml import Json, canonical_json

SCHEMA = "dvcinc/delta/1"
DELTA_JSON = "delta.json"
ADDED, REPLAY, PATTERNS = "added", "replay", "patterns"
TOUCHED_EXAMPLES = 40
"""Kept examples to rehearse of each label and entity type that the delta touches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """The difference of a corpus to its base, in the base's own names.

    Attributes:
        base: The base's digest.
        added: Examples that the base does not have.
        removed: Examples of the base that are gone.
        patterns: Whether regexes or lookups differ from the base's.
        now: The trained part of the corpus now, in the base's names.
        kept: The base's examples that are still there.
    """

    base: str
    added: tuple[Example, ...]
    removed: tuple[Example, ...]
    patterns: bool
    now: Corpus
    kept: tuple[Example, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to learn: the base's weights are passed on."""
        return not (self.added or self.removed or self.patterns)

    @property
    def size(self) -> int:
        """How many examples differ."""
        return len(self.added) + len(self.removed)

    def files(self, replay: int) -> tuple[CanonicalFile, ...]:
        """The files of `plan/delta`, names with folders.

        Args:
            replay: How many of the base's examples to rehearse.
        """
        rehearsed = () if self.is_empty else sample(self.kept, self.touched(), replay)
        said: dict[str, Json] = {
            "schema": SCHEMA,
            "base": self.base,
            "added": len(self.added),
            "removed": [_fingerprint(example) for example in self.removed],
            "replay": len(rehearsed),
            "patterns": self.patterns,
            "intents": self.balance(),
        }
        parts = [(ADDED, _examples(self.added)), (REPLAY, _examples(rehearsed))]
        if not self.is_empty:
            both = Corpus(regexes=self.now.regexes, lookups=self.now.lookups)
            parts.append((PATTERNS, both))
        files = [
            CanonicalFile(f"{folder}/{file.name}", file.content)
            for folder, corpus in parts
            for file in write_corpus(corpus)
        ]
        return (*files, CanonicalFile(DELTA_JSON, dump(said)))

    def balance(self) -> dict[str, Json]:
        """How many examples each intent, with its key, had in the base and has now."""
        before = Counter(example.intent for example in (*self.kept, *self.removed))
        now = Counter(example.intent for example in (*self.kept, *self.added))
        return {name: [before[name], now[name]] for name in sorted({*before, *now})}

    def touched(self) -> frozenset[str]:
        """The labels and entity types that the delta touches.

        A label is an intent, or one of its keys where a selector tells them apart: what
        trains nothing is in no base (`dvcinc.corpus.trained`), nor in its delta.
        """
        return frozenset(_labels((*self.added, *self.removed)))


def compare(base: Base, now: Corpus, became: Labels) -> Delta:
    """The delta from a base to the trained part of a corpus.

    Args:
        base: The base.
        now: The trained part of the corpus now.
        became: What became of the base's labels; renames are undone, so that a
            rename alone is no delta.
    """
    own = _in_base_names(now, became)
    before = base.corpus.examples.keys()
    return Delta(
        base=base.info.digest,
        added=tuple(sorted(own.examples.keys() - before, key=Example.order)),
        removed=tuple(sorted(before - own.examples.keys(), key=Example.order)),
        patterns=own.regexes.keys() != base.corpus.regexes.keys()
        or own.lookups.keys() != base.corpus.lookups.keys(),
        now=own,
        kept=tuple(sorted(before & own.examples.keys(), key=Example.order)),
    )


def delta_digest(files: Iterable[CanonicalFile]) -> str:
    """The digest of a delta's files."""
    return digest(files)


def sample(
    kept: Sequence[Example], touched: frozenset[str], size: int
) -> tuple[Example, ...]:
    """Which of the base's examples to rehearse: a function of the sets alone.

    Some of each label that the delta touches, then a sample of all that is balanced
    over the labels; each is ranked by the SHA-256 of the example.
    """
    ranked = sorted(kept, key=_fingerprint)
    chosen = dict.fromkeys(_of_touched(ranked, touched)) if size else {}
    for example in _round_robin(ranked):
        if len(chosen) >= size:
            break
        chosen[example] = None
    return tuple(sorted(chosen, key=Example.order))


def _of_touched(
    ranked: Sequence[Example], touched: frozenset[str]
) -> Iterator[Example]:
    left = dict.fromkeys(touched, TOUCHED_EXAMPLES)
    for example in ranked:
        wanted = [label for label in _labels((example,)) if left.get(label, 0) > 0]
        for label in wanted:
            left[label] -= 1
        if wanted:
            yield example


def _round_robin(ranked: Sequence[Example]) -> Iterator[Example]:
    by_label: dict[str, list[Example]] = defaultdict(list)
    for example in ranked:
        by_label[example.intent].append(example)
    queues = [by_label[label] for label in sorted(by_label)]
    for turn in range(max(map(len, queues), default=0)):
        for queue in queues:
            if turn < len(queue):
                yield queue[turn]


def _labels(examples: Iterable[Example]) -> Iterator[str]:
    for example in examples:
        yield f"intent {example.intent}"
        for entity in sorted({span.entity for span in example.spans}):
            yield f"entity {entity}"


def _fingerprint(example: Example) -> str:
    said = canonical_json([example.intent, example.text, [[*s] for s in example.spans]])
    return hashlib.sha256(said.encode()).hexdigest()


def _examples(examples: Iterable[Example]) -> Corpus:
    place = Place("", 0)
    return Corpus(examples=dict.fromkeys(examples, place))


def _in_base_names(now: Corpus, became: Labels) -> Corpus:
    intents = {new: old for old, new in became.intents.renamed.items()}
    entities = {new: old for old, new in became.entities.renamed.items()}
    if not intents and not entities:
        return now
    examples: dict[Example, Place] = {}
    for example, place in now.examples.items():
        base, slash, key = example.intent.partition("/")
        spans = tuple(_renamed(span, entities) for span in example.spans)
        own = Example(f"{intents.get(base, base)}{slash}{key}", example.text, spans)
        examples[own] = place
    return Corpus(
        examples=examples,
        regexes=now.regexes,
        lookups=now.lookups,
        config=now.config,
    )


def _renamed(span: Span, entities: dict[str, str]) -> Span:
    return span._replace(entity=entities.get(span.entity, span.entity))
