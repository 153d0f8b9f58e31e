"""Trained models and their answers, each made once however many rows look at it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dvcinc.corpus.values import Corpus, Example
from dvcinc.model.checkpoint import digest as digest_of
from training import floor
from training.answers import Answers
from training.deltas import DELTA, Change, Family
from training.engine import Cost, Trained, fine_tuned, from_scratch, lesson_of
from training.figures import Bools
from training.sets import DataSet, intents

FULL = "full"
TEST = "test"


class Three(NamedTuple):
    """The answers of base, fine-tuned model and scratch to the same examples."""

    base: Answers
    tuned: Answers
    scratch: Answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a fine-tune came to.

    Attributes:
        cost: Of the fine-tune.
        answers: To the test, and to each probe of the change.
        group: Which test examples are of the change's intents.
        named: How many examples were named as not learned.
        unnamed: How many of the delta are wrong without being named.
        digest: Of the fine-tuned model.
    """

    cost: Cost
    answers: Mapping[str, Three]
    group: Bools
    named: int
    unnamed: int
    digest: str


class Runs:
    """All that is trained on one set.

    Args:
        data: The set.
        seeds: How many bases and scratch runs there are.
        scratch: A folder for work in progress.
        arguments: What a process of its own needs to read the same set.
        python: The interpreter of the stage that is measured as a process.
    """

    def __init__(
        self,
        data: DataSet,
        seeds: int,
        scratch: Path,
        *,
        arguments: Sequence[str] = (),
        python: str = sys.executable,
    ) -> None:
        self.data = data
        self.seeds = range(seeds)
        self.folder = scratch
        self.arguments = tuple(arguments)
        self.python = python
        self._models: dict[tuple[str, int], Trained] = {}
        self._answers: dict[tuple[str, int, str], Answers] = {}
        self._outcomes: dict[tuple[str, int], tuple[Outcome, ...]] = {}

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The training examples."""
        return tuple(self.data.train.examples)

    @cached_property
    def penalty(self) -> float:
        """LinearSVC's C."""
        return floor.choose_penalty(self.examples)

    @cached_property
    def linear(self) -> floor.Linear:
        """LinearSVC on everything."""
        tell(f"{self.data.name}: LinearSVC")
        return floor.fit_linear(self.examples, self.penalty)

    @cached_property
    def linear_seconds(self) -> float:
        """CPU seconds of LinearSVC's features and fit."""
        return floor.median_seconds(self.examples, self.penalty)

    @cached_property
    def tagger(self) -> floor.Tagger:
        """CRFsuite on everything."""
        tell(f"{self.data.name}: CRFsuite")
        return floor.fit_tagger(self.examples, str(self.folder / "tagger.crf"))

    def full(self, seed: int) -> Trained:
        """Scratch on the whole training data."""
        return self.model(FULL, self.data.train, seed)

    def tested(self, seed: int) -> Answers:
        """Its answers to the test."""
        return self.answers(self.full(seed), (FULL, seed, TEST), self.data.test)

    def scratch_costs(self) -> list[Cost]:
        """What scratch on the whole training data cost, seed by seed."""
        return [self.full(seed).cost for seed in self.seeds]

    def model(self, stem: str, corpus: Corpus, seed: int) -> Trained:
        """Scratch on a corpus that `stem` names."""
        key = (stem, seed)
        if key not in self._models:
            title = f"{self.data.name}: scratch, {stem}, seed {seed}"
            tell(title)
            self._models[key] = from_scratch(corpus, seed, title)
        return self._models[key]

    def answers(
        self, model: Trained, key: tuple[str, int, str], examples: Sequence[Example]
    ) -> Answers:
        """The answers of a model that stays the same for the key."""
        if key not in self._answers:
            self._answers[key] = model.answers(examples)
        return self._answers[key]

    def outcomes(
        self, family: Family, seed: int, *, keep: bool = False
    ) -> tuple[Outcome, ...]:
        """What the changes of a family come to, from the base of one seed.

        With `keep` the base stays in memory for another family of the same stem.
        """
        key = (family.name, seed)
        if key not in self._outcomes:
            base = self.model(family.stem, family.before, seed)
            self._outcomes[key] = tuple(
                self._outcome(family, at, base, seed)
                for at in range(len(family.changes))
            )
            # A family's own scratch runs lie under its name.
            gone = {family.name, family.stem} - {FULL}
            for stem in gone - ({family.stem} if keep else set()):
                self._models.pop((stem, seed), None)
        return self._outcomes[key]

    def _outcome(self, family: Family, at: int, base: Trained, seed: int) -> Outcome:
        change = family.changes[at]
        title = f"{self.data.name}: fine-tune, {family.name} #{at + 1}, seed {seed}"
        tell(title)
        lesson, digest = lesson_of(family.before, change.after)
        tuned = fine_tuned(base.model, lesson, digest, seed, title)
        against = FULL if family.reference is self.data.train else family.name
        scratch = self.model(against, family.reference, seed)
        answers = {}
        for name, examples in {TEST: self.data.test, **change.probes}.items():
            place = TEST if name == TEST else f"{family.name}/{at}/{name}"
            answers[name] = Three(
                self.answers(base, (family.stem, seed, place), examples),
                tuned.answers(examples),
                self.answers(scratch, (against, seed, place), examples),
            )
        own = [intent in change.intents for intent in intents(self.data.test)]
        return Outcome(
            cost=tuned.cost,
            answers=answers,
            group=np.array(own, np.bool_),
            named=len(tuned.unlearned),
            unnamed=_unnamed(change, answers[DELTA].tuned, tuned),
            digest=digest_of(tuned.model),
        )


def tell(text: str) -> None:
    """A line on stderr, with the CPU seconds so far, those of child processes too."""
    print(f"{sum(os.times()[:4]):7.1f} s  {text}", file=sys.stderr, flush=True)


def _unnamed(change: Change, answers: Answers, tuned: Trained) -> int:
    """How many of the delta are wrong although nobody said so."""
    said = {(example.intent, example.text) for example in tuned.unlearned}
    pairs = zip(change.probes[DELTA], answers.perfect, strict=True)
    return sum(
        not right and (example.intent, example.text) not in said
        for example, right in pairs
    )
