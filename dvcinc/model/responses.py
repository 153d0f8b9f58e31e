"""Which response a text asks for: label logits in, Rasa's `response_selector` out.

There is no second network: the keys of a retrieval intent are labels of the classifier,
and a selector's ranking is their softmax among themselves, whatever the text's intent.
Texts of answers are looked up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from dvcinc.corpus.pipeline import Json
from dvcinc.corpus.selectors import SelectorSettings, base_intent
from dvcinc.corpus.values import Response
from dvcinc.errors import InputError
from dvcinc.model.chances import softmax
from dvcinc.model.labels import Labels, is_key
from dvcinc.model.result import ChosenResponse, RankedKey, ResponseSelection
from dvcinc.model.units import Floats, Places


class Responder:
    """The selectors of one model.

    Args:
        labels: What the model tells apart.
        settings: How each selector answers; one that is not named answers as Rasa's
            defaults say.
        responses: The answers by their keys.

    Raises:
        InputError: An answer is no JSON.
    """

    def __init__(
        self,
        labels: Labels,
        settings: Iterable[SelectorSettings],
        responses: Iterable[Response],
    ) -> None:
        said = {chosen.retrieval_intent: chosen for chosen in settings}
        self._selectors = [
            _Selector(labels, said.get(name, SelectorSettings(retrieval_intent=name)))
            for name in labels.selectors
        ]
        answers: dict[str, list[Json]] = {}
        for response in responses if self._selectors else ():
            answers.setdefault(response.key, []).append(_read(response))
        self._answers: Mapping[str, list[Json]] = answers
        known = [*filter(is_key, labels.intents), *answers]
        self._retrieval_intents = tuple(sorted({base_intent(key) for key in known}))

    def choose(self, logits: Floats) -> list[ResponseSelection | None]:
        """The choices for some texts, from their labels' logits [B, labels]."""
        if not self._selectors:
            return [None] * len(logits)
        by_selector = [selector.rank(logits) for selector in self._selectors]
        return [self._selection(ranks) for ranks in zip(*by_selector, strict=True)]

    def nothing(self) -> ResponseSelection | None:
        """The choice for a text that says nothing."""
        if not self._selectors:
            return None
        return self._selection([()] * len(self._selectors))

    def _selection(self, ranks: Sequence[tuple[RankedKey, ...]]) -> ResponseSelection:
        return ResponseSelection(
            retrieval_intents=self._retrieval_intents,
            chosen={
                selector.name: ChosenResponse(
                    responses=self._responses(ranking[0].key) if ranking else None,
                    ranking=ranking,
                )
                for selector, ranking in zip(self._selectors, ranks, strict=True)
            },
        )

    def _responses(self, key: str) -> tuple[Json, ...]:
        # Rasa: a key without an answer is its own.
        return tuple(self._answers.get(key) or [{"text": key}])


class _Selector:
    """One selector: its keys, and how many of them it tells of."""

    def __init__(self, labels: Labels, settings: SelectorSettings) -> None:
        self.name = settings.name
        self._settings = settings
        self._places: Places = np.array(labels.keys(settings.retrieval_intent), np.intp)
        self._keys = [labels.intents[place] for place in self._places.tolist()]

    def rank(self, logits: Floats) -> list[tuple[RankedKey, ...]]:
        """The likeliest keys of each text, in order."""
        if not self._keys:
            return [()] * len(logits)
        chances = softmax(logits[:, self._places])
        length = self._settings.ranking_length or len(self._keys)
        order = np.argsort(-chances, axis=1, kind="stable")[:, :length]
        top = np.take_along_axis(chances, order, axis=1)
        if self._settings.renormalize_confidences:
            top = top / top.sum(axis=1, keepdims=True)
        return [
            tuple(map(RankedKey, map(self._keys.__getitem__, places), sure))
            for places, sure in zip(order.tolist(), top.tolist(), strict=True)
        ]


def _read(response: Response) -> Json:
    try:
        found: Json = json.loads(response.body)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"the answer of {response.key!r} is no JSON: {error}",
            "package the model again with dvc repro",
        ) from error
    return found
