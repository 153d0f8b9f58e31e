"""The model before the first step: features and labels of a corpus, weights drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dvcinc.corpus.options import spec_of, weight_options
from dvcinc.corpus.patterns import read_patterns
from dvcinc.corpus.pipeline import Pipeline, Role
from dvcinc.corpus.values import Component, Config, Corpus, Example
from dvcinc.errors import InputError
from dvcinc.model.document import Model, to_bytes
from dvcinc.model.labels import Labels
from dvcinc.model.network import Architecture, initial
from dvcinc.model.vocabulary import Vocabulary

FEWEST_INTENTS = 2


def before_training(
    corpus: Corpus,
    pipeline: Pipeline,
    examples: Sequence[Example],
    seed: int,
    base_digest: str,
) -> Model:
    """The model before the first step: features and labels of the whole corpus."""
    patterns = read_patterns(corpus.regexes, corpus.lookups, pipeline.regex)
    start = Labels(bilou=pipeline.diet.bilou, selectors=pipeline.selectors)
    labels = start.extended(
        examples,
        pipeline.tokenizer,
        intents=pipeline.intent_classification,
        entities=pipeline.entity_recognition,
    )
    _check(corpus.config, pipeline, labels, examples)
    model = Model(
        components=trained_components(corpus.config),
        architecture=Architecture.of(pipeline.diet.transformer),
        labels=labels,
        vocabulary=Vocabulary(patterns=patterns).grown(
            [example.text for example in examples], pipeline
        ),
        tensors={},
        base=base_digest,
    )
    random = np.random.default_rng([seed, 0])
    tensors = initial(model.architecture, model.shapes, random)
    return replace(model, tensors=tensors)


def trained_components(config: Config) -> tuple[Component, ...]:
    """The components that shape the weights, with the options that do."""
    found = []
    for component, _ in config.pipeline:
        spec = spec_of(component.name)
        if spec is not None and spec.role in {
            Role.TOKENIZER,
            Role.FEATURIZER,
            Role.CLASSIFIER,
        }:
            options = to_bytes(dict(weight_options(component))).decode().strip()
            found.append(Component(spec.name, options))
    return tuple(found)


def _check(
    config: Config, pipeline: Pipeline, labels: Labels, examples: Sequence[Example]
) -> None:
    if not examples:
        raise InputError(
            "the corpus has no examples", "add `nlu:` data with intents and examples"
        )
    if pipeline.intent_classification and len(labels.intents) < FEWEST_INTENTS:
        raise InputError(
            f"the corpus has one intent only, {labels.intents[0]!r}",
            "add examples of another intent, or set `intent_classification: false`",
        )
    if not labels.intents and not labels.entities:
        raise InputError(
            f"{config.place or 'config.yml'}: only entities are to be trained, but no "
            "example is annotated",
            "annotate examples, or set `intent_classification: true`",
        )
