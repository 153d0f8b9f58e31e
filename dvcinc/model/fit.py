"""Training: a corpus becomes a base, a base and a lesson become its successor.

Both ways run the same step (`dvcinc.model.trainer`); they part in where they start, in
what a batch holds, and in when they stop.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from dvcinc.config import Finetune, Train
from dvcinc.corpus.pipeline import read_pipeline
from dvcinc.corpus.values import Corpus, Example, LookupEntry, Regex
from dvcinc.model import recipe
from dvcinc.model.batches import encode, epoch, stack
from dvcinc.model.curve import Curve, CurvePoint
from dvcinc.model.document import Model
from dvcinc.model.engine import NumpyEngine
from dvcinc.model.features import Featurizer
from dvcinc.model.grow import grow
from dvcinc.model.learned import misaligned
from dvcinc.model.memory import keep_freed
from dvcinc.model.network import INTENT_BIAS
from dvcinc.model.rehearsal import Balance, Rehearsal
from dvcinc.model.start import before_training


class Progress(Protocol):
    """Told after each step how far the training is."""

    def __call__(self, *, step: int, steps: int, loss: float) -> None:
        """`step` of at most `steps` is done; `loss` was that of its batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a fine-tune learns, and what it must not forget.

    `regexes` and `lookups` are all current ones, not only what is new; `balance` counts
    the examples of each intent in the base and in the corpus now.
    """

    added: tuple[Example, ...]
    replay: tuple[Example, ...] = ()
    balance: Balance = field(default_factory=Balance)
    regexes: tuple[Regex, ...] = ()
    lookups: tuple[LookupEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A trained model and how it came about.

    Args:
        model: With Adam's moments if it is a base.
        steps: Steps taken.
        epochs: Passes over the corpus, or over what was added.
        curve: Losses on the way, for a plot.
        unlearned: Examples to learn that the model still gets wrong.
        warnings: Annotations that could not be used.
    """

    model: Model
    steps: int
    epochs: int
    curve: tuple[CurvePoint, ...]
    unlearned: tuple[Example, ...] = ()
    warnings: tuple[str, ...] = ()


def train(
    corpus: Corpus, params: Train, *, base_digest: str, progress: Progress
) -> Fitted:
    """Train a base from scratch.

    Raises:
        InputError: The pipeline cannot be trained, or the corpus has no examples or
            nothing to tell apart.
    """
    keep_freed()
    pipeline = read_pipeline(corpus.config)
    examples = sorted(corpus.examples, key=_order)
    start = before_training(corpus, pipeline, examples, params.seed, base_digest)
    featurizer = Featurizer(pipeline, start.vocabulary)
    lessons = encode(examples, featurizer, start.labels)
    plan = recipe.scratch_plan(
        len(lessons),
        params,
        config_epochs=pipeline.diet.epochs,
        tagged=bool(start.labels.entities),
    )
    engine = NumpyEngine(start, params.seed, recipe.FEATURE_DROP)
    random = np.random.default_rng([params.seed, 2])
    lengths = np.array([len(lesson.text) for lesson in lessons], np.int32)
    curve = Curve(plan.schedule.steps)
    for _ in range(plan.epochs):
        for places in epoch(lengths, plan.batch, random):
            batched = stack([lessons[at] for at in places], featurizer)
            rate = plan.schedule.rate(curve.steps)
            done = engine.step(batched, rate)
            curve.add(*done)
            progress(step=curve.steps, steps=plan.schedule.steps, loss=done.loss)
    model = replace(start, tensors=engine.tensors(), optimizer=engine.optimizer())
    return Fitted(
        model=model,
        steps=curve.steps,
        epochs=plan.epochs,
        curve=curve.points(),
        warnings=misaligned(lessons),
    )


def finetune(
    base: Model,
    lesson: Lesson,
    params: Finetune,
    train: Train,
    *,
    delta_digest: str,
    progress: Progress,
) -> Fitted:
    """Teach a base what was added, while it rehearses old examples.

    A function of the base and the lesson: their order does not matter, nor do earlier
    fine-tunes. It stops when everything added is predicted right.
    """
    keep_freed()
    added = sorted(set(lesson.added), key=_order)
    grown = grow(base, added, lesson.regexes, lesson.lookups)
    rehearsal = Rehearsal(
        grown.model,
        len(base.labels.intents),
        added,
        lesson.replay,
        lesson.balance,
        train.seed,
    )
    start = _balanced(grown.model, lesson.balance)
    left = rehearsal.exam.wrong(start.tensors)
    plan = recipe.finetune_plan(
        len(rehearsal.added),
        len(left),
        params,
        train,
        new_labels=bool(grown.fresh),
    )
    lean = rehearsal.lean(plan.new, plan.old)
    engine = NumpyEngine(start, train.seed, plan.feature_drop, grown.fresh)
    curve = Curve(plan.most_steps)
    tensors = start.tensors
    # A delta of patterns alone has no examples: old ones then teach what they mean.
    while curve.steps < plan.most_steps and not rehearsal.is_empty:
        batched, lead = rehearsal.draw(plan.new, plan.old, left, lean)
        done = engine.step(
            batched, plan.schedule.rate(curve.steps), lead, plan.lift(curve.steps)
        )
        curve.add(*done)
        progress(step=curve.steps, steps=plan.most_steps, loss=done.loss)
        if plan.checks_after(curve.steps):
            tensors = engine.tensors()
            left = rehearsal.exam.wrong(tensors)
            if not left:
                break
    return Fitted(
        model=replace(grown.model, tensors=tensors, optimizer=None, delta=delta_digest),
        steps=curve.steps,
        epochs=round(curve.steps * plan.new / max(len(rehearsal.added), 1)),
        curve=curve.points(),
        unlearned=tuple(item.example for item in left),
        warnings=misaligned(rehearsal.added),
    )


def _balanced(model: Model, balance: Balance) -> Model:
    """The model with biases that know how many examples each intent has now."""
    if not model.labels.intents:
        return model
    bias = model.tensors[INTENT_BIAS] + balance.shift(model.labels)
    return replace(model, tensors={**model.tensors, INTENT_BIAS: bias})


def _order(example: Example) -> tuple[str, str, str]:
    return example.intent, example.text, repr(example.spans)
