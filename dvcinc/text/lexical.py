"""Rasa's `LexicalSyntacticFeaturizer`: how tokens look, each within its neighbours.

In: the tokens of a text; out: for each token the names of its features, such as
`1:low:True` (place in the window, feature, value).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dvcinc.text.settings import LexicalSettings

_READERS: Mapping[str, Callable[[str], str]] = {
    "digit": lambda token: str(token.isdigit()),
    "low": lambda token: str(token.islower()),
    "prefix2": lambda token: token[:2],
    "prefix5": lambda token: token[:5],
    "suffix1": lambda token: token[-1:],
    "suffix2": lambda token: token[-2:],
    "suffix3": lambda token: token[-3:],
    "suffix5": lambda token: token[-5:],
    "title": lambda token: str(token.istitle()),
    "upper": lambda token: str(token.isupper()),
}


class LexicalReader:
    """Reads the features that a window of settings asks for, cached by token."""

    def __init__(self, settings: LexicalSettings) -> None:
        self._window = settings.features
        # Rasa looks one more token back where the window has no middle.
        self._back = len(settings.features) // 2
        self._cache: dict[tuple[int, str], tuple[str, ...]] = {}

    @property
    def size(self) -> int:
        """How many features a token has that stands within a long text."""
        return sum(len(names) for names in self._window)

    def features(self, tokens: Sequence[str]) -> list[tuple[str, ...]]:
        """The features of each token."""
        return [self._around(tokens, at) for at in range(len(tokens))]

    def _around(self, tokens: Sequence[str], at: int) -> tuple[str, ...]:
        found: tuple[str, ...] = ()
        for place in range(len(self._window)):
            seen = at + place - self._back
            if 0 <= seen < len(tokens):
                found += self._looks(place, tokens[seen])
                found += self._edges(place, seen, len(tokens))
        return found

    def _looks(self, place: int, token: str) -> tuple[str, ...]:
        key = (place, token)
        found = self._cache.get(key)
        if found is None:
            found = tuple(
                f"{place}:{name}:{_READERS[name](token)}"
                for name in self._window[place]
                if name in _READERS
            )
            self._cache[key] = found
        return found

    def _edges(self, place: int, seen: int, length: int) -> tuple[str, ...]:
        facts = {"BOS": seen == 0, "EOS": seen == length - 1}
        return tuple(
            f"{place}:{name}:{facts[name]}"
            for name in self._window[place]
            if name in facts
        )
