"""Serving in NumPy: texts in, intents and entities out, without TensorFlow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from threading import Lock
from typing import NamedTuple

import numpy as np

from dvcinc.corpus.pipeline import Serving
from dvcinc.corpus.values import Synonym
from dvcinc.model.document import Model, Tables
from dvcinc.model.features import Featurizer, Text, padded
from dvcinc.model.forward import Forward
from dvcinc.model.result import (
    FALLBACK_INTENT,
    FoundEntity,
    ParseResult,
    RankedIntent,
)
from dvcinc.model.units import Floats, Growing, Ints
from dvcinc.model.viterbi import Field

Ranking = tuple[RankedIntent, ...]

UNKNOWN = RankedIntent(None, 0.0)
SYNONYM_MAPPER = "EntitySynonymMapper"
# Among so many texts those of like length are put together.
SORTED = 4096


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
    """A model that answers. Its tables, if it has any, have the last word.

    Threads may share one; they are answered one after the other.
    """

    def __init__(self, model: Model) -> None:
        tables = model.tables or Tables()
        self._labels = model.labels
        self._serving = tables.config
        self._values = _values(tables.synonyms) if self._serving.synonyms else {}
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
        """The raw scores of some texts, in one batch."""
        with self._lock:
            return self._scores(self._encode(texts))

    def intent_logits(self, texts: Sequence[str]) -> Floats | None:
        """The intents' raw scores for some texts [B, intents]; `None` without."""
        with self._lock:
            units, lengths = padded(self._encode(texts))
            return self._forward.read_intents(self._vectors(), units, lengths)

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
        nothing: list[Ranking] = [()] * len(texts)
        rankings = nothing if scores.intents is None else self._rank(scores.intents)
        entities = self._all_entities(texts, scores)
        return [
            self._result(text.text, ranking, found)
            for text, ranking, found in zip(texts, rankings, entities, strict=True)
        ]

    @staticmethod
    def _result(
        text: str, ranking: Ranking, entities: tuple[FoundEntity, ...]
    ) -> ParseResult:
        # Rasa: a text that is blank has no intent.
        kept = ranking if text.strip() else ()
        return ParseResult(
            text=text,
            intent=kept[0] if kept else UNKNOWN,
            intent_ranking=kept,
            entities=entities,
        )

    def _rank(self, logits: Floats) -> list[Ranking]:
        """The likeliest intents of each text, in order."""
        chances = softmax(logits)
        length = self._serving.ranking_length or chances.shape[1]
        order = np.argsort(-chances, axis=1, kind="stable")[:, :length]
        top = np.take_along_axis(chances, order, axis=1).tolist()
        return list(map(self._ranked, order.tolist(), top))

    def _ranked(self, order: Sequence[int], chances: Sequence[float]) -> Ranking:
        """A ranking; a fallback comes first if no intent is sure, as in Rasa."""
        if self._serving.renormalize_confidences:
            whole = sum(chances) or 1.0
            chances = [chance / whole for chance in chances]
        names = map(self._labels.intents.__getitem__, order)
        ranking = tuple(map(RankedIntent, names, chances))
        if falls_back(ranking, self._serving):
            return RankedIntent(FALLBACK_INTENT, 1.0), *ranking
        return ranking

    def _all_entities(
        self, texts: Sequence[Text], scores: Scores
    ) -> list[tuple[FoundEntity, ...]]:
        found: list[tuple[FoundEntity, ...]] = [()] * len(texts)
        if scores.tags is not None and self._field is not None:
            tags, sure = self._field.decode(scores.tags, scores.lengths)
            for at in np.flatnonzero(tags.any(axis=1)).tolist():
                found[at] = tuple(self._entities(texts[at], tags[at], sure[at]))
        return found

    def _entities(self, text: Text, tags: Ints, sure: Floats) -> Iterator[FoundEntity]:
        for first, behind, label in self._labels.decode(tags[: len(text)].tolist()):
            for start, end in self._pieces(text, first, behind, label.entity):
                place = text.tokens[start].start, text.tokens[end - 1].end
                raw = text.text[slice(*place)]
                value = self._values.get(raw.lower(), raw)
                yield FoundEntity(
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
