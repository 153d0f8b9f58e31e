"""A repository to figures: each command in turn, so that other load hits all alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from statistics import median

from classifying.bot import Size
from classifying.figures import GIB, Command, Figure, Target
from classifying.processes import BARE, DVCINC, Run, run
from classifying.repository import Repository

# What is wanted: of a keystroke at 10,000 examples, and of the largest repository.
KEYSTROKE, KEYSTROKE_EXAMPLES = 0.25, 10_000
LARGE = Size(1_000_000, 1_000)
LARGE_TIMES = 2
COLD, COLD_PEAK = 60.0, 2 * GIB
LOG, LOG_COMMITS = 10.0, 500
_DIFF = ("git", "diff", "--cached", "--stat")
_STAGED = (*DVCINC, "classify", "--staged")
_PAIR = (*DVCINC, "classify", "HEAD~1", "HEAD")


@dataclass(slots=True)
class Turns:
    """Measures commands turn by turn, and leaves those that have taken too long.

    Attributes:
        repository: Where.
        patience: A command that has taken so many seconds in all is not run again.
        found: The runs of each command.
    """

    repository: Repository
    patience: float
    found: dict[Enum, list[Run]] = field(default_factory=dict)

    def take(self, command: Enum, *program: str) -> None:
        """Runs a command once more."""
        known = self.found.setdefault(command, [])
        if sum(one.seconds for one in known) <= self.patience:
            known.append(run(self.repository.path, program))

    def figures(self, targets: Mapping[Enum, Target]) -> Iterator[Figure]:
        """All that was measured."""
        floors = {
            command: median(one.seconds for one in self.found[command])
            for command in (Command.BARE, Command.GIT)
        }
        for command, runs in self.found.items():
            yield Figure(
                repository=self.repository.title,
                kind=self.repository.kind.value,
                command=command,
                runs=runs,
                bare=floors[Command.BARE],
                git=floors[Command.GIT],
                target=targets.get(command),
            )


def classify(
    repository: Repository, size: Size, turns: int, patience: float
) -> Iterator[Figure]:
    """`classify` with one changed staged file, and of two commits.

    Each turn stages a change that no run has seen: cold is without any cache, warm
    with one that knows HEAD, again once more with nothing new.
    """
    took = Turns(repository, patience)
    for turn in range(turns):
        repository.stage(2 * turn + 1)
        _floor(took)
        repository.forget()
        took.take(Command.COLD, *_STAGED)
        repository.stage(2 * turn + 2)
        took.take(Command.WARM, *_STAGED)
        took.take(Command.AGAIN, *_STAGED)
        took.take(Command.PAIR, *_PAIR)
    repository.clean()
    yield from took.figures(targets(size))


def log(
    repository: Repository, commits: int, turns: int, patience: float
) -> Iterator[Figure]:
    """`log` over the history, without a cache and with one."""
    took = Turns(repository, patience)
    program = (*DVCINC, "log", f"HEAD~{commits}..HEAD")
    for _ in range(turns):
        _floor(took)
        repository.forget()
        took.take(Command.LOG_COLD, *program)
        took.take(Command.LOG_WARM, *program)
    wanted = Target(seconds=LOG) if commits == LOG_COMMITS else None
    yield from took.figures(
        {Command.LOG_COLD: wanted, Command.LOG_WARM: wanted} if wanted else {}
    )


def _floor(took: Turns) -> None:
    took.take(Command.BARE, *BARE)
    took.take(Command.GIT, *_DIFF)


def targets(size: Size) -> dict[Enum, Target]:
    """What is wanted of a repository of this size."""
    if size == LARGE:
        return {
            Command.COLD: Target(seconds=COLD, peak=COLD_PEAK),
            Command.WARM: Target(seconds=LARGE_TIMES * KEYSTROKE, over_bare=True),
        }
    if size.examples == KEYSTROKE_EXAMPLES:
        return {Command.WARM: Target(seconds=KEYSTROKE, over_bare=True)}
    return {}
