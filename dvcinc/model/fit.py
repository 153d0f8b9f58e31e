"""Training: a corpus becomes a base, a base and a lesson become its successor.

Both ways run the same step (`dvcinc.model.trainer`); they part in where they start, in
what a batch holds, and in when they stop.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from dvcinc.config import Finetune, Train
from dvcinc.corpus.pipeline import read_pipeline
from dvcinc.corpus.values import Corpus, Example, LookupEntry, Regex
from dvcinc.model import recipe
from dvcinc.model.batches import encode, epoch, stack
from dvcinc.model.curve import Curve, CurvePoint
from dvcinc.model.document import Model
from dvcinc.model.features import Featurizer
from dvcinc.model.grow import grow
from dvcinc.model.learned import misaligned, unlearned
from dvcinc.model.rehearsal import Rehearsal
from dvcinc.model.start import before_training
from dvcinc.model.trainer import Trainer, prepare


class Progress(Protocol):
    """Told after each step how far the training is."""

    def __call__(self, *, step: int, steps: int, loss: float) -> None:
        """`step` of at most `steps` is done; `loss` was that of its batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a fine-tune learns, and what it must not forget.

    `regexes` and `lookups` are all current ones, not only what is new.
    """

    added: tuple[Example, ...]
    replay: tuple[Example, ...] = ()
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
    prepare(params)
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
    trainer = Trainer(start, params.seed)
    random = np.random.default_rng([params.seed, 2])
    lengths = np.array([len(lesson.tags) for lesson in lessons], np.int32)
    curve = Curve(plan.schedule.steps)
    for _ in range(plan.epochs):
        for places in epoch(lengths, plan.batch, random):
            batched = stack([lessons[at] for at in places], featurizer)
            rate = plan.schedule.rate(curve.steps)
            done = trainer.step(batched, rate)
            curve.add(*done)
            progress(step=curve.steps, steps=plan.schedule.steps, loss=done.loss)
    model = replace(start, tensors=trainer.tensors(), optimizer=trainer.optimizer())
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
    fine-tunes. It stops as soon as everything added is predicted right.
    """
    prepare(train)
    added = sorted(set(lesson.added), key=_order)
    grown = grow(base, added, lesson.regexes, lesson.lookups)
    rehearsal = Rehearsal(base, grown.model, added, lesson.replay, train.seed)
    plan = recipe.finetune_plan(
        len(rehearsal.added),
        base.vocabulary.documents,
        params,
        train,
        new_labels=bool(grown.fresh),
    )
    trainer = Trainer(grown.model, train.seed, grown.fresh)
    curve = Curve(plan.most_steps)
    left = rehearsal.added
    model = grown.model
    # A delta of patterns alone has no examples: old ones then teach what they mean.
    while curve.steps < plan.most_steps and not rehearsal.is_empty:
        batched, lead = rehearsal.draw(plan.new, plan.old, left)
        done = trainer.step(
            batched, plan.schedule.rate(curve.steps), lead, plan.lift(curve.steps)
        )
        curve.add(*done)
        progress(step=curve.steps, steps=plan.most_steps, loss=done.loss)
        if plan.checks_after(curve.steps):
            model = replace(grown.model, tensors=trainer.tensors())
            left = unlearned(model, rehearsal.added)
            if not left:
                break
    return Fitted(
        model=replace(model, optimizer=None, delta=delta_digest),
        steps=curve.steps,
        epochs=round(curve.steps * plan.new / max(len(rehearsal.added), 1)),
        curve=curve.points(),
        unlearned=tuple(item.example for item in left),
        warnings=misaligned(rehearsal.added),
    )


def _order(example: Example) -> tuple[str, str, str]:
    return example.intent, example.text, repr(example.spans)
