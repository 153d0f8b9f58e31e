"""Conditions of a base: whether it fits this code, these parameters and this delta."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dvcinc.changes import Change, Kind, Side, base_intent, diff_params
from dvcinc.changes.examples import first_places
from dvcinc.config import Mode, Params, Policy, Preset
from dvcinc.corpus.pipeline import effective_options, read_pipeline
from dvcinc.corpus.trained import short_name
from dvcinc.corpus.values import Component, Config, Corpus, Example, Place
from dvcinc.errors import InputError
from dvcinc.plan.base import Base, BaseInfo, Versions, digest_of
from dvcinc.plan.delta import Delta
from dvcinc.text.settings import CountSettings, TokenizerSettings

PARAMS = Place("params.yaml", 1)
UNLEARNING = ("DI102", "DI103", "DI104", "DI105")
"""The rules about examples of the base that are gone as they were."""
_COUNTS, _REGEX = "CountVectorsFeaturizer", "RegexFeaturizer"


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
    yield from _growth(base, delta, params.policy)
    yield from _unlearning(base, delta, params.policy)
    yield from _overflow(base.corpus, delta, now.config)


def forced(params: Params, *, exact: bool) -> Iterator[Change]:
    """The wish for a new base, until there is one of just this corpus.

    Args:
        params: The parameters now.
        exact: Whether the base would have the same bytes if it were cut now.
    """
    if params.policy.forced and not exact:
        yield Change(
            kind=Kind.FORCED, subject="policy.mode is scratch", places=(PARAMS,)
        )


def _train_only(params: Params) -> Params:
    return Params(train=params.train)


def _versions(info: BaseInfo, here: Versions) -> Iterator[Change]:
    there = info.versions
    for what, before, after in (
        ("model format", there.model_format, here.model_format),
        ("feature code", there.feature_code, here.feature_code),
    ):
        if before != after:
            names = (str(before), str(after))
            yield Change(kind=Kind.BASE_INCOMPATIBLE, subject=what, names=names)
    # A merge by hand may have mixed two descriptions, or other code have written it.
    if there == here and digest_of(info) != info.digest:
        names = (f"{info.digest[:19]}…", f"{digest_of(info)[:19]}…")
        yield Change(kind=Kind.BASE_INCOMPATIBLE, subject="digest", names=names)


def _growth(base: Base, delta: Delta, policy: Policy) -> Iterator[Change]:
    now = delta.now.examples
    limit = _Limit(Kind.GROWTH_LIMIT, "growth_limit", policy.growth_limit)
    added = [now[example] for example in delta.added]
    yield from limit.beyond("the corpus", added, base.info.examples)
    limit = limit.within("intent_growth_limit", policy.intent_growth_limit)
    before = Counter(base_intent(e.intent) for e in base.corpus.examples)
    come = _by_intent((base_intent(e.intent), now[e]) for e in delta.added)
    for intent, places in sorted(come.items()):
        if before[intent]:
            yield from limit.beyond(f"intent {intent}", places, before[intent])


def _unlearning(base: Base, delta: Delta, policy: Policy) -> Iterator[Change]:
    """Every example of the base that is gone as it was has to be unlearned."""
    if not _lets_unlearn(policy):
        return
    there = base.corpus.examples
    limit = _Limit(Kind.UNLEARN_BUDGET, "unlearn_limit", policy.unlearn_limit)
    removed = [there[example] for example in delta.removed]
    yield from limit.beyond("the base", removed, base.info.examples)
    limit = limit.within("intent_unlearn_limit", policy.intent_unlearn_limit)
    before = Counter(e.intent for e in there)
    # An intent without any example left is told of as a whole.
    now = {e.intent for e in delta.now.examples}
    left = _by_intent((e.intent, there[e]) for e in _left(delta) if e.intent in now)
    for intent, places in sorted(left.items()):
        yield from limit.beyond(f"intent {intent}", places, before[intent])


def _by_intent(located: Iterable[tuple[str, Place]]) -> Mapping[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for intent, place in located:
        found[intent].append(place)
    return found


def _left(delta: Delta) -> Iterator[Example]:
    """The base's examples that left their intent: removed or relabelled.

    A text that stays and is annotated anew speaks for its intent as before.
    """
    stays = {(example.intent, example.text) for example in delta.added}
    return (e for e in delta.removed if (e.intent, e.text) not in stays)


@dataclass(frozen=True, slots=True)
class _Limit:
    """A limit of the policy: which share of what the base holds may differ."""

    kind: Kind
    key: str
    share: float

    def within(self, key: str, share: float) -> _Limit:
        """The limit of the same kind within an intent."""
        return _Limit(self.kind, key, share)

    def beyond(
        self, subject: str, places: Sequence[Place], whole: int
    ) -> Iterator[Change]:
        """What is more than the share, in percent as fine as its limits."""
        count = len(places)
        if count <= self.share * whole:
            return
        unlearned = self.kind is Kind.UNLEARN_BUDGET
        digits = 1 if unlearned else 0
        yield Change(
            kind=self.kind,
            subject=subject,
            names=(
                f"{count / max(whole, 1):.{digits}%}",
                f"{self.share:.{digits}%}",
                f"{count:,} of {whole:,} examples"
                if unlearned
                else f"{count:,} new to {whole:,} old",
                f"policy.{self.key}",
            ),
            count=count,
            side=Side.OLD if unlearned else Side.NEW,
            places=first_places(places),
        )


def _lets_unlearn(policy: Policy) -> bool:
    """Whether taking out what the base has learned can be a fine-tune at all."""
    if policy.preset is Preset.PRAGMATIC:
        return True
    return any(
        policy.rules.get(code, Mode.SCRATCH) < Mode.SCRATCH for code in UNLEARNING
    )


def _overflow(base: Corpus, delta: Delta, config: Config) -> Iterator[Change]:
    """New words and patterns against what Rasa 2's config keys reserve for them."""
    try:
        pipeline = read_pipeline(config)
    except InputError:
        return  # it cannot be trained here, which is said elsewhere
    places = _places(config)
    for place, settings in zip(places[_COUNTS], pipeline.counts, strict=True):
        reserved = settings.additional_vocabulary_size
        if reserved is None:
            continue
        new = _new_ngrams(base, delta, settings, pipeline.tokenizer)
        if new > reserved:
            subject = f"{_COUNTS}.additional_vocabulary_size"
            yield _over(Kind.VOCABULARY_OVERFLOW, subject, new, reserved, place)
    for component, place in config.pipeline:
        if short_name(component) == _REGEX:
            yield from _pattern_overflow(base, delta, component, place)


