"""Two corpora to the changes between them: facts, without judgement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace

from dvcinc.changes.domain import domain_changes
from dvcinc.changes.examples import diff_examples, example_changes
from dvcinc.changes.kinds import Change, Kind, Side
from dvcinc.changes.label_changes import label_changes, untrained_key_changes
from dvcinc.changes.labels import Labels, base_intent, labels
from dvcinc.changes.pipeline import config_changes
from dvcinc.changes.vocabulary import vocabulary_changes
from dvcinc.config import Finetune, Params, Train
from dvcinc.corpus.patterns import extracting_kinds
from dvcinc.corpus.selectors import selectors_of, told_apart
from dvcinc.corpus.trained import trains_patterns, trains_spans, without_keys
from dvcinc.corpus.values import Corpus, Place
from dvcinc.text.patterns import PatternKind

__all__ = [
    "Change",
    "Kind",
    "Labels",
    "Side",
    "base_intent",
    "diff",
    "diff_examples",
    "diff_params",
    "labels",
]


def diff(old: Corpus, new: Corpus, became: Labels | None = None) -> tuple[Change, ...]:
    """All changes between two corpora, in the order of the rules.

    Args:
        old: The corpus before.
        new: The corpus afterwards; its pipeline says what is trained on.
        became: What became of the labels, where it is known already.
    """
    before, after = (without_keys(c, old.config, new.config) for c in (old, new))
    keys: tuple[Change, ...] = ()
    if before is not old or after is not new:
        became, keys = None, tuple(_untrained_keys(old, new))
    became = became or labels(before, after)
    spans = trains_spans(new.config)
    patterns = trains_patterns(new.config)
    served = _served(old, new)
    return (
        *example_changes(diff_examples(before, after, became), spans_train=spans),
        *vocabulary_changes(old, new, became, patterns=patterns, served=served),
        *_looked_up(label_changes(before, after, became, spans=spans), served),
        *keys,
        *domain_changes(old, new),
        *config_changes(old.config, new.config),
    )


def _untrained_keys(old: Corpus, new: Corpus) -> Iterator[Change]:
    def learned(name: str) -> str:
        known = told_apart(name, selectors_of(old.config))
        return told_apart(known, selectors_of(new.config))

    return untrained_key_changes(old, new, labels(old, new), learned)


def _served(old: Corpus, new: Corpus) -> frozenset[tuple[PatternKind, str]]:
    """The patterns that a `RegexEntityExtractor` looks up: those named as an entity."""
    kinds = extracting_kinds(new.config)
    if not kinds:
        return frozenset()
    both = (old, new)
    entities = {span.entity for c in both for e in c.examples for span in e.spans}
    names = {
        PatternKind.REGEX: {regex.name for c in both for regex in c.regexes},
        PatternKind.LOOKUP: {entry.name for c in both for entry in c.lookups},
    }
    return frozenset((kind, name) for kind in kinds for name in names[kind] & entities)


def _looked_up(
    changes: Iterable[Change], served: frozenset[tuple[PatternKind, str]]
) -> Iterator[Change]:
    """With a new entity type, patterns of its name begin to find entities."""
    names = {name for _, name in served}
    for change in changes:
        entity = change.kind in {Kind.ENTITY_ADDED, Kind.ENTITY_REMOVED}
        known = entity and change.subject in names
        yield replace(change, served=True) if known else change


def diff_params(old: Params, new: Params, place: Place) -> tuple[Change, ...]:
    """The changes of training parameters between two `params.yaml`."""
    return (
        *_section(old.train, new.train, Kind.TRAIN_PARAMETER_CHANGED, place),
        *_section(old.finetune, new.finetune, Kind.FINETUNE_PARAMETER_CHANGED, place),
    )


def _section(
    old: Train | Finetune, new: Train | Finetune, kind: Kind, place: Place
) -> Iterator[Change]:
    section = type(new).__name__.lower()
    for item in fields(new):
        before, after = getattr(old, item.name), getattr(new, item.name)
        if before != after:
            yield Change(
                kind=kind,
                subject=f"{section}.{item.name}",
                names=(_said(before), _said(after)),
                places=(place,),
            )


def _said(value: object) -> str:
    return "auto" if value is None else str(value).lower()
