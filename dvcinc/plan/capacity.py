"""Conditions of a base: whether it fits this code, these parameters and this delta."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from dvcinc.changes import Change, Kind, base_intent, diff_params
from dvcinc.config import Params, Policy, Preset
from dvcinc.corpus.pipeline import effective_options, read_pipeline
from dvcinc.corpus.trained import short_name
from dvcinc.corpus.values import Config, Corpus, Place
from dvcinc.plan.base import Base, BaseInfo, Versions
from dvcinc.plan.delta import Delta
from dvcinc.text.ngrams import vocabulary

PARAMS = Place("params.yaml", 1)


def conditions(
    base: Base, delta: Delta, now: Corpus, params: Params, versions: Versions
) -> Iterator[Change]:
    """What speaks against a base, beside the changes of the corpus.

    Args:
        base: The base.
        delta: The corpus's difference to it.
        now: The whole corpus now.
        params: The parameters now.
        versions: The code here.
    """
    yield from _versions(base.info, versions)
    yield from diff_params(Params(train=base.info.train), _train_only(params), PARAMS)
    if params.policy.forced and not delta.is_empty:
        yield Change(kind=Kind.FORCED, subject="policy.mode", places=(PARAMS,))
    yield from _growth(base, delta, params.policy)
    yield from _unlearning(base, delta, params.policy)
    yield from _overflow(base.corpus, delta, now.config)


def _train_only(params: Params) -> Params:
    return Params(train=params.train)


def _versions(info: BaseInfo, here: Versions) -> Iterator[Change]:
    there = info.versions
    for what, before, after in (
        ("model format", there.model_format, here.model_format),
        ("feature code", there.feature_code, here.feature_code),
        ("TensorFlow", there.tensorflow, here.tensorflow),
    ):
        # An environment without TensorFlow (a hook's) cannot say that it differs.
        if before != after and after:
            yield Change(
                kind=Kind.BASE_INCOMPATIBLE,
                subject=what,
                names=(str(before), str(after)),
            )


def _growth(base: Base, delta: Delta, policy: Policy) -> Iterator[Change]:
    whole = base.info.examples
    if len(delta.added) > policy.growth_limit * whole:
        yield _limit("the corpus", len(delta.added), whole, policy.growth_limit)
    before = Counter(base_intent(e.intent) for e in base.corpus.examples)
    added = Counter(base_intent(e.intent) for e in delta.added)
    for intent, count in sorted(added.items()):
        if before[intent] and count > policy.intent_growth_limit * before[intent]:
            yield _limit(
                f"intent {intent}", count, before[intent], policy.intent_growth_limit
            )


def _limit(subject: str, count: int, whole: int, limit: float) -> Change:
    return Change(
        kind=Kind.GROWTH_LIMIT,
        subject=subject,
        names=(f"{count / max(whole, 1):.0%}", f"{limit:.0%}"),
        count=count,
        places=(PARAMS,),
    )


def _unlearning(base: Base, delta: Delta, policy: Policy) -> Iterator[Change]:
    """Every example of the base that is gone as it was has to be unlearned."""
    share = len(delta.removed) / max(base.info.examples, 1)
    if policy.preset is Preset.PRAGMATIC and share > policy.unlearn_limit:
        yield Change(
            kind=Kind.UNLEARN_BUDGET,
            subject="the base",
            names=(f"{share:.1%}", f"{policy.unlearn_limit:.1%}"),
            count=len(delta.removed),
            places=(PARAMS,),
        )


def _overflow(base: Corpus, delta: Delta, config: Config) -> Iterator[Change]:
    """New words and patterns against what Rasa 2's config keys reserve for them."""
    for component, place in config.pipeline:
        options = effective_options(component)
        if short_name(component) == "CountVectorsFeaturizer":
            kind, key = Kind.VOCABULARY_OVERFLOW, "additional_vocabulary_size"
            count: Callable[[], int] = partial(_new_ngrams, base, delta, config)
        elif short_name(component) == "RegexFeaturizer":
            kind, key = Kind.PATTERN_OVERFLOW, "number_additional_patterns"
            count = partial(_new_patterns, base, delta)
        else:
            continue
        reserved = _size(options.get(key))
        if reserved is not None and (new := count()) > reserved:
            subject = f"{short_name(component)}.{key}"
            yield Change(
                kind=kind,
                subject=subject,
                names=(str(reserved),),
                count=new,
                places=(place,),
            )


def _new_ngrams(base: Corpus, delta: Delta, config: Config) -> int:
    counted = [
        settings
        for settings in read_pipeline(config).counts
        if settings.additional_vocabulary_size is not None
    ]
    added = [example.text for example in delta.added]
    known = [example.text for example in base.examples]
    return max(
        (len(vocabulary(added, each) - vocabulary(known, each)) for each in counted),
        default=0,
    )


def _new_patterns(base: Corpus, delta: Delta) -> int:
    return len(_patterns(delta.now) - _patterns(base))


def _size(value: object) -> int | None:
    if isinstance(value, dict):
        value = value.get("text")
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _patterns(corpus: Corpus) -> set[tuple[str, str]]:
    found = {("regex", regex.name) for regex in corpus.regexes}
    return found | {("lookup", entry.name) for entry in corpus.lookups}
