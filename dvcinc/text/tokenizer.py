"""Rasa 3.6's `WhitespaceTokenizer`: a text in, tokens with their places out.

Rasa cuts with the third-party `regex`, whose word characters are Unicode's (a combining
vowel is one, a superscript is none) and not those of `re`. Here each character is first
mapped to an ASCII one of its class, so that `re` cuts at the same places.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple, Protocol

from dvcinc.text.settings import TokenizerSettings

# Stand-ins for the classes that the cut tells apart beyond ASCII.
WORD, SPACE, OTHER = "a", " ", '"'
JOINERS = frozenset("\u200c\u200d")
# Letters of Unicode's Other_Alphabetic that `str.isalnum` does not know: circled,
# squared and negative ones.
LETTER_SYMBOLS = (
    range(0x24B6, 0x24EA),
    range(0x1F130, 0x1F14A),
    range(0x1F150, 0x1F16A),
    range(0x1F170, 0x1F18A),
)
MARKS = frozenset({"Mn", "Mc", "Me", "Pc"})

# Three cuts of Rasa's: punctuation at the end of a word; punctuation at the start of a
# word, unless a digit follows; and punctuation within, unless it stands between digits
# or may be part of an address, a mail address or a mention.
# Where the first one fails, it fails for the rest of the punctuation too; to try it
# there again would take quadratic time.
CUTS = re.compile(
    r"(?<![^\w#@&\s])[^\w#@&]+(?=\s|$)"
    r"|(\s|^)[^\w#@&]+(?=[^0-9\s])"
    r"|(?<=[^0-9\s])[^\w._~:/?#\[\]()@!$&*+,;=-]+(?=[^0-9\s])",
    re.ASCII,
)

# Rasa's own ranges. They take in all of CJK and Hangul too, and so does Rasa.
EMOJI = re.compile(
    "["
    "\U0001f600-\U0001f64f"
    "\U0001f300-\U0001f5ff"
    "\U0001f680-\U0001f6ff"
    "\U0001f1e0-\U0001f1ff"
    "\U00002702-\U000027b0"
    "\U000024c2-\U0001f251"
    "\u200d\u200c"
    "]+"
)


class Token(NamedTuple):
    """A token: its text, and where it starts and ends in the text, in characters."""

    text: str
    start: int
    end: int


class _Classes(dict[int, str]):
    """For `str.translate`: each character's stand-in, worked out when first met."""

    def __missing__(self, code: int) -> str:
        stand_in = self[code] = _stand_in(chr(code))
        return stand_in


def _stand_in(char: str) -> str:
    if char.isascii():
        # The four separators \x1c-\x1f are blanks to `re` but not to Unicode.
        return OTHER if "\x1c" <= char <= "\x1f" else char
    if char.isspace():
        return SPACE
    category = unicodedata.category(char)
    alphabetic = char.isalnum() and category != "No"
    if alphabetic or category in MARKS or char in JOINERS:
        return WORD
    return WORD if any(ord(char) in symbols for symbols in LETTER_SYMBOLS) else OTHER


_CLASSES = _Classes()


class _Finder(Protocol):
    """A regular expression, as far as it is asked here."""

    def findall(self, text: str, /) -> list[str]:
        """The texts that match."""


class Tokenizer:
    """Cuts texts into tokens as Rasa 3.6's `WhitespaceTokenizer` does.

    A word that is all emoji is dropped; a text of which nothing is left is one token.
    """

    def __init__(self, settings: TokenizerSettings) -> None:
        self._pattern = _compiled(settings.token_pattern)

    def tokens(self, text: str) -> list[Token]:
        """The tokens of a text, in order; none for an empty text."""
        found = _locate(_words(text) or [text], text, 0) if text else []
        if self._pattern is None:
            return found
        return [part for token in found for part in self._parts(token, self._pattern)]

    def words(self, text: str) -> list[str]:
        """The texts of the tokens, where their places do not matter."""
        if self._pattern is not None or not text:
            return [token.text for token in self.tokens(text)]
        return _words(text) or [text]

    @staticmethod
    def _parts(token: Token, pattern: _Finder) -> list[Token]:
        words = [match for match in pattern.findall(token.text) if match]
        try:
            return _locate(words, token.text, token.start) if words else [token]
        except ValueError:  # a look-ahead finds what overlaps; Rasa fails there
            return [token]


def _compiled(pattern: str | None) -> _Finder | None:
    if pattern is None:
        return None
    # Few write one; the others need not wait for what makes it safe.
    from dvcinc.text.regexes import compile_regex  # noqa: PLC0415

    return compile_regex(pattern, "token_pattern")


def split_intent(intent: str, settings: TokenizerSettings) -> list[str]:
    """The parts of an intent's name that have a label row each."""
    if not settings.intent_tokenization:
        return [intent]
    return intent.split(settings.intent_split_symbol or None)


def _words(text: str) -> list[str]:
    if text.isascii() and text.isprintable():
        # Most texts: each character is its own stand-in, and none is an emoji.
        return CUTS.sub(" ", text).split()
    kept: list[str] = []
    end = 0
    for cut in CUTS.finditer(text.translate(_CLASSES)):
        kept.append(text[end : cut.start()])
        end = cut.end()
    kept.append(text[end:])
    return [word for word in " ".join(kept).split() if not EMOJI.fullmatch(word)]


def _locate(words: list[str], text: str, offset: int) -> list[Token]:
    """The words with their places, each looked for after the one before it."""
    tokens = []
    find = text.index
    end = 0
    for word in words:
        start = find(word, end)
        end = start + len(word)
        tokens.append(Token(word, offset + start, offset + end))
    return tokens
