"""`config.yml`'s pipeline as typed settings: what the model honours and what it cannot.

In: the components as they stand in a `Config`; out: a `Pipeline`, with what it asks for
and does not get in words. Light: no
numpy, so that the decision can look at the pipeline too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from dvcinc.corpus.components import SPECS, ComponentSpec, Json, Role
from dvcinc.corpus.options import (
    Options,
    effective_options,
    spec_of,
    weight_options,
)
from dvcinc.corpus.patterns import read_matching
from dvcinc.corpus.selectors import SELECTOR, Selectors
from dvcinc.corpus.serving import read_serving
from dvcinc.corpus.settings import DietSettings, FallbackSettings, Serving
from dvcinc.corpus.transformer import TransformerSettings
from dvcinc.corpus.unheeded import Asked, noticed, quiet
from dvcinc.corpus.values import Component, Config, Place
from dvcinc.errors import InputError
from dvcinc.text.settings import (
    LEXICAL,
    UNTAGGED,
    Accents,
    Analyzer,
    CountSettings,
    LexicalSettings,
    RegexSettings,
    TokenizerSettings,
)

__all__ = [
    "ComponentSpec",
    "DietSettings",
    "FallbackSettings",
    "Json",
    "Pipeline",
    "Role",
    "Serving",
    "effective_options",
    "read_pipeline",
    "spec_of",
    "weight_options",
]

Settings = TypeVar("Settings")

OURS = tuple(name for name, spec in SPECS.items() if spec.role != Role.PASSED_OVER)
REPEATABLE = frozenset(
    {"CountVectorsFeaturizer", SELECTOR}
    | {name for name, spec in SPECS.items() if spec.role is Role.PASSED_OVER}
)
LEXICAL_FEATURES = LEXICAL | UNTAGGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A whole pipeline as the model and the rules see it.

    Of what it asks for and does not get, `warnings` tell what one would notice, and
    `asides` the rest.
    """

    tokenizer: TokenizerSettings = field(default_factory=TokenizerSettings)
    regex: RegexSettings | None = None
    lexical: LexicalSettings | None = None
    counts: tuple[CountSettings, ...] = ()
    diet: DietSettings = field(default_factory=DietSettings)
    serving: Serving = field(default_factory=Serving)
    warnings: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()

    @property
    def synonyms(self) -> bool:
        """Whether an `EntitySynonymMapper` rewrites entity values."""
        return self.serving.synonyms

    @property
    def fallback(self) -> FallbackSettings | None:
        """The `FallbackClassifier`, if there is one."""
        return self.serving.fallback

    @property
    def selectors(self) -> Selectors:
        """What the `ResponseSelector`s cover."""
        return tuple(selector.retrieval_intent for selector in self.serving.selectors)

    @property
    def entity_recognition(self) -> bool:
        """Whether entity annotations train anything."""
        return self.diet.entity_recognition

    @property
    def intent_classification(self) -> bool:
        """Whether intents train anything."""
        return self.diet.intent_classification


def read_pipeline(config: Config) -> Pipeline:
    """The typed settings of a config's pipeline.

    Raises:
        InputError: There is no pipeline, tokenizer, featurizer or classifier, one
            stands twice, a component with trained weights is unknown, or an option
            has a value that it cannot have.
    """
    if not config.pipeline:
        raise InputError(
            f"{config.place or 'config.yml'}: there is no `pipeline`, or it is empty",
            "uncomment the one that Rasa suggests there, or add one with "
            "WhitespaceTokenizer, CountVectorsFeaturizer, DIETClassifier",
        )
    found: dict[str, list[Options]] = {}
    order: list[str] = []
    asked: list[Asked] = []
    for component, place in config.pipeline:
        spec = _known(component, place)
        options = Options.of(
            dict(effective_options(component)), f"{place}: {spec.name}"
        )
        found.setdefault(spec.name, []).append(options)
        order.append(spec.name)
        asked.append((spec, component, place))
    _check_shape(found, config.place or config.pipeline[0][1])
    return Pipeline(
        tokenizer=_tokenizer(found["WhitespaceTokenizer"][0]),
        regex=_only(found, "RegexFeaturizer", read_matching),
        lexical=_only(found, "LexicalSyntacticFeaturizer", _lexical),
        counts=tuple(_counts(o) for o in found.get("CountVectorsFeaturizer", ())),
        diet=_diet(found["DIETClassifier"][0]),
        serving=read_serving(found, order),
        warnings=(*noticed(asked), *_idle(found)),
        asides=tuple(quiet(asked)),
    )


