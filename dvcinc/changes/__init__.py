"""Two corpora to the changes between them: facts, without judgement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from dvcinc.changes.domain import domain_changes
from dvcinc.changes.examples import (
    Labels,
    base_intent,
    diff_examples,
    example_changes,
    labels,
)
from dvcinc.changes.kinds import Change, Kind, Side
from dvcinc.changes.label_changes import label_changes
from dvcinc.changes.pipeline import config_changes
from dvcinc.changes.vocabulary import vocabulary_changes
from dvcinc.config import Finetune, Params, Train
from dvcinc.corpus.trained import trains_patterns, trains_spans
from dvcinc.corpus.values import Corpus, Place

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
    became = became or labels(old, new)
    spans = trains_spans(new.config)
    patterns = trains_patterns(new.config)
    return (
        *example_changes(diff_examples(old, new, became), spans_train=spans),
        *vocabulary_changes(old, new, became, patterns=patterns),
        *label_changes(old, new, became, spans=spans),
        *domain_changes(old, new),
        *config_changes(old.config, new.config),
    )


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
