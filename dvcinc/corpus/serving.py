"""What a pipeline says about answers: how they are looked up, cut and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dvcinc.corpus.options import Options
from dvcinc.corpus.patterns import EXTRACTOR, ExtractorSettings
from dvcinc.corpus.selectors import SELECTOR, SelectorSettings
from dvcinc.corpus.settings import FallbackSettings, Serving
from dvcinc.errors import InputError

CLASSIFIER, MAPPER, FALLBACK = (
    "DIETClassifier",
    "EntitySynonymMapper",
    "FallbackClassifier",
)


def read_serving(found: Mapping[str, Sequence[Options]], order: list[str]) -> Serving:
    """The settings without weights.

    Args:
        found: The options of each component by its name, `DIETClassifier` among them.
        order: The names as they stand in the pipeline.

    Raises:
        InputError: An option has a value that it cannot have, or two selectors are for
            the same retrieval intent.
    """
    diet = found[CLASSIFIER][0]
    split = diet.values.get("split_entities_by_comma")
    by_entity = split if isinstance(split, Mapping) else {}
    if not isinstance(split, bool | Mapping):
        raise diet.wrong("split_entities_by_comma", "true, false, or one per entity")
    fallback = found.get(FALLBACK)
    return Serving(
        synonyms=MAPPER in found,
        fallback=FallbackSettings.read(fallback[0]) if fallback else None,
        ranking_length=diet.integer("ranking_length"),
        renormalize_confidences=diet.flag("renormalize_confidences"),
        split_entities_by_comma=split if isinstance(split, bool) else True,
        keep_commas_in=frozenset(n for n, splits in by_entity.items() if not splits),
        selectors=_selectors(found, trained=diet.flag("intent_classification")),
        extractor=_extractor(found, order),
    )


def _selectors(
    found: Mapping[str, Sequence[Options]], *, trained: bool
) -> tuple[SelectorSettings, ...]:
    given = found.get(SELECTOR, ())
    selectors = tuple(map(SelectorSettings.read, given))
    names = [selector.name for selector in selectors]
    for at, (options, name) in enumerate(zip(given, names, strict=True)):
        if name in names[:at]:
            raise InputError(
                f"{options.where}: another selector is for {name!r} already",
                "give each a `retrieval_intent` of its own",
            )
    # Keys are told apart by the classifier's own softmax.
    return selectors if trained else ()


def _extractor(
    found: Mapping[str, Sequence[Options]], order: list[str]
) -> ExtractorSettings | None:
    if EXTRACTOR not in found:
        return None
    behind = order[order.index(EXTRACTOR) :]
    return ExtractorSettings.read(found[EXTRACTOR][0], synonyms=MAPPER in behind)
