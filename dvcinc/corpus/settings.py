"""Settings of the classifier and of what follows it, as `config.yml` gives them.

`dvcinc.corpus.pipeline` makes them from Rasa's keys; the defaults here are Rasa 3.6's.
"""

from __future__ import annotations

from dataclasses import dataclass

from dvcinc.corpus.components import Json
from dvcinc.corpus.options import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackSettings:
    """`FallbackClassifier`: when the answer is `nlu_fallback`."""

    threshold: float = 0.3
    ambiguity_threshold: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The settings without weights: they change how an answer is written, not found."""

    synonyms: bool = False
    fallback: FallbackSettings | None = None
    ranking_length: int = 10
    renormalize_confidences: bool = False
    split_entities_by_comma: bool = True
    keep_commas_in: frozenset[str] = frozenset()

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
        }

    @classmethod
    def from_json(cls, values: object, where: str) -> Serving:
        """The settings again, checked; `where` names the file in the error."""
        options = Options.of(values, where)
        fallback = options.table("fallback")
        return cls(
            synonyms=options.flag("synonyms"),
            fallback=None
            if fallback is None
            else FallbackSettings(
                threshold=fallback.number("threshold"),
                ambiguity_threshold=fallback.number("ambiguity_threshold"),
            ),
            ranking_length=options.integer("ranking_length"),
            renormalize_confidences=options.flag("renormalize_confidences"),
            split_entities_by_comma=options.flag("split_entities_by_comma"),
            keep_commas_in=frozenset(options.texts("keep_commas_in")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DietSettings:
    """`DIETClassifier`: what it predicts and how it is regularised."""

    epochs: int = 300
    intent_classification: bool = True
    entity_recognition: bool = True
    bilou: bool = True
    drop_rate: float = 0.2
