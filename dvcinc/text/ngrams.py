"""The n-grams of a token, as Rasa's `CountVectorsFeaturizer` counts them.

In: one token's text; out: its n-grams with repeats. Features belong to the token alone,
so they are worked out once for each distinct token.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from dvcinc.text.settings import Accents, Analyzer, CountSettings, TokenizerSettings
from dvcinc.text.tokenizer import Tokenizer

# Rasa: tokens of digits alone are one feature; scikit-learn: words are runs of \w.
NUMBER = re.compile(r"\b[0-9]+\b")
NUMBER_WORD = "__NUMBER__"
WORDS = re.compile(r"\b\w+\b")


class Counter:
    """Counts the n-grams of tokens by one featurizer's settings."""

    def __init__(self, settings: CountSettings) -> None:
        self.settings = settings
        self._analyze = _ANALYZERS[settings.analyzer]

    def ngrams(self, token: str) -> list[str]:
        """All n-grams of a token, repeats included, before any vocabulary."""
        return self._analyze(self._normal(token), self.settings)

    def _normal(self, token: str) -> str:
        text = NUMBER.sub(NUMBER_WORD, token)
        if self.settings.lowercase:
            text = text.lower()
        return _ACCENTS[self.settings.strip_accents](text)


def vocabulary(
    texts: Iterable[str],
    settings: CountSettings,
    tokenizer: TokenizerSettings | None = None,
) -> frozenset[str]:
    """All n-grams of some texts, for counting how many of them are new."""
    cut = Tokenizer(tokenizer or TokenizerSettings())
    counter = Counter(settings)
    tokens = {token.text for text in texts for token in cut.tokens(text)}
    return frozenset(ngram for token in tokens for ngram in counter.ngrams(token))


def _words(text: str, settings: CountSettings) -> list[str]:
    """Word n-grams; words that the training data calls unknown are one word."""
    words = [word for word in WORDS.findall(text) if word not in settings.stop_words]
    oov = settings.oov_token
    if oov is not None:
        words = [oov if word in settings.oov_words else word for word in words]
    return _runs(words, settings, " ".join)


def _chars(text: str, settings: CountSettings) -> list[str]:
    return _runs(text, settings, str)


def _runs(
    items: Sequence[str], settings: CountSettings, join: Callable[[Sequence[str]], str]
) -> list[str]:
    return [
        join(items[start : start + size])
        for size in range(settings.min_ngram, settings.max_ngram + 1)
        for start in range(len(items) - size + 1)
    ]


def _chars_in_words(text: str, settings: CountSettings) -> list[str]:
    """scikit-learn's `char_wb`: each word between blanks, a short one counted once."""
    found: list[str] = []
    for word in text.split():
        padded = f" {word} "
        length = len(padded)
        for size in range(settings.min_ngram, settings.max_ngram + 1):
            if size >= length:
                found.append(padded)
                break
            found += [padded[at : at + size] for at in range(length - size + 1)]
    return found


def _fold(text: str) -> str:
    """Letters without their accents, by compatibility decomposition."""
    return "".join(
        char
        for char in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(char)
    )


def _to_ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


_ANALYZERS = {
    Analyzer.WORD: _words,
    Analyzer.CHAR: _chars,
    Analyzer.CHAR_WB: _chars_in_words,
}
_ACCENTS: dict[Accents, Callable[[str], str]] = {
    Accents.KEEP: str,
    Accents.ASCII: _to_ascii,
    Accents.UNICODE: _fold,
}
