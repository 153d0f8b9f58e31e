"""Every number that training depends on, in one place, and the rules of `auto`.

Chosen on development splits cut from training data, never on test data. Two rates are
stated at a batch of 128 texts: Adam's best rate grows with the root of the batch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from dvcinc.config import Finetune, Train

# The network drops values at the rate of the config; features at this one.
FEATURE_DROP = 0.4
# So much of what is right is shared among all intents: the answers are less sure of
# themselves, and right more often.
SMOOTHING = 0.1
DECAY = 0.01
CLIP = 5.0
# The table's rows see a fraction of the steps that a layer does.
TABLE_RATE = 3.0
# A text's tag loss is a sum over its tokens and as such larger than its intent loss.
TAG_WEIGHT = 1.0

PEAK_RATE, PEAK_BATCH = 8e-3, 128
SMALL_BATCH, LARGE_BATCH = 64, 128
# From so many texts on, larger batches cost no quality.
LARGE_CORPUS = 4000
EPOCHS_INTENTS, EPOCHS_TAGS = 8, 15
# A small corpus needs more passes than a large one to be learned at all.
FEWEST_STEPS = 500

# Fine-tuning. How much the squared distance to the base's logits counts, beside the
# right intent: twice as much, a tiny delta is not learned; half of it, more flips.
TRUST = 0.05
# Of the prior of the batches so much is taken out of the logits, as a power.
LEAN, RARE = 0.5, 1e-4
# Shares of the peak rate: where most of the delta is known already, where none of it
# is, and where there are new labels.
GENTLE, FIRM, NEW_LABELS = 0.06, 1.0, 0.25
FEATURE_DROP_FINETUNE = 0.2
# Of a batch so much is new: a sixth of the delta, yet not too few and at most a half.
NEW_SHARE, FEWEST_NEW = 6, 4
# Steps until the delta is looked at for the first time, and how many there are at most:
# enough to learn a small delta to the last text; of a large one so many passes.
FIRST_LOOK, MOST_STEPS = 10, 60
CHECK_EVERY, LOOKS = 5, 6
SURE = 0.5
# A new label starts out of reach and is let in over a share of the first steps. More
# new texts in a batch, and it swallows the old ones.
MASKED, RELEASE = -20.0, 0.25
NEW_BESIDE_NEW_LABELS, LABEL_STEPS = 8, 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The learning rate: up over a share of the steps, then down by a cosine."""

    steps: int
    peak: float
    warm_up: float = 0.1
    floor: float = 0.02

    def rate(self, step: int) -> float:
        """The rate of a step, counted from zero."""
        rising = max(round(self.warm_up * self.steps), 1)
        if step < rising:
            return self.peak * (step + 1) / rising
        done = (step - rising) / max(self.steps - rising, 1)
        share = self.floor + (1 - self.floor) * (1 + math.cos(math.pi * done)) / 2
        return self.peak * share


@dataclass(frozen=True, slots=True, kw_only=True)
class ScratchPlan:
    """How a base is trained."""

    epochs: int
    batch: int
    schedule: Schedule


def scratch_plan(
    texts: int, train: Train, *, config_epochs: int, tagged: bool
) -> ScratchPlan:
    """Epochs, batch and schedule for a corpus of so many texts."""
    batch = train.batch_size or (LARGE_BATCH if texts >= LARGE_CORPUS else SMALL_BATCH)
    steps_each = math.ceil(texts / batch)
    few = EPOCHS_TAGS if tagged else EPOCHS_INTENTS
    epochs = train.epochs or max(few, math.ceil(FEWEST_STEPS / steps_each))
    if train.epochs_from_config:
        epochs = config_epochs
    return ScratchPlan(
        epochs=epochs,
        batch=batch,
        schedule=Schedule(steps=epochs * steps_each, peak=peak_rate(train, batch)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FinetunePlan:
    """How a delta is learned: so many new and old texts in each batch.

    From `least_steps` on the delta is looked at every few steps.
    """

    new: int
    old: int
    least_steps: int
    most_steps: int
    schedule: Schedule
    feature_drop: float

    def checks_after(self, step: int) -> bool:
        """Whether it is looked at after a step, counted from one."""
        # A look at a large delta costs as much as many steps.
        every = max(CHECK_EVERY, self.most_steps // LOOKS)
        due = step >= self.least_steps and step % every == 0
        return due or step == self.most_steps

    def lift(self, step: int) -> float:
        """By how much a step, counted from zero, raises the biases of new labels."""
        released = max(round(RELEASE * self.least_steps), 1)
        return -MASKED / released if step < released else 0.0


def finetune_plan(
    added: int, wrong: int, params: Finetune, train: Train, *, new_labels: bool
) -> FinetunePlan:
    """The mixture, steps and rate for a delta of so many texts, so many yet wrong."""
    new = min(max(added // NEW_SHARE, FEWEST_NEW), SMALL_BATCH // 2)
    strange = wrong / max(added, 1) if wrong > FEWEST_NEW else 0
    rate = GENTLE + (FIRM - GENTLE) * min(2 * strange, 1)
    least, most = FIRST_LOOK, MOST_STEPS
    if new_labels:
        new, rate = min(new, NEW_BESIDE_NEW_LABELS), NEW_LABELS
        least, most = LABEL_STEPS, 2 * LABEL_STEPS
    if params.steps is not None:
        least = most = params.steps
    return FinetunePlan(
        new=new,
        old=SMALL_BATCH - new,
        least_steps=least,
        most_steps=most,
        schedule=Schedule(
            steps=most, peak=peak_rate(train, SMALL_BATCH) * rate, floor=0.05
        ),
        feature_drop=FEATURE_DROP_FINETUNE,
    )


def peak_rate(train: Train, batch: int) -> float:
    """The highest rate, scaled to the batch unless it was given."""
    return train.learning_rate or PEAK_RATE * math.sqrt(batch / PEAK_BATCH)
