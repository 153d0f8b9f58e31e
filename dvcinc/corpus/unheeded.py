"""What a pipeline asks for and does not get: in words, each said once.

In: components as they stand in `config.yml`; out: lines for people, those about what
one would notice apart from the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dvcinc.corpus.components import ComponentSpec, Json, Role
from dvcinc.corpus.options import (
    effective_options,
    given_options,
    honoured_keys,
    is_default,
)
from dvcinc.corpus.values import Component, Place
from dvcinc.text.settings import Analyzer

Asked = tuple[ComponentSpec, Component, Place]

# How Rasa's loss is made up, and how its batches are. The loss here is another one, and
# nobody hears the difference; `rasa init` itself writes the first.
_QUIET = frozenset(
    {
        "constrain_similarities",
        "batch_strategy",
        "drop_small_last_batch",
        "loss_type",
        "maximum_negative_similarity",
        "maximum_positive_similarity",
        "negative_margin_scale",
        "number_of_negative_examples",
        "scale_loss",
        "similarity_type",
        "use_dense_input_dropout",
        "use_maximum_negative_similarity",
        "use_sparse_input_dropout",
    }
)


def noticed(asked: Sequence[Asked]) -> Iterator[str]:
    """Lines about what one would notice."""
    for spec, _, place in asked:
        if spec.role is Role.PASSED_OVER:
            yield f"{place}: {spec.name} is passed over: {spec.note}"
    yield from _idle(asked, quiet=False)
    for spec, component, place in asked:
        options = effective_options(component)
        if spec.name == "CountVectorsFeaturizer" and _crosses_words(options):
            yield (
                f"{place}: {spec.name}: `max_ngram` counts word n-grams within a token "
                "only"
            )


def quiet(asked: Sequence[Asked]) -> Iterator[str]:
    """Lines about what nobody would notice."""
    yield from _idle(asked, quiet=True)


def _idle(asked: Sequence[Asked], *, quiet: bool) -> Iterator[str]:
    """Options without effect; components that have the same ones share a line."""
    found: dict[tuple[str, ...], list[tuple[str, Place]]] = {}
    strange: list[str] = []
    for spec, component, place in asked:
        lost = tuple(_lost(spec, component, quiet=quiet))
        known = tuple(key for key in lost if key in spec.defaults)
        if known:
            found.setdefault(known, []).append((spec.name, place))
        unknown = (key for key in lost if key not in spec.defaults)
        strange += [f"{place}: {spec.name} has no option {key!r}" for key in unknown]
    for keys, named in found.items():
        names = ", ".join(dict.fromkeys(name for name, _ in named))
        stay = "they may" if keys[1:] else "it may"
        yield f"{named[0][1]}: {names}: no effect here: {', '.join(keys)}; {stay} stay"
    yield from strange


def _lost(spec: ComponentSpec, component: Component, *, quiet: bool) -> Iterator[str]:
    if spec.role is Role.PASSED_OVER:
        return
    options = effective_options(component)
    for key in sorted(given_options(component)):
        idle = key not in honoured_keys(component) and (key in _QUIET) is quiet
        if idle and not is_default(spec, key, options[key]):
            yield key


def _crosses_words(options: Mapping[str, Json]) -> bool:
    longest = options["max_ngram"]
    word = options["analyzer"] == Analyzer.WORD.value
    return word and isinstance(longest, int) and longest > 1
