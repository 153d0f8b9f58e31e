"""Fine-tuning: a base and a lesson become its successor, at the cost of the lesson.

First the tags' head, as it may move what is new to the encoder; then the intents' head
on what that makes of the texts. Both are TensorFlow-free, whatever trained the base.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dvcinc.config import Finetune, Train
from dvcinc.corpus.values import Example, LookupEntry, Regex
from dvcinc.model import recipe
from dvcinc.model.curve import Curve, Draw, nowhere
from dvcinc.model.document import Model
from dvcinc.model.fitted import Fitted, Progress
from dvcinc.model.grow import Grown, grow
from dvcinc.model.heads import IntentHead, Questions, TagHead, unsure
from dvcinc.model.hearing import Heard
from dvcinc.model.learned import misaligned
from dvcinc.model.machine import at_work
from dvcinc.model.network import INTENT_BIAS, TAG_BIAS, Tensors
from dvcinc.model.rehearsal import Balance, Drawn, Rehearsal


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a fine-tune learns, and what it must not forget.

    `regexes` and `lookups` are all current ones, not only what is new; `balance` counts
    the examples of each intent in the base and in the corpus now.
    """

    added: tuple[Example, ...]
    replay: tuple[Example, ...] = ()
    regexes: tuple[Regex, ...] = ()
    lookups: tuple[LookupEntry, ...] = ()
    balance: Balance = field(default_factory=Balance)


def finetune(
    base: Model,
    lesson: Lesson,
    params: Finetune,
    train: Train,
    *,
    delta_digest: str,
    progress: Progress,
    draw: Draw = nowhere,
) -> Fitted:
    """Teach a base what was added, while it rehearses old examples.

    A function of the base and the lesson: their order does not matter, nor do earlier
    fine-tunes. It stops when all but a hundredth of what was added is predicted right.
    Examples that are gone are not rehearsed, but neither are they unlearned.
    """
    with at_work(train.threads):
        curve = Curve(2 * (params.steps or recipe.NEW_LABEL_STEPS), draw)
        return _finetune(
            base,
            lesson,
            params,
            train,
            delta_digest=delta_digest,
            progress=progress,
            curve=curve,
        )


def _finetune(
    base: Model,
    lesson: Lesson,
    params: Finetune,
    train: Train,
    *,
    delta_digest: str,
    progress: Progress,
    curve: Curve,
) -> Fitted:
    added = sorted(set(lesson.added), key=Example.order)
    grown = grow(base, added, lesson.regexes, lesson.lookups)
    rehearsal = Rehearsal(
        grown.model, base.labels, added, lesson.replay, lesson.balance, train.seed
    )
    tuning = Tuning(
        base=base,
        grown=grown,
        rehearsal=rehearsal,
        lesson=lesson,
        params=params,
        train=train,
        progress=progress,
        curve=curve,
    )
    model = tuning.learn_tags(grown.model)
    model = tuning.learn_intents(model)
    curve.close()
    lessons = [item.lesson for item in rehearsal.added]
    left = {id(lesson) for lesson in rehearsal.exam.wrong(model.tensors)}
    return Fitted(
        model=replace(model, optimizer=None, delta=delta_digest),
        steps=curve.steps,
        epochs=tuning.epochs,
        unlearned=tuple(item.example for item in lessons if id(item) in left),
        warnings=misaligned(lessons),
    )


