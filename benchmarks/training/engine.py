"""The trainer under measurement: only its public functions, with its CPU seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dvcinc.config import Finetune, Train
from dvcinc.corpus.values import Corpus, Example
from dvcinc.model.document import Model
from dvcinc.model.fit import train
from dvcinc.model.fitted import Fitted
from dvcinc.model.runtime import Runtime
from dvcinc.model.tune import Lesson, finetune
from dvcinc.plan.delta import Delta
from dvcinc.stages.finetune import read_delta
from training.answers import Answers, score
from training.sets import holding, in_order, ranked

# The engine does not look at it; a fine-tune only hands it on.
DIGEST = f"sha256:{0:064}"
WARM_UP = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """CPU seconds of one training; TensorFlow was imported before.

    Attributes:
        call: The whole call: encoding, growth, trace if there is one, all steps, looks.
        steps: The steps and looks alone, counted from the end of the first step and
            scaled to all of them.
        taken: How many steps there were.
    """

    call: float
    steps: float
    taken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A model, what it cost, and what it says that it could not learn."""

    model: Model
    cost: Cost
    unlearned: tuple[Example, ...] = ()

    def answers(self, examples: Sequence[Example]) -> Answers:
        """Its answers, without any table."""
        runtime = Runtime(replace(self.model, optimizer=None, tables=None))
        results = runtime.parse_many([example.text for example in examples])
        return score(examples, results)


class Watch:
    """Reads the clock at each step; on a terminal it also shows how far things are."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._first = 0.0
        self._taken = 0
        self._shows = sys.stderr.isatty()
        self._started = time.process_time()

    def __call__(self, *, step: int, steps: int, loss: float) -> None:
        """A step is done."""
        self._taken += 1
        if self._taken == 1:
            self._first = time.process_time()
        if self._shows and (step == 1 or step % 20 == 0):
            line = f"{self._title}: step {step} of {steps}, loss {loss:.3f}"
            print(f"\r{line:<78}", end="", file=sys.stderr, flush=True)

    def stop(self) -> Cost:
        """What the training cost."""
        now = time.process_time()
        if self._shows:
            print(f"\r{'':<78}\r", end="", file=sys.stderr, flush=True)
        if self._taken <= 1:
            return Cost(call=now - self._started, steps=0.0, taken=self._taken)
        steps = (now - self._first) * self._taken / (self._taken - 1)
        return Cost(call=now - self._started, steps=steps, taken=self._taken)


def from_scratch(corpus: Corpus, seed: int, title: str) -> Trained:
    """Trains a base."""
    watch = Watch(title)
    fitted = train(
        corpus, Train(seed=seed, threads=1), base_digest=DIGEST, progress=watch
    )
    return _trained(fitted, watch)


def fine_tuned(
    base: Model, lesson: Lesson, digest: str, seed: int, title: str
) -> Trained:
    """Teaches a base its lesson."""
    watch = Watch(title)
    fitted = finetune(
        base,
        lesson,
        Finetune(),
        Train(seed=seed, threads=1),
        delta_digest=digest,
        progress=watch,
    )
    return _trained(fitted, watch)


def lesson_of(before: Corpus, after: Corpus) -> tuple[Lesson, str]:
    """What the stage would read of `plan/delta`, and the delta's digest.

    The files are written and read back, so that the replay is the plan's own.
    """
    old, new = before.examples.keys(), after.examples.keys()
    delta = Delta(
        base=DIGEST,
        added=in_order(new - old),
        removed=in_order(old - new),
        patterns=False,
        now=after,
        kept=in_order(old & new),
    )
    planned = read_delta(delta.files(Finetune().replay))
    return planned.lesson(), planned.digest


def warm_up(corpus: Corpus) -> None:
    """One small training and one fine-tune: what only the first in a process pays."""
    few = ranked(corpus.examples, "warm-up")[:WARM_UP]
    before, after = holding(corpus, few[4:]), holding(corpus, few)
    quick = Train(epochs=1, threads=1)
    fitted = train(before, quick, base_digest=DIGEST, progress=Watch("warm-up"))
    lesson, digest = lesson_of(before, after)
    finetune(
        fitted.model,
        lesson,
        Finetune(steps=2),
        quick,
        delta_digest=digest,
        progress=Watch("warm-up"),
    )


def _trained(fitted: Fitted, watch: Watch) -> Trained:
    cost = watch.stop()
    return Trained(model=fitted.model, cost=cost, unlearned=fitted.unlearned)
