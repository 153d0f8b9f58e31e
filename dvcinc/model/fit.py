"""Training from scratch: a corpus becomes a base."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dvcinc.config import Train
from dvcinc.corpus.pipeline import read_pipeline
from dvcinc.corpus.values import Corpus, Example
from dvcinc.model import recipe
from dvcinc.model.batches import encode, epoch, stack
from dvcinc.model.curve import Curve, Draw, nowhere
from dvcinc.model.engines import engine_for
from dvcinc.model.features import Featurizer
from dvcinc.model.fitted import Fitted, Progress
from dvcinc.model.learned import misaligned
from dvcinc.model.machine import at_work
from dvcinc.model.start import before_training


def train(
    corpus: Corpus,
    params: Train,
    *,
    base_digest: str,
    progress: Progress,
    draw: Draw = nowhere,
) -> Fitted:
    """Train a base from scratch.

    Args:
        corpus: What it is trained on.
        params: How.
        base_digest: The base that the model is of.
        progress: Told after each step.
        draw: Takes the losses on the way.

    Raises:
        InputError: The pipeline cannot be trained, or the corpus has no examples or
            nothing to tell apart.
    """
    with at_work(params.threads):
        return _train(corpus, params, base_digest, progress, draw)


def _train(
    corpus: Corpus, params: Train, base_digest: str, progress: Progress, draw: Draw
) -> Fitted:
    pipeline = read_pipeline(corpus.config)
    examples = sorted(corpus.examples, key=Example.order)
    start = before_training(corpus, pipeline, examples, params.seed, base_digest)
    featurizer = Featurizer(pipeline, start.vocabulary)
    lessons = encode(examples, featurizer, start.labels)
    plan = recipe.scratch_plan(
        len(lessons),
        params,
        config_epochs=pipeline.diet.epochs,
        tagged=bool(start.labels.entities),
    )
    engine = engine_for(start, params.seed, recipe.FEATURE_DROP, threads=params.threads)
    random = np.random.default_rng([params.seed, 2])
    lengths = np.array([len(lesson.text) for lesson in lessons], np.int32)
    curve = Curve(plan.schedule.steps, draw)
    for _ in range(plan.epochs):
        for places in epoch(lengths, plan.batch, random):
            batched = stack([lessons[at] for at in places], featurizer)
            rate = plan.schedule.rate(curve.steps)
            done = engine.step(batched, rate)
            curve.add(*done)
            progress(step=curve.steps, steps=plan.schedule.steps, loss=done.loss)
    curve.close()
    model = replace(start, tensors=engine.tensors(), optimizer=engine.optimizer())
    return Fitted(
        model=model,
        steps=curve.steps,
        epochs=plan.epochs,
        warnings=misaligned(lessons),
    )
