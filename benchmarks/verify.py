"""How often `verify` cries wolf, and how often it finds a real loss: a simulation.

    python benchmarks/verify.py [--runs N] [--limit F] [--intents N] [--churn F]

Two models answer the tests of many intents. They differ by chance on some texts, half
of them each way; in the columns with a drop, one intent really loses as much F1 to an
intent that is not judged. The table stands in docs/verify.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from dvcinc.lineage.paired import Outcome
from dvcinc.lineage.verified import Fate, judged

SUPPORTS = (20, 40, 100, 400)
DROPS = (0.05, 0.1, 0.2, 0.3)
_KNOWN = 0.95
"""The share of texts that the base gets right."""
_ELSEWHERE = "touched"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is simulated.

    Attributes:
        intents: How many intents are judged at once.
        churn: The share of texts on which the models differ by chance.
        limit: `policy.max_f1_drop`.
        runs: How often each cell is drawn.
    """

    intents: int
    churn: float
    limit: float
    runs: int

    @property
    def names(self) -> list[str]:
        """The intents."""
        return [f"intent{number}" for number in range(self.intents)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Shares of runs, for one support.

    Attributes:
        support: Test texts of each intent.
        worse: Without any loss, some intent is called worse.
        alarm: Without any loss, some intent is a breach.
        found: By real drop of one intent: it is a breach.
    """

    support: int
    worse: float
    alarm: float
    found: tuple[float, ...]


def measured(world: World, supports: Sequence[int] = SUPPORTS) -> Iterator[Row]:
    """One row for each support."""
    for support in supports:
        random = Random(support)  # noqa: S311 - no secret
        quiet = [_fates(world, support, 0.0, random) for _ in range(world.runs)]
        alarms = [Fate.BREACH in fates.values() for fates in quiet]
        worse = [Fate.WORSE in f.values() or Fate.BREACH in f.values() for f in quiet]
        yield Row(
            support=support,
            worse=sum(worse) / world.runs,
            alarm=sum(alarms) / world.runs,
            found=tuple(_found(world, support, drop, random) for drop in DROPS),
        )


def _found(world: World, support: int, drop: float, random: Random) -> float:
    first = world.names[0]
    runs = (_fates(world, support, drop, random) for _ in range(world.runs))
    return sum(fates[first] is Fate.BREACH for fates in runs) / world.runs


def _fates(world: World, support: int, drop: float, random: Random) -> dict[str, Fate]:
    """What becomes of the intents, of which the first loses F1."""
    outcomes = list(_outcomes(world, support, drop, random))
    found = judged(outcomes, frozenset(world.names), world.limit)
    return {kept.name: kept.fate for kept in found}


def _outcomes(
    world: World, support: int, drop: float, random: Random
) -> Iterator[Outcome]:
    names = world.names
    # So many texts have to go elsewhere for F1 to fall from `_KNOWN` by `drop`.
    lost = 2 * drop / (2 - _KNOWN + drop)
    for name in names:
        gone = lost if name == names[0] else 0.0
        for _ in range(support):
            before = name if random.random() < _KNOWN else random.choice(names)
            after = before
            if random.random() < world.churn:
                other = random.choice(names)
                before, after = random.choice([(before, other), (other, before)])
            if gone and after == name and random.random() < gone / _KNOWN:
                after = _ELSEWHERE
            yield Outcome(name, before, after)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--limit", type=float, default=0.05)
    parser.add_argument("--intents", type=int, default=20)
    parser.add_argument("--churn", type=float, default=0.05)
    said = parser.parse_args()
    world = World(
        intents=said.intents, churn=said.churn, limit=said.limit, runs=said.runs
    )
    drops = " | ".join(f"loses {drop:g}" for drop in DROPS)
    print(f"| test texts an intent | called worse | breach | {drops} |")
    print("|---:|---:|---:|" + "---:|" * len(DROPS))
    for row in measured(world):
        shares = " | ".join(
            f"{share:.1%}" for share in (row.worse, row.alarm, *row.found)
        )
        print(f"| {row.support} | {shares} |", flush=True)


if __name__ == "__main__":
    main()