def _places(config: Config) -> Mapping[str, list[Place]]:
    places: dict[str, list[Place]] = defaultdict(list)
    for component, place in config.pipeline:
        places[short_name(component)].append(place)
    return places


def _pattern_overflow(
    base: Corpus, delta: Delta, component: Component, place: Place
) -> Iterator[Change]:
    key = "number_additional_patterns"
    reserved = effective_options(component).get(key)
    new = len(_patterns(delta.now) - _patterns(base))
    if type(reserved) is int and new > reserved:
        yield _over(Kind.PATTERN_OVERFLOW, f"{_REGEX}.{key}", new, reserved, place)


def _over(kind: Kind, subject: str, new: int, reserved: int, place: Place) -> Change:
    return Change(
        kind=kind, subject=subject, names=(str(reserved),), count=new, places=(place,)
    )


def _new_ngrams(
    base: Corpus, delta: Delta, settings: CountSettings, tokenizer: TokenizerSettings
) -> int:
    # Few pipelines reserve room for words; the others need no tokenizer.
    from dvcinc.text.ngrams import vocabulary  # noqa: PLC0415

    added = vocabulary((e.text for e in delta.added), settings, tokenizer)
    return len(added - vocabulary((e.text for e in base.examples), settings, tokenizer))


def _patterns(corpus: Corpus) -> set[tuple[str, str]]:
    found = {("regex", regex.name) for regex in corpus.regexes}
    return found | {("lookup", entry.name) for entry in corpus.lookups}
