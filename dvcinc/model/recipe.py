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
TRUST = 0.07
# The same for the scores of a token's tags, of which a text has many.
TAG_TRUST = 0.05
# Of the prior of the batches so much is taken out of the logits, as a power.
LEAN, RARE = 0.7, 1e-4
# Shares of the peak rate: where most of the delta is known already, and where much of
# it is not; so much is much.
GENTLE, FIRM, STRANGE = 0.06, 0.5, 0.5
FEATURE_DROP_FINETUNE = 0.2
# Of a batch so much is new: a sixth of the delta, yet not too few and at most a half.
NEW_SHARE, FEWEST_NEW, MOST_NEW_TAGS = 6, 4, 16
FIRST_OF_MANY = 2
# Old texts to rehearse: so many for each new one, yet not too few; so many times as
# many of a label that the delta touches.
OLD_EACH, FEWEST_OLD, OLD_OF_TOUCHED = 20, 512, 4
# So many new texts are few: each is to be learned.
FEW = 128
# Steps of the intents' head at most: for new labels, for a delta that is strange to the
# model, for others; of the tags' head; and after how many the delta is looked at.
NEW_LABEL_STEPS, STRANGE_STEPS, INTENT_STEPS = 200, 170, 100
TAG_STEPS, CHECK_EVERY = 60, 10
# Learned is a delta of which no more than such a share is left.
LEFT = 0.01
SURE = 0.5
# It goes on while more than such a share of the old texts has been forgotten.
FORGOTTEN = 0.01
# A new label is out of reach until its head is trained. More new texts in a batch, and
# it swallows the old ones.
MASKED = -20.0
NEW_BESIDE_NEW_LABELS = 24


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
    """How a head learns a delta: so many new and old texts in each batch.

    So many of the new ones (`first`) are such as are not yet learned: that lets the
    last of a few, or what is strange to the model, be learned. Of many, all of them
    would be to learn the doubtful ones by heart.
    """

    new: int
    old: int
    most_steps: int
    schedule: Schedule
    first: int

    def checks_after(self, step: int) -> bool:
        """Whether the delta is looked at after a step, counted from one."""
        return step % CHECK_EVERY == 0 or step == self.most_steps


def intent_plan(
    added: int, wrong: int, params: Finetune, train: Train, *, new_labels: bool
) -> FinetunePlan:
    """How intents learn a delta of so many texts, so many yet wrong."""
    new = min(max(added // NEW_SHARE, FEWEST_NEW), SMALL_BATCH // 2)
    share = 1.0 if new_labels else _share(added, wrong)
    steps = STRANGE_STEPS if share >= STRANGE / 2 else INTENT_STEPS
    if new_labels:
        new, steps = min(new, NEW_BESIDE_NEW_LABELS), NEW_LABEL_STEPS
    return _plan(new, added, share, params.steps or steps, train)


def tag_plan(
    added: int, wrong: int, params: Finetune, train: Train, *, new_labels: bool
) -> FinetunePlan:
    """How tags learn a delta of so many texts, so many yet wrong."""
    new = min(max(added // NEW_SHARE, FEWEST_NEW), MOST_NEW_TAGS)
    share = 1.0 if new_labels else _share(added, wrong)
    return _plan(new, added, share, params.steps or TAG_STEPS, train)


def _share(added: int, wrong: int) -> float:
    """How strange a delta is: the share that is wrong, if it is more than a few."""
    return wrong / added if wrong > FEWEST_NEW else 0.0


def _plan(
    new: int, added: int, strange: float, steps: int, train: Train
) -> FinetunePlan:
    rate = GENTLE + (FIRM - GENTLE) * min(strange / STRANGE, 1)
    peak = peak_rate(train, SMALL_BATCH) * rate
    focused = added <= FEW or strange >= STRANGE / 2
    return FinetunePlan(
        new=new,
        old=SMALL_BATCH - new,
        most_steps=steps,
        schedule=Schedule(steps=steps, peak=peak, floor=0.05),
        first=new if focused else new // FIRST_OF_MANY,
    )


def peak_rate(train: Train, batch: int) -> float:
    """The highest rate, scaled to the batch unless it was given."""
    return train.learning_rate or PEAK_RATE * math.sqrt(batch / PEAK_BATCH)
