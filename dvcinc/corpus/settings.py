"""Settings of the classifier and of what follows it, as `config.yml` gives them.

`dvcinc.corpus.pipeline` makes them from Rasa's keys; the defaults here are Rasa 3.6's.
"""

from __future__ import annotations

from dataclasses import dataclass

from dvcinc.corpus.components import Json
from dvcinc.corpus.options import Options
from dvcinc.corpus.patterns import ExtractorSettings
from dvcinc.corpus.selectors import SelectorSettings
from dvcinc.corpus.transformer import TransformerSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackSettings:
    """`FallbackClassifier`: when the answer is `nlu_fallback`."""

    threshold: float = 0.3
    ambiguity_threshold: float = 0.1

    @classmethod
    def read(cls, options: Options) -> FallbackSettings:
        """The settings from their keys, checked."""
        return cls(
            threshold=options.number("threshold"),
            ambiguity_threshold=options.number("ambiguity_threshold"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The settings without weights: they change how an answer is written, not found."""

    synonyms: bool = False
    fallback: FallbackSettings | None = None
    ranking_length: int = 10
    renormalize_confidences: bool = False
    split_entities_by_comma: bool = True
    keep_commas_in: frozenset[str] = frozenset()
    selectors: tuple[SelectorSettings, ...] = ()
    extractor: ExtractorSettings | None = None

    def splits(self, entity: str) -> bool:
        """Whether `a, b` of this entity type is two entities, as Rasa tells them."""
        return self.split_entities_by_comma and entity not in self.keep_commas_in

    def to_json(self) -> dict[str, Json]:
        """The settings as plain values, for canonical JSON."""
        fallback = self.fallback
        return {
            "synonyms": self.synonyms,
            "fallback": None
            if fallback is None
            else {
                "threshold": fallback.threshold,
                "ambiguity_threshold": fallback.ambiguity_threshold,
            },
            "ranking_length": self.ranking_length,
            "renormalize_confidences": self.renormalize_confidences,
            "split_entities_by_comma": self.split_entities_by_comma,
            "keep_commas_in": [*sorted(self.keep_commas_in)],
            "selectors": [selector.to_json() for selector in self.selectors],
            "extractor": None if self.extractor is None else self.extractor.to_json(),
        }

    @classmethod
    def from_json(cls, values: object, where: str) -> Serving:
        """The settings again, checked; `where` names the file in the error."""
        options = Options.of(values, where)
        fallback, extractor = options.table("fallback"), options.table("extractor")
        return cls(
            synonyms=options.flag("synonyms"),
            fallback=None if fallback is None else FallbackSettings.read(fallback),
            ranking_length=options.integer("ranking_length"),
            renormalize_confidences=options.flag("renormalize_confidences"),
            split_entities_by_comma=options.flag("split_entities_by_comma"),
            keep_commas_in=frozenset(options.texts("keep_commas_in")),
            selectors=tuple(map(SelectorSettings.read, options.tables("selectors"))),
            extractor=None
            if extractor is None
            else ExtractorSettings.read(extractor, synonyms=extractor.flag("synonyms")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DietSettings:
    """`DIETClassifier`: what it predicts and how it is regularised.

    Args:
        transformer: `None` for the fast encoder.
        drop_rate_attention: The share of a transformer's attention to leave out.
    """

    epochs: int = 300
    intent_classification: bool = True
    entity_recognition: bool = True
    bilou: bool = True
    drop_rate: float = 0.2
    transformer: TransformerSettings | None = None
    drop_rate_attention: float = 0.0
