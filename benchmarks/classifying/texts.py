"""A seed to lines of training data that are shaped like people's: Zipf's words.

Nothing here is copied from a bot: words are made of syllables. What counts is that
texts share words as real ones do, that a quarter holds an entity, and that intents are
of uneven size.
"""

from __future__ import annotations

import random
from itertools import product

SEED = 20_241
# Of all words in running text, Zipf's law gives so many to each rank.
VOCABULARY, POOL = 30_000, 1 << 18
SHORTEST, LONGEST = 3, 12
_ONSETS = ("b", "br", "d", "f", "g", "k", "l", "m", "n", "p", "s", "st", "t", "v")
_VOWELS = ("a", "e", "i", "o", "u", "ea", "ou")
# fmt: off
_COMMON = (
    "the", "i", "to", "my", "a", "is", "you", "can", "what", "in", "for", "on", "it",
    "do", "of", "please", "me", "and", "how", "have", "want", "need",
)
_VERBS = (
    "ask", "book", "cancel", "change", "check", "close", "confirm", "find", "get",
    "give", "move", "open", "pay", "renew", "report", "request", "send", "stop",
    "track", "update",
)
_NOUNS = (
    "account", "address", "balance", "bill", "booking", "card", "claim", "delivery",
    "flight", "hours", "invoice", "loan", "menu", "order", "password", "refund",
    "room", "seat", "ticket", "trip",
)
# fmt: on
CITIES = 400
# How often an example holds what kind of annotation; three of four hold none.
_KINDS = ("",) * 12 + ("plain", "plain", "role", "value")


class Speech:
    """An endless source of examples; the same seed says the same.

    Attributes:
        cities: Entity values, for a lookup table.
    """

    def __init__(self, seed: int = SEED) -> None:
        self._random = random.Random(seed)  # noqa: S311 - no secret
        words = self._words(VOCABULARY)
        self.cities = [f"{word.title()} City" for word in words[-CITIES:]]
        weights = [1 / rank for rank in range(1, len(words) + 1)]
        # Drawn once, so that a word of a text costs no search in the weights.
        self._pool = self._random.choices(words, weights, k=POOL)
        self._mentions = [self._mention() for _ in range(POOL // 16)]
        self._own: dict[str, list[str]] = {}
        self._rare = words[len(words) // 2 :]
        self._said: set[str] = set()

    def lines(self, intent: str, count: int) -> list[str]:
        """So many examples of an intent, with markup; none was said before."""
        found: list[str] = []
        while len(found) < count:
            drawn = self._draw(intent, count - len(found))
            new = [line for line in dict.fromkeys(drawn) if line not in self._said]
            self._said.update(new)
            found += new
        return found

    def _draw(self, intent: str, count: int) -> list[str]:
        choices = self._random.choices
        if intent not in self._own:
            self._own[intent] = choices(self._rare, k=8)
        lengths = choices(range(SHORTEST, LONGEST + 1), k=count)
        words = choices(self._pool, k=sum(lengths))
        telling = choices(self._own[intent], k=count)
        mentions = choices(self._mentions, k=count)
        lines: list[str] = []
        at = 0
        for length, own, mention in zip(lengths, telling, mentions, strict=True):
            said = words[at : at + length]
            at += length
            said[length // 2] = own
            if mention:
                said[at % length] = mention
            lines.append(" ".join(said))
        return lines

    def _words(self, count: int) -> list[str]:
        syllables = [onset + vowel for onset, vowel in product(_ONSETS, _VOWELS)]
        made = dict.fromkeys(_COMMON)
        while len(made) < count:
            length = 1 + (len(made) > len(syllables)) + self._random.randrange(2)
            made["".join(self._random.choices(syllables, k=length))] = None
        return [*made]

    def _mention(self) -> str:
        city = self._random.choice(self.cities)
        kind = self._random.choice(_KINDS)
        if kind == "plain":
            return f"[{city}](city)"
        if kind == "role":
            role = self._random.choice(("from", "to"))
            return f'[{city}]{{"entity": "city", "role": "{role}"}}'
        if kind == "value":
            return f'[{city.lower()}]{{"entity": "city", "value": "{city}"}}'
        return ""


def intent_names(count: int) -> list[str]:
    """Names of intents, every tenth with response keys of a retrieval intent."""
    names = [f"{verb}_{noun}" for noun, verb in product(_NOUNS, _VERBS)]
    return [
        f"faq/{name}" if number % 10 == 9 else name  # noqa: PLR2004 - every tenth
        for number, name in enumerate(names[:count])
    ]
