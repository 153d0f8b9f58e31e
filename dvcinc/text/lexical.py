"""Rasa's `LexicalSyntacticFeaturizer`: how tokens look, each within its neighbours.

In: the tokens of a text; out: for each token the names of its features, such as
`1:low:True` (place in the window, feature, value). What a token looks like by itself,
its *look*, is worked out once for each distinct token; a token's features hang on the
looks around it and on how near the text's ends are.
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

Looks = tuple[int, ...]
"""The number of each token's look; all that the features of a text hang on."""


class LexicalReader:
    """Reads the features that a window of settings asks for."""

    def __init__(self, settings: LexicalSettings) -> None:
        self._window = settings.features
        # Rasa looks one more token back where the window has no middle.
        self._back = len(settings.features) // 2
        self._looks = _Looks(settings)
        self._around: dict[Looks, tuple[str, ...]] = {}

    @property
    def size(self) -> int:
        """How many features a token has that stands within a long text."""
        return sum(len(names) for names in self._window)

    def features(self, tokens: Sequence[str]) -> list[tuple[str, ...]]:
        """The features of each token."""
        return self.features_of(self.looks(tokens))

    def looks(self, tokens: Sequence[str]) -> Looks:
        """The look of each token."""
        return tuple(map(self._looks.__getitem__, tokens))

    def features_of(self, looks: Looks) -> list[tuple[str, ...]]:
        """The features of each token of a text, by their looks."""
        return [self._at(looks, at) for at in range(len(looks))]

    def _at(self, looks: Looks, at: int) -> tuple[str, ...]:
        first = at - self._back
        behind = first + len(self._window)
        # As many tokens before and behind as tell whether they are the text's ends.
        seen = looks[max(first, 0) : behind]
        key = (min(first, 1), min(len(looks) - behind, 1), *seen)
        found = self._around.get(key)
        if found is None:
            found = self._around[key] = self._read(looks, first)
        return found

    def _read(self, looks: Looks, first: int) -> tuple[str, ...]:
        found: tuple[str, ...] = ()
        for place in range(len(self._window)):
            seen = first + place
            if 0 <= seen < len(looks):
                found += self._looks.names[looks[seen]][place]
                found += self._edges(place, seen, len(looks))
        return found

    def _edges(self, place: int, seen: int, length: int) -> tuple[str, ...]:
        facts = {"BOS": seen == 0, "EOS": seen == length - 1}
        return tuple(
            f"{place}:{name}:{facts[name]}"
            for name in self._window[place]
            if name in facts
        )


class _Looks(dict[str, int]):
    """The number of each token's look, worked out when the token is first met.

    Tokens that look the same at each place of the window have the same number; `names`
    holds what each look is called at each place.
    """

    def __init__(self, settings: LexicalSettings) -> None:
        super().__init__()
        self._window = settings.features
        self._numbers: dict[tuple[tuple[str, ...], ...], int] = {}
        self.names: list[tuple[tuple[str, ...], ...]] = []

    def __missing__(self, token: str) -> int:
        look = tuple(
            tuple(
                f"{place}:{name}:{_READERS[name](token)}"
                for name in names
                if name in _READERS
            )
            for place, names in enumerate(self._window)
        )
        number = self._numbers.setdefault(look, len(self.names))
        if number == len(self.names):
            self.names.append(look)
        self[token] = number
        return number
