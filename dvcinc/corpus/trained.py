"""The part of a corpus that has trained weights: what a base freezes.

A change outside it can change nothing in the weights; synonyms, answers, the domain,
stories and weightless settings are left out, and so is what the pipeline ignores.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from dvcinc.corpus.markup import is_plain
from dvcinc.corpus.pipeline import effective_options, spec_of, weight_options
from dvcinc.corpus.selectors import Selectors, selectors_of, told_apart
from dvcinc.corpus.values import Component, Config, Corpus, Example, Place
from dvcinc.yaml import canonical_json

_EPOCHS = "epochs"


def short_name(component: Component) -> str:
    """The class name without its module, as components are told apart."""
    return component.name.rpartition(".")[2]


def has_weights(component: Component) -> bool:
    """Whether a component is trained, or decides what others are trained on."""
    spec = spec_of(component.name)
    return spec is None or spec.trained


def trains_patterns(config: Config) -> bool:
    """Whether regexes and lookups are features; without a pipeline, nobody knows."""
    names = {short_name(component) for component, _ in config.pipeline}
    return not names or bool(names & {"RegexFeaturizer", "CRFEntityExtractor"})


def trains_spans(config: Config) -> bool:
    """Whether some component learns from annotations, as far as can be known."""
    if not config.pipeline:
        return True
    return any(_learns_spans(component) for component, _ in config.pipeline)


class Projection(NamedTuple):
    """What a config says of which facts have trained weights, and in which form."""

    spans: bool
    patterns: bool
    selectors: Selectors


@lru_cache(maxsize=8)
def projection(config: Config) -> Projection:
    """How a config makes the trained part of a corpus; equal ones, equal parts."""
    return Projection(
        trains_spans(config),
        trains_patterns(config),
        selectors_of(config),
    )


def _learns_spans(component: Component) -> bool:
    if spec_of(component.name) is None:
        return True
    return short_name(component) == "DIETClassifier" and bool(
        effective_options(component).get("entity_recognition", True)
    )


def trained(corpus: Corpus) -> Corpus:
    """What of a corpus touches weights, with its places."""
    patterns = trains_patterns(corpus.config)
    return Corpus(
        examples=_examples(corpus),
        regexes=corpus.regexes if patterns else {},
        lookups=corpus.lookups if patterns else {},
        config=Config(
            language=corpus.config.language,
            language_place=corpus.config.language_place,
            pipeline=tuple(_pipeline(corpus.config)),
            place=corpus.config.place,
        ),
        headings=corpus.headings,
    )


def without_keys(corpus: Corpus, *configs: Config) -> Corpus:
    """The same corpus; keys that the pipelines do not all learn are gone."""
    names = {example.intent for example in corpus.examples}
    new = {name: _learned(name, configs) for name in names}
    if all(name == short for name, short in new.items()):
        return corpus
    examples: dict[Example, Place] = {}
    for example, place in corpus.examples.items():
        examples.setdefault(example._replace(intent=new[example.intent]), place)
    return replace(corpus, examples=examples)


def _learned(name: str, configs: Iterable[Config]) -> str:
    for config in configs:
        name = told_apart(name, selectors_of(config))
    return name


def _examples(corpus: Corpus) -> Mapping[Example, Place]:
    known = without_keys(corpus, corpus.config).examples
    return known if trains_spans(corpus.config) else _without_spans(known)


def _without_spans(examples: Mapping[Example, Place]) -> dict[Example, Place]:
    plain: dict[Example, Place] = {}
    for example, place in examples.items():
        # Markup inside markup leaves a text that only its spans can say.
        plain_text = is_plain(example.text)
        kept = Example(example.intent, example.text) if plain_text else example
        plain.setdefault(kept, place)
    return plain


def _pipeline(config: Config) -> Iterator[tuple[Component, Place]]:
    for component, place in config.pipeline:
        if has_weights(component):
            options = {**weight_options(component)}
            # Epochs decide nothing about a base, but `train.epochs: config` reads them.
            epochs = effective_options(component).get(_EPOCHS)
            if epochs is not None:
                options[_EPOCHS] = epochs
            yield Component(short_name(component), canonical_json(options)), place
