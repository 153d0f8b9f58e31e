"""Whether a model is worse than another at single intents: an exact paired test.

Both have answered the same test texts. F1 of one intent hangs on its own texts and on
texts of others that are taken for it, so both kinds are swapped between the models:
Yeh (2000), "More accurate tests for the statistical significance of result
differences". All swaps are counted, none is drawn: nothing here is random.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

LEVEL = 0.05
"""How often, at most, any intent at all may be called worse when none is."""
MIN_SUPPORT = 5
"""With fewer test texts of an intent, chance alone may lose all of them: one in 16."""


class Outcome(NamedTuple):
    """One test text: its intent, and what each model has taken it for."""

    actual: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How the texts that matter to one intent came out under both models.

    Attributes:
        name: The intent.
        support: How many test texts it has.
        kept: Its texts that both models know.
        lost: Its texts that only the model before knows.
        won: Its texts that only the model after knows.
        false_kept: Texts of others that both take for it.
        false_lost: Texts of others that only the model before takes for it.
        false_won: Texts of others that only the model after takes for it.
    """

    name: str
    support: int
    kept: int = 0
    lost: int = 0
    won: int = 0
    false_kept: int = 0
    false_lost: int = 0
    false_won: int = 0

    @property
    def before(self) -> float:
        """F1 of the model before."""
        return float(self._f1(self.lost, self.false_lost))

    @property
    def after(self) -> float:
        """F1 of the model after."""
        return float(self._f1(self.won, self.false_won))

    @property
    def drop(self) -> float:
        """How much F1 is lost; below zero where some is won."""
        return float(self._drop(self.lost, self.false_lost))

    @property
    def p(self) -> float:
        """How likely a drop as large is if the models are alike: one-sided, exact."""
        return self._tail(self._drop(self.lost, self.false_lost))

    @property
    def least_p(self) -> float:
        """The smallest `p` that texts on which the models differ can give."""
        return self._tail(self._drop(self.lost + self.won, 0))

    def _f1(self, own: int, foreign: int) -> Fraction:
        """F1 with so many right and so many wrong texts beside those of both."""
        right = self.kept + own
        total = self.support + right + self.false_kept + foreign
        return Fraction(2 * right, total) if total else Fraction(0)

    def _drop(self, own: int, foreign: int) -> Fraction:
        """The drop if the model before has these texts, and the other the rest."""
        rest = self.lost + self.won - own
        foreign_rest = self.false_lost + self.false_won - foreign
        return self._f1(own, foreign) - self._f1(rest, foreign_rest)

    def _tail(self, drop: Fraction) -> float:
        """The share of all swaps with a drop at least as large.

        The drop rises with the intent's own texts and falls with foreign ones, so the
        least number of own ones that suffices only rises.
        """
        own, foreign = self.lost + self.won, self.false_lost + self.false_won
        # A row of Pascal's triangle reads the same from both ends.
        above = [*accumulate(_choices(own))][::-1]
        needed, found = 0, 0
        for false, ways in enumerate(_choices(foreign)):
            while needed <= own and self._drop(needed, false) < drop:
                needed += 1
            if needed > own:
                break
            found += ways * above[needed]
        return found / (1 << own + foreign)


def _choices(count: int) -> Iterator[int]:
    """In how many ways none, one, … all of so many can be chosen."""
    ways = 1
    for chosen in range(count + 1):
        yield ways
        ways = ways * (count - chosen) // (chosen + 1)


def tallies(outcomes: Iterable[Outcome]) -> Mapping[str, Tally]:
    """The tally of each intent that the texts have or a model has said, by name."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for actual, before, after in outcomes:
        counts[actual]["support"] += 1
        for name in {before, after} - {""}:
            which = "lost" if name != after else "won" if name != before else "kept"
            counts[name][which if name == actual else f"false_{which}"] += 1
    return {
        name: Tally(
            name=name,
            support=found["support"],
            kept=found["kept"],
            lost=found["lost"],
            won=found["won"],
            false_kept=found["false_kept"],
            false_lost=found["false_lost"],
            false_won=found["false_won"],
        )
        for name, found in sorted(counts.items())
    }


def adjusted(found: Sequence[Tally], level: float = LEVEL) -> Mapping[str, float]:
    """`p` of each intent, corrected for how many are tested at once.

    Holm's correction over those intents whose differing texts could give a `p` that is
    small enough (Tarone, 1990): which these are does not hang on the side that won, so
    leaving out the others costs nothing. Whatever depends on each other may.

    Args:
        found: The intents that are judged.
        level: How often any of them may be called worse when none is.

    Returns:
        By name; below `level` where an intent is worse.
    """
    able = _able(found, level)
    result = dict.fromkeys((tally.name for tally in found), 1.0)
    highest = 0.0
    for rank, (p, name) in enumerate(sorted((tally.p, tally.name) for tally in able)):
        highest = max(highest, min(1.0, p * (len(able) - rank)))
        result[name] = highest
    return result


def _able(found: Sequence[Tally], level: float) -> list[Tally]:
    """Those that could be called worse beside each other."""
    ranked = sorted(found, key=lambda tally: (tally.least_p, tally.name))
    most = sum(tally.least_p <= level for tally in ranked)
    for size in range(1, most + 1):
        able = [tally for tally in ranked if tally.least_p <= level / size]
        if len(able) <= size:
            return able
    return []
