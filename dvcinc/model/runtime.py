"""Serving in NumPy: texts in, intents and entities out, without TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from threading import Lock
from typing import NamedTuple

import numpy as np

from dvcinc.corpus.pipeline import Serving
from dvcinc.corpus.tables import Tables
from dvcinc.model.chances import added_up, softmax
from dvcinc.model.document import Model
from dvcinc.model.entities import EntityWriter
from dvcinc.model.features import Featurizer, Text, padded
from dvcinc.model.forward import Forward
from dvcinc.model.responses import Responder
from dvcinc.model.result import (
    FALLBACK_INTENT,
    FoundEntity,
    ParseResult,
    RankedIntent,
    ResponseSelection,
)
from dvcinc.model.units import Floats, Growing, Ints
from dvcinc.model.viterbi import Field

Ranking = tuple[RankedIntent, ...]

UNKNOWN = RankedIntent(None, 0.0)
# Among so many texts those of like length are put together.
SORTED = 4096


class Scores(NamedTuple):
    """What the network says of some texts, before anything is decided.

    Args:
        intents: Logits [B, labels]; `None` if the model has no intents.
        tags: Scores [B, L, tags]; `None` if it has no entities.
        lengths: Tokens of each text [B].
    """

    intents: Floats | None
    tags: Floats | None
    lengths: Ints


class Runtime:
    """A model that answers. Its tables, if it has any, have the last word.

    Threads may share one; they are answered one after the other.
    """

    def __init__(self, model: Model) -> None:
        tables = model.tables or Tables()
        self._labels = model.labels
        self._serving = tables.serving
        self._temperature = np.float32(model.temperature)
        self._writer = EntityWriter(model.labels, tables)
        self._responder = Responder(
            model.labels, self._serving.selectors, tables.responses
        )
        self._new_featurizer = partial(Featurizer, model.pipeline, model.vocabulary)
        self._forward = Forward(model.tensors, model.architecture, model.labels)
        tagged = bool(model.labels.entities)
        self._field = Field.of(model.tensors, model.labels) if tagged else None
        self._lock = Lock()
        self._start_over()

    def parse(self, text: str) -> ParseResult:
        """What one text means."""
        return self.parse_many([text])[0]

    def parse_many(self, texts: Sequence[str], batch: int = 64) -> list[ParseResult]:
        """What each of some texts means; `batch` texts go through at once."""
        found: list[ParseResult] = []
        for start in range(0, len(texts), SORTED):
            with self._lock:
                found += self._parse_some(texts[start : start + SORTED], batch)
        return found

    def logits(self, texts: Sequence[str]) -> Scores:
        """The raw scores of some texts' labels and tags, in one batch."""
        with self._lock:
            return self._scores(self._encode(texts))

    def _start_over(self) -> None:
        """Forget the words met so far."""
        self._featurizer = self._new_featurizer()
        self._known = Growing(np.zeros((0, self._forward.width), np.float32))

    def _encode(self, texts: Sequence[str]) -> list[Text]:
        if self._featurizer.units.is_full:
            self._start_over()
        return [self._featurizer.encode(text) for text in texts]

    def _vectors(self) -> Floats:
        """The vector of each unit met so far, as `Forward.vectors`."""
        units = self._featurizer.units
        if len(units) > self._known.size:
            new = units.from_on(self._known.size)
            self._known.extend(self._forward.vectors(*new))
        return self._known.array

    def _parse_some(self, texts: Sequence[str], batch: int) -> list[ParseResult]:
        encoded = self._encode(texts)
        # Texts of like length go together, or most of a batch would be padding.
        order = sorted(range(len(encoded)), key=lambda at: len(encoded[at].units))
        found: dict[int, ParseResult] = {}
        for start in range(0, len(order), batch):
            places = order[start : start + batch]
            results = self._answer([encoded[at] for at in places])
            found.update(zip(places, results, strict=True))
        return [found[at] for at in range(len(texts))]

    def _scores(self, texts: Sequence[Text]) -> Scores:
        units, lengths = padded(texts)
        return Scores(*self._forward.read(self._vectors(), units, lengths), lengths)

    def _answer(self, texts: Sequence[Text]) -> list[ParseResult]:
        scores = self._scores(texts)
        entities = self._all_entities(texts, scores)
        rankings: list[Ranking] = [()] * len(texts)
        choices: list[ResponseSelection | None] = [None] * len(texts)
        if scores.intents is not None:
            logits = scores.intents / self._temperature
            rankings, choices = self._rank(logits), self._responder.choose(logits)
        return [
            self._result(text.text, ranking, found, chosen)
            for text, ranking, found, chosen in zip(
                texts, rankings, entities, choices, strict=True
            )
        ]

    def _result(
        self,
        text: str,
        ranking: Ranking,
        entities: tuple[FoundEntity, ...],
        selection: ResponseSelection | None,
    ) -> ParseResult:
        if ranking and not text.strip():
            # Rasa: a text that is blank has no intent, which is none to be sure of.
            ranking, selection = (), self._responder.nothing()
            if falls_back([UNKNOWN], self._serving):
                ranking = (self._fallback,)
        return ParseResult(
            text=text,
            intent=ranking[0] if ranking else UNKNOWN,
            intent_ranking=ranking,
            entities=entities,
            response_selector=selection,
        )

    def _rank(self, logits: Floats) -> list[Ranking]:
        """The likeliest intents of each text, in order."""
        chances = added_up(softmax(logits), self._labels.owners)
        length = self._serving.ranking_length or chances.shape[1]
        order = np.argsort(-chances, axis=1, kind="stable")[:, :length]
        top = np.take_along_axis(chances, order, axis=1).tolist()
        return list(map(self._ranked, order.tolist(), top))

    def _ranked(self, order: Sequence[int], chances: Sequence[float]) -> Ranking:
        """A ranking; a fallback comes first if no intent is sure, as in Rasa."""
        if self._serving.renormalize_confidences:
            whole = sum(chances) or 1.0
            chances = [chance / whole for chance in chances]
        names = map(self._labels.bases.__getitem__, order)
        ranking = tuple(map(RankedIntent, names, chances))
        if falls_back(ranking, self._serving):
            return self._fallback, *ranking
        return ranking

    @property
    def _fallback(self) -> RankedIntent:
        """Rasa: as sure as the threshold says one must be."""
        fallback = self._serving.fallback
        return RankedIntent(FALLBACK_INTENT, fallback.threshold if fallback else 0.0)

    def _all_entities(
        self, texts: Sequence[Text], scores: Scores
    ) -> list[tuple[FoundEntity, ...]]:
        found = [self._writer.matched(text.text) for text in texts]
        if scores.tags is not None and self._field is not None:
            tags, sure = self._field.decode(scores.tags, scores.lengths)
            for at in np.flatnonzero(tags.any(axis=1)).tolist():
                tagged = self._writer.tagged(texts[at], tags[at], sure[at])
                found[at] = (*tagged, *found[at])
        return found


def falls_back(ranking: Sequence[RankedIntent], serving: Serving) -> bool:
    """Whether a `FallbackClassifier` would say that it does not know."""
    fallback = serving.fallback
    if fallback is None:
        return False
    sure = [intent.confidence for intent in ranking[:2]]
    if sure[0] < fallback.threshold:
        return True
    return len(sure) > 1 and sure[0] - sure[1] < fallback.ambiguity_threshold
