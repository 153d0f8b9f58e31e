"""Fine-tuning: a base and a lesson become its successor, at the cost of the lesson.

First the tags' head, as it may move what is new to the encoder; then the intents' head
on what that makes of the texts. Both are TensorFlow-free, whatever trained the base.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dvcinc.config import Finetune, Train
from dvcinc.corpus.values import Example, LookupEntry, Regex
from dvcinc.model import recipe
from dvcinc.model.curve import Curve
from dvcinc.model.document import Model
from dvcinc.model.fitted import Fitted, Progress
from dvcinc.model.grow import Grown, grow
from dvcinc.model.heads import IntentHead, IntentPaper, TagHead
from dvcinc.model.learned import misaligned
from dvcinc.model.machine import at_work
from dvcinc.model.network import INTENT_BIAS, TAG_BIAS
from dvcinc.model.rehearsal import Balance, Rehearsal


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
) -> Fitted:
    """Teach a base what was added, while it rehearses old examples.

    A function of the base and the lesson: their order does not matter, nor do earlier
    fine-tunes. It stops when everything added is predicted right.
    """
    with at_work(train.threads):
        return _finetune(base, lesson, params, train, delta_digest, progress)


def _finetune(
    base: Model,
    lesson: Lesson,
    params: Finetune,
    train: Train,
    delta_digest: str,
    progress: Progress,
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
    )
    model = tuning.learn_tags(grown.model)
    model = tuning.learn_intents(model)
    lessons = [item.lesson for item in rehearsal.added]
    left = {id(lesson) for lesson in rehearsal.exam.wrong(model.tensors)}
    return Fitted(
        model=replace(model, optimizer=None, delta=delta_digest),
        steps=tuning.curve.steps,
        epochs=tuning.epochs,
        curve=tuning.curve.points(),
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
    ) -> None:
        self._base, self._grown, self._rehearsal = base, grown, rehearsal
        self._lesson, self._params, self._train = lesson, params, train
        self._progress = progress
        self.curve = Curve(recipe.TAG_STEPS + recipe.INTENT_STEPS)
        self.epochs = 0

    def learn_tags(self, model: Model) -> Model:
        """The model with tags that know the lesson, if there is anything to learn.

        A delta of patterns alone has no examples: old ones then teach what they mean.
        """
        rehearsal = self._rehearsal
        left = rehearsal.exam.mistagged(model.tensors)
        patterns = self._base.vocabulary.patterns != model.vocabulary.patterns
        if not model.labels.entities or not (left or patterns) or rehearsal.is_empty:
            return model
        model = self._grown.let_in(model, TAG_BIAS)
        plan = recipe.tag_plan(
            len(rehearsal.added), len(left), self._params, self._train
        )
        head = TagHead(
            model,
            len(self._base.vocabulary.features),
            rehearsal.featurizer,
            self._train.seed,
        )
        lean = rehearsal.lean(plan.new, plan.old)
        tensors = model.tensors
        for step in range(plan.most_steps):
            places = {id(lesson) for lesson in left}
            first = [h for h in rehearsal.added if id(h.lesson) in places]
            drawn = rehearsal.draw(plan, first, lean)
            loss = head.step(drawn, plan.schedule.rate(step))
            self._tell(plan, loss, 0.0, loss)
            if plan.checks_after(step + 1):
                tensors = head.tensors()
                left = rehearsal.exam.mistagged(tensors)
                if not left and not patterns:
                    break
        model = replace(model, tensors=tensors)
        rehearsal.listen(model)
        return model

    def learn_intents(self, model: Model) -> Model:
        """The model with intents that know the lesson."""
        rehearsal = self._rehearsal
        if not model.labels.intents or not rehearsal.added:
            return model
        model = self._grown.let_in(model, INTENT_BIAS)
        model = _balanced(model, self._lesson.balance)
        features = len(model.vocabulary.features)
        paper = IntentPaper(rehearsal.added, features)
        head = IntentHead(model, recipe.FEATURE_DROP_FINETUNE, self._train.seed)
        left = paper.wrong(head)
        done = not left
        plan = recipe.intent_plan(
            len(rehearsal.added),
            len(left),
            self._params,
            self._train,
            new_labels=INTENT_BIAS in self._grown.fresh,
        )
        lean = rehearsal.lean(plan.new, plan.old)
        for step in range(plan.most_steps):
            if done:
                break
            drawn = rehearsal.draw(plan, left, lean)
            loss = head.step(drawn, plan.schedule.rate(step))
            self._tell(plan, loss, loss, 0.0)
            if plan.checks_after(step + 1):
                left = paper.wrong(head)
                done = not left and not self._forgets(head, features)
        return replace(model, tensors=head.tensors())

    def _forgets(self, head: IntentHead, features: int) -> bool:
        """Whether more than a few of the old examples heard so far are wrong now."""
        old = self._rehearsal.old
        lost = IntentPaper(old, features).forgotten(head) if old else 0
        return lost > recipe.FORGOTTEN * len(old)

    def _tell(
        self, plan: recipe.FinetunePlan, loss: float, intents: float, tags: float
    ) -> None:
        self.curve.add(loss, intents, tags)
        seen = self.curve.steps * plan.new / max(len(self._rehearsal.added), 1)
        self.epochs = round(seen)
        self._progress(step=self.curve.steps, steps=plan.most_steps, loss=loss)


def _balanced(model: Model, balance: Balance) -> Model:
    """The model with biases that know how many examples each intent has now."""
    bias = model.tensors[INTENT_BIAS] + balance.shift(model.labels)
    return replace(model, tensors={**model.tensors, INTENT_BIAS: bias})
