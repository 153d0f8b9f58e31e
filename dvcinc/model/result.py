"""What a text means to the model, in the shape that Rasa gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dvcinc.corpus.pipeline import Json
from dvcinc.corpus.selectors import DEFAULT_SELECTOR

FALLBACK_INTENT = "nlu_fallback"
EXTRACTOR, PATTERN_EXTRACTOR = "DIETClassifier", "RegexEntityExtractor"


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
    component that did. What was looked up has no confidence.
    """

    start: int
    end: int
    entity: str
    value: str
    confidence: float | None
    role: str | None = None
    group: str | None = None
    processors: tuple[str, ...] = ()
    extractor: str = EXTRACTOR

    @property
    def confidence_entity(self) -> float | None:
        """Rasa's name for how sure the model is."""
        return self.confidence

    def to_json(self) -> dict[str, Json]:
        """As Rasa writes it: role, group and processors only where there are any."""
        found: dict[str, Json] = {
            "entity": self.entity,
            "start": self.start,
            "end": self.end,
            "value": self.value,
            "extractor": self.extractor,
        }
        if self.confidence is not None:
            found["confidence_entity"] = self.confidence
        if self.role is not None:
            found["role"] = self.role
        if self.group is not None:
            found["group"] = self.group
        if self.processors:
            found["processors"] = [*self.processors]
        return found


class RankedKey(NamedTuple):
    """A response key, `faq/ask_wifi`, and how sure the model is of it, 0 to 1."""

    key: str
    confidence: float

    def to_json(self) -> dict[str, Json]:
        """As Rasa writes it."""
        return {"confidence": self.confidence, "intent_response_key": self.key}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenResponse:
    """What one selector says: its likeliest keys, and the answers of the first.

    Without any key to choose there are no answers either.
    """

    responses: tuple[Json, ...] | None
    ranking: tuple[RankedKey, ...]

    @property
    def key(self) -> str | None:
        """The likeliest key."""
        return self.ranking[0].key if self.ranking else None

    def to_json(self) -> dict[str, Json]:
        """As Rasa writes it."""
        return {
            "response": {
                "responses": None if self.responses is None else [*self.responses],
                "confidence": self.ranking[0].confidence if self.ranking else 0.0,
                "intent_response_key": self.key,
                "utter_action": f"utter_{self.key}",
            },
            "ranking": [ranked.to_json() for ranked in self.ranking],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSelection:
    """What each selector says, by its name: its retrieval intent, or `default`."""

    retrieval_intents: tuple[str, ...]
    chosen: Mapping[str, ChosenResponse]

    def covers(self, retrieval_intent: str) -> bool:
        """Whether there is a selector for an intent."""
        return not {retrieval_intent, DEFAULT_SELECTOR}.isdisjoint(self.chosen)

    def key_of(self, retrieval_intent: str) -> str | None:
        """The key that the selector for an intent has chosen; `None` without one."""
        found = self.chosen.get(retrieval_intent, self.chosen.get(DEFAULT_SELECTOR))
        return None if found is None else found.key

    def to_json(self) -> dict[str, Json]:
        """As Rasa writes it."""
        by_name = {name: chosen.to_json() for name, chosen in self.chosen.items()}
        return {"all_retrieval_intents": [*self.retrieval_intents], **by_name}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseResult:
    """Intent, ranking and entities of one text.

    `response_selector` is there for models that choose among responses.
    """

    text: str
    intent: RankedIntent
    intent_ranking: tuple[RankedIntent, ...] = ()
    entities: tuple[FoundEntity, ...] = ()
    response_selector: ResponseSelection | None = None

    def to_json(self) -> dict[str, Json]:
        """As Rasa's HTTP API answers."""
        found: dict[str, Json] = {
            "text": self.text,
            "intent": self.intent.to_json(),
            "entities": [entity.to_json() for entity in self.entities],
            "intent_ranking": [intent.to_json() for intent in self.intent_ranking],
        }
        if self.response_selector is not None:
            found["response_selector"] = self.response_selector.to_json()
        return found
