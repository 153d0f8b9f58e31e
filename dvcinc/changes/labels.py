"""What became of intents, response keys and entity types between two corpora."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from dvcinc.changes.overlap import Fates, Member, Members, fates
from dvcinc.corpus.values import Corpus, EntityLabel, Example, Place, Span


def base_intent(intent: str) -> str:
    """The intent that is classified: `faq` of `faq/ask_wifi`."""
    return intent.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What became of intents, of response keys (full names) and of entity types."""

    intents: Fates
    keys: Fates
    entities: Fates

    def renamed(self, example: Example) -> Example:
        """An old example under the new names."""
        return Example(
            self.intent(example.intent), example.text, self.spans(example.spans)
        )

    def intent(self, name: str) -> str:
        """An old full intent name under its new name."""
        return self.keys.rename(self.moved(name))

    def moved(self, name: str) -> str:
        """An old full name below its intent's new name, which `keys` starts from."""
        base, slash, key = name.partition("/")
        return f"{self.intents.rename(base)}{slash}{key}"

    def spans(self, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        """Old spans under the new entity types."""
        if not self.entities.renamed or not spans:
            return spans
        return tuple(s._replace(entity=self.entities.rename(s.entity)) for s in spans)


def labels(old: Corpus, new: Corpus) -> Labels:
    """What became of the labels between two corpora."""
    intents = fates(_texts(old), _texts(new))
    return Labels(
        intents=intents,
        keys=_key_fates(old, new, intents),
        entities=fates(_mentions(old), _mentions(new)),
    )


def _texts(corpus: Corpus) -> Members:
    texts: dict[str, set[Member]] = defaultdict(set)
    for example in corpus.examples:
        texts[base_intent(example.intent)].add((example.text,))
    return {**texts}


def _key_fates(old: Corpus, new: Corpus, intents: Fates) -> Fates:
    """Fates of response keys within the intents that both corpora have."""
    before: dict[str, set[Member]] = defaultdict(set)
    after: dict[str, set[Member]] = defaultdict(set)
    for corpus, into, rename in ((old, before, True), (new, after, False)):
        for example in corpus.examples:
            base, slash, key = example.intent.partition("/")
            if slash:
                name = f"{intents.rename(base) if rename else base}/{key}"
                into[name].add((example.text,))
    both = {intents.rename(base_intent(e.intent)) for e in old.examples}
    both &= {base_intent(e.intent) for e in new.examples}
    return fates(
        {n: texts for n, texts in before.items() if base_intent(n) in both},
        {n: texts for n, texts in after.items() if base_intent(n) in both},
    )


def _mentions(corpus: Corpus) -> Members:
    mentions: dict[str, set[Member]] = defaultdict(set)
    for example in corpus.examples:
        for span in example.spans:
            mentions[span.entity].add((example.text, span.start, span.end))
    return {**mentions}


def entity_labels(corpus: Corpus) -> dict[EntityLabel, list[Place]]:
    """The roles and groups that annotations use, and where."""
    found: dict[EntityLabel, list[Place]] = defaultdict(list)
    for example, place in corpus.examples.items():
        for span in example.spans:
            for label in _qualified(span):
                found[label].append(place)
    return {**found}


def _qualified(span: Span) -> Iterator[EntityLabel]:
    if span.role is not None:
        yield EntityLabel(span.entity, role=span.role)
    if span.group is not None:
        yield EntityLabel(span.entity, group=span.group)
