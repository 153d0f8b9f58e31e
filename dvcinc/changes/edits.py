"""Which removed example lives on in which added one: pairs of texts that are near.

Texts are compared without case, punctuation and symbols. Near are two that are then
equal, or one typo apart (a letter added, lost or replaced, or two neighbours swapped;
from three letters on), or whose words share enough pairs of letters: the Dice
coefficient of the sets of character bigrams, each word with its two ends, is at
least `THRESHOLD`.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

# Of "book a table for two" and "a table for three please" 0.6 is about the middle
# between "the same, said otherwise" and "another example".
THRESHOLD = 0.6
# Above, only texts that are equal but for case and punctuation are paired.
MOST_COMPARISONS = 200 * 200
MOST_CHARACTERS = 1 << 24
"""Of all comparisons, as long texts take longer: 200 by 200 texts of 200 each."""
# A typo says nothing of two words that are as short as "no" and "go".
SHORTEST_TYPO = 3
# Punctuation, symbols and control characters.
_PASSED_OVER = frozenset("PSC")


class _Text(NamedTuple):
    """A folded text with its bigrams as the bits of a number, and their count."""

    folded: str
    bigrams: int
    pairs: int


def near(old: str, new: str) -> bool:
    """Whether one text may be the other after an edit."""
    (one, other) = _indexed([_folded(old), _folded(new)])
    return any(True for _ in _nearness(one, [other]))


def edits(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of positions: a text that went, and the one that it became.

    Each text has at most one partner; the nearest pairs come first, then the order
    of the texts decides.

    Args:
        old: The texts that went, in order.
        new: The texts that came, in order.
    """
    before, after = [*map(_folded, old)], [*map(_folded, new)]
    equal = [*_equal(before, after)]
    yield from equal
    left = _without(range(len(old)), {i for i, _ in equal})
    right = _without(range(len(new)), {j for _, j in equal})
    gone, come = [before[i] for i in left], [after[j] for j in right]
    if _is_feasible(gone, come):
        found = _near(gone, come)
        yield from ((left[i], right[j]) for i, j in found)


def _is_feasible(old: Sequence[str], new: Sequence[str]) -> bool:
    compared = len(old) * sum(map(len, new)) + len(new) * sum(map(len, old))
    return len(old) * len(new) <= MOST_COMPARISONS and compared <= MOST_CHARACTERS


def _folded(text: str) -> str:
    kept = "".join(
        " " if unicodedata.category(c)[0] in _PASSED_OVER else c
        for c in unicodedata.normalize("NFKC", text).casefold()
    )
    # Of a text without a letter, what there is has to tell it apart.
    return " ".join(kept.split()) or text


def _without(numbers: range, taken: set[int]) -> list[int]:
    return [number for number in numbers if number not in taken]


def _equal(old: list[str], new: list[str]) -> Iterator[tuple[int, int]]:
    places: Mapping[str, list[int]] = defaultdict(list)
    for j in reversed(range(len(new))):
        places[new[j]].append(j)
    for i, text in enumerate(old):
        if places.get(text):
            yield i, places[text].pop()


def _near(old: list[str], new: list[str]) -> Iterator[tuple[int, int]]:
    texts = _indexed([*old, *new])
    before, after = texts[: len(old)], texts[len(old) :]
    found = [
        (-nearness, i, j)
        for i, text in enumerate(before)
        for j, nearness in _nearness(text, after)
    ]
    lefts: set[int] = set()
    rights: set[int] = set()
    for _, i, j in sorted(found):
        if i not in lefts and j not in rights:
            lefts.add(i)
            rights.add(j)
            yield i, j


def _indexed(folded: Sequence[str]) -> list[_Text]:
    bits: dict[str, int] = {}
    texts = []
    for text in folded:
        bigrams = 0
        for word in text.split():
            for pair in pairwise(f" {word} "):
                bigrams |= 1 << bits.setdefault("".join(pair), len(bits))
        texts.append(_Text(text, bigrams, bigrams.bit_count()))
    return texts


def _nearness(text: _Text, others: Sequence[_Text]) -> Iterator[tuple[int, float]]:
    """The texts that are near, and how near: from 0 to 1.

    This runs for each pair, so that nothing is called that need not be.
    """
    folded, bigrams, count = text
    size, first, last = len(folded), folded[:1], folded[-1:]
    for j, (other, its, many) in enumerate(others):
        dice = 2 * (bigrams & its).bit_count() / (count + many or 1)
        if dice >= THRESHOLD or (
            -1 <= size - len(other) <= 1
            and (other[:1] == first or other[-1:] == last)
            and _is_typo(folded, other)
        ):
            yield j, dice


def _is_typo(a: str, b: str) -> bool:
    if max(len(a), len(b)) < SHORTEST_TYPO:
        return False
    start = _common(a, b)
    end = _common(a[start:][::-1], b[start:][::-1])
    first, second = a[start : len(a) - end], b[start : len(b) - end]
    return max(len(first), len(second)) <= 1 or (
        len(first) == len(second) == len("ab") and first == second[::-1]
    )


def _common(a: str, b: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((i for i, (x, y) in pairs if x != y), min(len(a), len(b)))