class Tuning:
    """One fine-tune on its way.

    Args:
        base: Where it starts.
        grown: The base with room for the delta.
        rehearsal: Draws the batches.
        lesson: What is to be learned.
        params: How.
        train: Seed and rate.
        progress: Told after each step.
        curve: Takes down the losses.
    """

    def __init__(
        self,
        *,
        base: Model,
        grown: Grown,
        rehearsal: Rehearsal,
        lesson: Lesson,
        params: Finetune,
        train: Train,
        progress: Progress,
        curve: Curve,
    ) -> None:
        self._base, self._grown, self._rehearsal = base, grown, rehearsal
        self._lesson, self._params, self._train = lesson, params, train
        self._progress, self._curve = progress, curve
        # A delta of patterns alone has no examples: old ones teach what they mean.
        self._patterns = base.vocabulary.patterns != grown.model.vocabulary.patterns
        self._learned = self._steps = 0

    @property
    def epochs(self) -> int:
        """Passes over what was added, by both heads together."""
        return round(self._learned / max(len(self._rehearsal.added), 1))

    def learn_tags(self, model: Model) -> Model:
        """The model with tags that know the lesson, if there is anything to learn."""
        left = self._mistagged(model.tensors)
        if not (model.labels.entities and self._is_due(left)):
            return model
        model = self._grown.let_in(model, TAG_BIAS)
        plan = recipe.tag_plan(
            len(self._rehearsal.added),
            len(left),
            self._params,
            self._train,
            new_labels=TAG_BIAS in self._grown.fresh,
        )
        head = TagHead(
            model,
            len(self._base.vocabulary.features),
            self._rehearsal.featurizer,
            self._train.seed,
        )
        tensors = model.tensors
        for step in self._steps_of(plan):
            drawn = self._rehearsal.draw(plan, left)
            loss = head.step(drawn, plan.schedule.rate(step))
            self._tell(drawn, loss, tags=loss)
            if plan.checks_after(step + 1):
                tensors = head.tensors()
                left = self._mistagged(tensors)
                if not (self._is_left(left) or self._patterns):
                    break
        model = replace(model, tensors=tensors)
        self._rehearsal.listen(model)
        return model

    def learn_intents(self, model: Model) -> Model:
        """The model with intents that know the lesson, if there is anything to learn.

        What it answers right as it is needs no training, and moves nothing.
        """
        rehearsal = self._rehearsal
        if not (model.labels.intents and self._is_due(unsure(rehearsal.added))):
            return model
        model = _balanced(self._grown.let_in(model, INTENT_BIAS), self._lesson.balance)
        head = IntentHead(model, recipe.FEATURE_DROP_FINETUNE, self._train.seed)
        questions = Questions(rehearsal.added, len(model.vocabulary.features))
        left = questions.unsure(head)
        plan = recipe.intent_plan(
            len(rehearsal.added),
            len(left),
            self._params,
            self._train,
            new_labels=INTENT_BIAS in self._grown.fresh,
        )
        for step in self._steps_of(plan):
            drawn = rehearsal.draw(plan, left)
            loss = head.step(drawn, plan.schedule.rate(step))
            self._tell(drawn, loss, intents=loss)
            if plan.checks_after(step + 1):
                left = questions.unsure(head)
                if not (self._is_left(left) or self._patterns or self._forgets(head)):
                    break
        return replace(model, tensors=head.tensors())

    def _is_due(self, left: Sequence[Heard]) -> bool:
        return bool(left or self._patterns) and not self._rehearsal.is_empty

    def _is_left(self, left: Sequence[Heard]) -> bool:
        return len(left) > recipe.LEFT * len(self._rehearsal.added)

    def _mistagged(self, tensors: Tensors) -> list[Heard]:
        wrong = {id(lesson) for lesson in self._rehearsal.exam.mistagged(tensors)}
        return [item for item in self._rehearsal.added if id(item.lesson) in wrong]

    def _forgets(self, head: IntentHead) -> bool:
        """Whether more than a few of the old examples heard so far are wrong now."""
        old = self._rehearsal.old
        lost = Questions(old, len(self._grown.model.vocabulary.features)).lost(head)
        return lost > recipe.FORGOTTEN * len(old)

    def _steps_of(self, plan: recipe.FinetunePlan) -> range:
        self._steps = self._curve.steps + plan.most_steps
        return range(plan.most_steps)

    def _tell(
        self, drawn: Drawn, loss: float, *, intents: float = 0.0, tags: float = 0.0
    ) -> None:
        self._curve.add(loss, intents, tags)
        self._learned += drawn.new
        self._progress(step=self._curve.steps, steps=self._steps, loss=loss)


def _balanced(model: Model, balance: Balance) -> Model:
    """The model with biases that know how many examples each intent has now."""
    bias = model.tensors[INTENT_BIAS] + balance.shift(model.labels)
    return replace(model, tensors={**model.tensors, INTENT_BIAS: bias})
