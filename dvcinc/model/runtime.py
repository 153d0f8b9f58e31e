"""Serving in NumPy: texts in, intents and entities out, without TensorFlow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from dvcinc.corpus.pipeline import Serving
from dvcinc.corpus.values import Synonym
from dvcinc.model.document import Model, Tables
from dvcinc.model.features import Featurizer, Floats, Ints, Text
from dvcinc.model.forward import Forward
from dvcinc.model.result import (
    FALLBACK_INTENT,
    FoundEntity,
    ParseResult,
    RankedIntent,
)
from dvcinc.model.viterbi import Field

UNKNOWN = RankedIntent(None, 0.0)
SYNONYM_MAPPER = "EntitySynonymMapper"


class Scores(NamedTuple):
    """What the network says of some texts, before anything is decided.

    Args:
        intents: Logits [B, intents]; `None` if the model has no intents.
        tags: Scores [B, L, tags]; `None` if it has no entities.
        lengths: Tokens of each text [B].
    """

    intents: Floats | None
    tags: Floats | None
    lengths: Ints


class Runtime:
    """A model that answers. Its tables, if it has any, have the last word."""

    def __init__(self, model: Model) -> None:
        tables = model.tables or Tables()
        self._labels = model.labels
        self._serving = tables.config
        self._values = _values(tables.synonyms) if self._serving.synonyms else {}
        self._featurizer = Featurizer(model.pipeline, model.vocabulary)
        self._forward = Forward(model.tensors, model.architecture, model.labels)
        tagged = bool(model.labels.entities)
        self._field = Field.of(model.tensors, model.labels) if tagged else None

    def parse(self, text: str) -> ParseResult:
        """What one text means."""
        return self.parse_many([text])[0]

    def parse_many(self, texts: Sequence[str], batch: int = 64) -> list[ParseResult]:
        """What each of some texts means; `batch` texts go through at once."""
        encoded = [self._featurizer.encode(text) for text in texts]
        # Texts of like length go together, or most of a batch would be padding.
        order = sorted(range(len(encoded)), key=lambda at: len(encoded[at].tokens))
        found: dict[int, ParseResult] = {}
        for start in range(0, len(order), batch):
            places = order[start : start + batch]
            results = self._answer([encoded[at] for at in places])
            found.update(zip(places, results, strict=True))
        return [found[at] for at in range(len(texts))]

    def logits(self, texts: Sequence[str]) -> Scores:
        """The raw scores of some texts, in one batch."""
        return self._scores([self._featurizer.encode(text) for text in texts])

    def intent_logits(self, texts: Sequence[str]) -> Floats | None:
        """The intents' raw scores for some texts [B, intents]; `None` without."""
        encoded = [self._featurizer.encode(text) for text in texts]
        return self._forward.intents(self._featurizer.batch(encoded))

    def _scores(self, texts: Sequence[Text]) -> Scores:
        batch = self._featurizer.batch(texts)
        intents, tags = self._forward(batch)
        return Scores(intents, tags, batch.lengths)

    def _answer(self, texts: Sequence[Text]) -> list[ParseResult]:
        scores = self._scores(texts)
        results = [ParseResult(text=text.text, intent=UNKNOWN) for text in texts]
        if scores.intents is not None:
            for at, chances in enumerate(softmax(scores.intents)):
                if texts[at].text.strip():
                    results[at] = self._with_intent(results[at], chances)
        if scores.tags is not None and self._field is not None:
            tags, sure = self._field.decode(scores.tags, scores.lengths)
            for at, text in enumerate(texts):
                entities = self._entities(text, tags[at], sure[at])
                results[at] = replace(results[at], entities=tuple(entities))
        return results

    def _with_intent(self, result: ParseResult, chances: Floats) -> ParseResult:
        """Rank the intents; a fallback comes first if none is sure, as in Rasa."""
        order = np.argsort(-chances, kind="stable")
        length = self._serving.ranking_length or len(order)
        top = [(self._labels.intents[at], float(chances[at])) for at in order[:length]]
        whole = sum(chance for _, chance in top)
        share = whole if self._serving.renormalize_confidences and whole else 1.0
        ranking = [RankedIntent(name, chance / share) for name, chance in top]
        if falls_back(ranking, self._serving):
            ranking.insert(0, RankedIntent(FALLBACK_INTENT, 1.0))
        return replace(result, intent=ranking[0], intent_ranking=tuple(ranking))

    def _entities(self, text: Text, tags: Ints, sure: Floats) -> list[FoundEntity]:
        found = []
        own = tags[: len(text.tokens)].tolist()
        for first, behind, label in self._labels.decode(own):
            for start, end in self._pieces(text, first, behind, label.entity):
                place = text.tokens[start].start, text.tokens[end - 1].end
                raw = text.text[slice(*place)]
                value = self._values.get(raw.lower(), raw)
                found.append(
                    FoundEntity(
                        start=place[0],
                        end=place[1],
                        entity=label.entity,
                        value=value,
                        # As sure as its least sure token, which is Rasa's rule.
                        confidence=float(sure[start:end].min()),
                        role=label.role,
                        group=label.group,
                        processors=(SYNONYM_MAPPER,) if value != raw else (),
                    )
                )
        return found

    def _pieces(
        self, text: Text, first: int, behind: int, entity: str
    ) -> list[tuple[int, int]]:
        """A run of tokens cut where a comma stands between two of them."""
        cuts = [first]
        if self._serving.splits(entity):
            cuts += [
                at
                for at in range(first + 1, behind)
                if "," in text.text[text.tokens[at - 1].end : text.tokens[at].start]
            ]
        return list(zip(cuts, [*cuts[1:], behind], strict=True))


def softmax(logits: Floats) -> Floats:
    """Probabilities along the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def falls_back(ranking: Sequence[RankedIntent], serving: Serving) -> bool:
    """Whether a `FallbackClassifier` would say that it does not know."""
    fallback = serving.fallback
    if fallback is None:
        return False
    sure = [intent.confidence for intent in ranking[:2]]
    if sure[0] < fallback.threshold:
        return True
    return len(sure) > 1 and sure[0] - sure[1] < fallback.ambiguity_threshold


def _values(synonyms: Iterable[Synonym]) -> dict[str, str]:
    """Entity values by lower-cased alias; a value is an alias of itself, as in Rasa."""
    pairs = sorted(synonyms)
    found = {alias.lower(): value for alias, value in pairs if alias != value}
    for _, value in pairs:
        found.setdefault(value.lower(), value)
    return found
