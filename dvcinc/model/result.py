"""What a text means to the model, in the shape that Rasa gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dvcinc.corpus.pipeline import Json

FALLBACK_INTENT = "nlu_fallback"
EXTRACTOR = "DIETClassifier"


class RankedIntent(NamedTuple):
    """An intent and how sure the model is of it, 0 to 1; no name if it cannot tell."""

    name: str | None
    confidence: float

    def to_json(self) -> dict[str, Json]:
        """As Rasa writes it."""
        return {"name": self.name, "confidence": self.confidence}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEntity:
    """An entity in a text: characters `start` to `end`, half open.

    `value` is the text there, or what a synonym makes of it; `processors` names the
    component that did.
    """

    start: int
    end: int
    entity: str
    value: str
    confidence: float
    role: str | None = None
    group: str | None = None
    processors: tuple[str, ...] = ()

    @property
    def confidence_entity(self) -> float:
        """Rasa's name for how sure the model is."""
        return self.confidence

    @property
    def extractor(self) -> str:
        """Rasa's name for the component that found it."""
        return EXTRACTOR

    def to_json(self) -> dict[str, Json]:
        """As Rasa writes it: role, group and processors only where there are any."""
        found: dict[str, Json] = {
            "entity": self.entity,
            "start": self.start,
            "end": self.end,
            "confidence_entity": self.confidence,
            "value": self.value,
            "extractor": EXTRACTOR,
        }
        if self.role is not None:
            found["role"] = self.role
        if self.group is not None:
            found["group"] = self.group
        if self.processors:
            found["processors"] = [*self.processors]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseResult:
    """Intent, ranking and entities of one text.

    `response_selector` is there for models that choose among responses.
    """

    text: str
    intent: RankedIntent
    intent_ranking: tuple[RankedIntent, ...] = ()
    entities: tuple[FoundEntity, ...] = ()
    response_selector: Mapping[str, Json] | None = None

    def to_json(self) -> dict[str, Json]:
        """As Rasa's HTTP API answers."""
        found: dict[str, Json] = {
            "text": self.text,
            "intent": self.intent.to_json(),
            "entities": [entity.to_json() for entity in self.entities],
            "intent_ranking": [intent.to_json() for intent in self.intent_ranking],
        }
        if self.response_selector is not None:
            found["response_selector"] = {**self.response_selector}
        return found