def _known(component: Component, place: Place) -> ComponentSpec:
    spec = spec_of(component.name)
    if spec is None:
        raise InputError(
            f"{place}: component {component.name!r} is not one that dvcinc can train",
            f"take it out of the pipeline; dvcinc has {', '.join(OURS)}",
        )
    return spec


def _idle(found: Mapping[str, list[Options]]) -> Iterator[str]:
    """Selectors that have nothing to choose by."""
    if not found["DIETClassifier"][0].flag("intent_classification"):
        for options in found.get(SELECTOR, ()):
            yield (
                f"{options.where} does nothing: DIETClassifier has "
                "`intent_classification: false`"
            )


def _check_shape(found: Mapping[str, list[Options]], place: Place) -> None:
    for name in ("WhitespaceTokenizer", "DIETClassifier"):
        if name not in found:
            raise InputError(
                f"{place}: the pipeline has no {name}", f"add `- name: {name}` to it"
            )
    for name, options in sorted(found.items()):
        if len(options) > 1 and name not in REPEATABLE:
            raise InputError(
                f"{options[1].where}: stands in the pipeline twice", "take one out"
            )
    if not any(SPECS[name].role is Role.FEATURIZER for name in found):
        raise InputError(
            f"{place}: the pipeline has no featurizer",
            "add `- name: CountVectorsFeaturizer` to it",
        )


def _only(
    found: Mapping[str, list[Options]],
    name: str,
    read: Callable[[Options], Settings],
) -> Settings | None:
    return read(found[name][0]) if name in found else None


def _tokenizer(options: Options) -> TokenizerSettings:
    return TokenizerSettings(
        token_pattern=options.pattern("token_pattern"),
        intent_tokenization=options.flag("intent_tokenization_flag"),
        intent_split_symbol=options.text("intent_split_symbol"),
    )


def _lexical(options: Options) -> LexicalSettings:
    window = options.values.get("features")
    rows = window if isinstance(window, list) else []
    known = all(
        isinstance(row, list)
        and all(isinstance(name, str) and name in LEXICAL_FEATURES for name in row)
        for row in rows
    )
    if not rows or not known:
        allowed = " ".join(sorted(LEXICAL_FEATURES))
        raise options.wrong("features", f"a list of lists of: {allowed}")
    return LexicalSettings(
        features=tuple(tuple(n for n in row if n not in UNTAGGED) for row in rows)
    )


def _counts(options: Options) -> CountSettings:
    lowercase = options.flag("lowercase")

    def fold(word: str) -> str:
        return word.lower() if lowercase else word

    oov = options.optional_text("OOV_token")
    shortest = options.integer("min_ngram", low=1)
    return CountSettings(
        analyzer=options.choice("analyzer", Analyzer),
        lowercase=lowercase,
        strip_accents=options.choice("strip_accents", Accents),
        stop_words=frozenset(options.texts("stop_words")),
        min_df=options.count_or_share("min_df"),
        max_df=options.count_or_share("max_df"),
        min_ngram=shortest,
        max_ngram=options.integer("max_ngram", low=shortest),
        max_features=_optional_size(options, "max_features"),
        oov_token=None if oov is None else fold(oov),
        oov_words=frozenset(fold(word) for word in options.texts("OOV_words")),
        additional_vocabulary_size=_reserve(options),
    )


def _reserve(options: Options) -> int | None:
    """Rasa gives the reserve by attribute; only that of the text matters here."""
    key = "additional_vocabulary_size"
    if not isinstance(options.values.get(key), Mapping):
        return _optional_size(options, key)
    by_attribute = options.table(key)
    return None if by_attribute is None else _optional_size(by_attribute, "text")


def _optional_size(options: Options, key: str) -> int | None:
    return None if options.values.get(key) is None else options.integer(key)


def _diet(options: Options) -> DietSettings:
    settings = DietSettings(
        epochs=options.integer("epochs", low=1),
        intent_classification=options.flag("intent_classification"),
        entity_recognition=options.flag("entity_recognition"),
        bilou=options.flag("BILOU_flag"),
        drop_rate=options.number("drop_rate", high=0.9),
        transformer=TransformerSettings.from_config(options),
        drop_rate_attention=options.number("drop_rate_attention", high=0.9),
    )
    if not settings.intent_classification and not settings.entity_recognition:
        raise InputError(
            f"{options.where}: both `intent_classification` and `entity_recognition` "
            "are false, so there is nothing to train",
            "set one of them to true",
        )
    return settings
