"""Numbers of two ways of training, over seeds, to what can be said of them.

The noise is what another seed does to training from scratch: to the models of the
corpus, and to the bases. Fine-tuning is within it if, beyond reasonable doubt, its mean
lies no further below than two trainings from scratch often lie apart.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import product
from statistics import fmean, variance

LEVEL = 0.05
"""How often a claim may be wrong."""
FEWEST_SEEDS = 3
"""Two values have a spread, but one that says next to nothing."""
APART = 1.96 * math.sqrt(2)
"""In 95 of 100 pairs, two values of the same noise are no more standard deviations
apart: the repeatability limit of ISO 5725."""
_ROUNDING = 1e-12


class Verdict(Enum):
    """What can be said; the value is the word for it in JSON and docs."""

    WITHIN = "within noise"
    WORSE = "worse"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One number of both ways.

    Attributes:
        name: What was measured; more of it is better.
        tuned: Its value after fine-tuning, seed by seed.
        scratch: Its value from scratch likewise.
        base: Its value of the bases that fine-tuning went on from.
        items: Of how many test examples or entities it is: what one of them does is no
            difference.
    """

    name: str
    tuned: tuple[float, ...]
    scratch: tuple[float, ...]
    base: tuple[float, ...]
    items: int

    @property
    def difference(self) -> float:
        """How much better fine-tuning is, on average."""
        return fmean(self.tuned) - fmean(self.scratch)

    @property
    def noise(self) -> float:
        """The standard deviation from seed to seed, of at least two.

        What fine-tuning does is left out: were it erratic, it would excuse itself. A
        base that knows no entity or answer yet has no number.
        """
        known = [values for values in (self.scratch, self.base) if len(values) > 1]
        return math.sqrt(fmean(map(variance, known)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A measure, and what can be said of it.

    Attributes:
        measure: The numbers.
        low: The difference is above this, with 95 % confidence; `None` below two seeds.
        high: It is below this, likewise.
        margin: What two trainings from scratch may lie apart; `None` likewise.
        chance: How likely so low a mean would be if both ways were equally good.
        verdict: What follows.
    """

    measure: Measure
    low: float | None
    high: float | None
    margin: float | None
    chance: float | None
    verdict: Verdict


def judged(measures: Sequence[Measure]) -> tuple[Judged, ...]:
    """What can be said of each measure.

    «Within noise» is one-sided non-inferiority: the lower end of Welch's interval lies
    above minus the margin. «Worse» is a mean that lies below it, and lower than from
    scratch by Welch's one-sided test, corrected by Holm over the measures.

    Args:
        measures: The numbers, of as many seeds each.
    """
    unsure = [_unsure(measure) for measure in measures]
    told = {m.measure.name: m.chance for m in unsure if m.chance is not None}
    worse = holm(told)
    return tuple(_concluded(one, is_worse=one.measure.name in worse) for one in unsure)


def overall(found: Sequence[Judged]) -> Verdict:
    """One verdict for all: the worst; «within noise» must hold for each."""
    verdicts = {one.verdict for one in found}
    if Verdict.WORSE in verdicts:
        return Verdict.WORSE
    return Verdict.WITHIN if verdicts == {Verdict.WITHIN} else Verdict.CANNOT_TELL


def holm(chances: Mapping[str, float]) -> frozenset[str]:
    """Whose chance is too small, that one of them is wrong in at most 5 % (Holm, 1979).

    Args:
        chances: p-values by name.
    """
    found = set()
    ordered = sorted(chances, key=lambda name: (chances[name], name))
    for rank, name in enumerate(ordered):
        if chances[name] * (len(ordered) - rank) > LEVEL:
            break
        found.add(name)
    return frozenset(found)


def sign_flips(gains: Sequence[int]) -> float:
    """How likely a sum as low as that of the gains is, if each were as likely a loss.

    The exact permutation test for pairs (Fisher, 1935), one-sided: over all ways to
    give each difference its sign.

    Args:
        gains: For each text by how many models more one side is right.
    """
    sums = {0: 1.0}
    for size, count in Counter(map(abs, filter(None, gains))).items():
        # All of one size at once: heads of so many coins.
        ways = [
            (size * (2 * heads - count), math.comb(count, heads) / (1 << count))
            for heads in range(count + 1)
        ]
        step: dict[int, float] = defaultdict(float)
        for (total, share), (moved, chance) in product(sums.items(), ways):
            step[total + moved] += share * chance
        sums = step
    # Sums of shares may be off in the last bits.
    low = math.fsum(share for total, share in sums.items() if total <= sum(gains))
    return min(low, 1.0)


def _unsure(measure: Measure) -> Judged:
    if min(len(measure.tuned), len(measure.scratch)) < 2:  # noqa: PLR2004 - no spread
        return Judged(
            measure=measure,
            low=None,
            high=None,
            margin=None,
            chance=None,
            verdict=Verdict.CANNOT_TELL,
        )
    margin = max(APART * measure.noise, 1 / max(measure.items, 1))
    half, chance = _welch(measure)
    return Judged(
        measure=measure,
        low=measure.difference - half,
        high=measure.difference + half,
        margin=margin,
        chance=chance,
        verdict=Verdict.CANNOT_TELL,
    )


def _concluded(one: Judged, *, is_worse: bool) -> Judged:
    verdict = Verdict.CANNOT_TELL
    if min(len(one.measure.tuned), len(one.measure.scratch)) >= FEWEST_SEEDS:
        if _is_above(one.low, one.margin):
            verdict = Verdict.WITHIN
        elif is_worse and not _is_above(one.measure.difference, one.margin):
            verdict = Verdict.WORSE
    return replace(one, verdict=verdict)


def _is_above(difference: float | None, margin: float | None) -> bool:
    """Whether a difference is known, and no larger loss than the noise."""
    if difference is None or margin is None:
        return False
    return difference >= -margin - _ROUNDING


def _welch(measure: Measure) -> tuple[float, float]:
    """Half of the 90 % interval of the difference, and the chance of one so low."""
    # Takes a while to import; who only reads what others measured does without.
    from scipy.special import stdtr, stdtrit  # noqa: PLC0415

    shares = [variance(side) / len(side) for side in (measure.tuned, measure.scratch)]
    error = math.sqrt(sum(shares))
    if error <= _ROUNDING:
        return 0.0, float(measure.difference >= -_ROUNDING)
    sizes = (len(measure.tuned), len(measure.scratch))
    freedom = sum(shares) ** 2 / sum(
        share**2 / (size - 1) for share, size in zip(shares, sizes, strict=True)
    )
    half = float(stdtrit(freedom, 1 - LEVEL)) * error
    return half, float(stdtr(freedom, measure.difference / error))
