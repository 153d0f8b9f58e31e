"""Training: what it learns, that it repeats, and that it serves what it trained."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from corpora import PIPELINE, corpus
from tiny import QUICK, TINY, quiet

from dvcinc.config import Finetune, Train
from dvcinc.corpus.values import Corpus
from dvcinc.errors import InputError
from dvcinc.model.batches import encode, stack
from dvcinc.model.chances import softmax
from dvcinc.model.checkpoint import digest
from dvcinc.model.curve import CurvePoint
from dvcinc.model.document import Model
from dvcinc.model.evaluate import evaluate
from dvcinc.model.features import Featurizer
from dvcinc.model.runtime import Runtime

pytestmark = pytest.mark.train

DELTA = "book: a ride to [Oslo](city) please | get me to [Rome](city)\ngreet: ahoy"
PARENT = Path(__file__).parent


def tune(base: Model, lines: str = DELTA, finetune: Finetune | None = None) -> Model:
    return tuned(base, lines, finetune).model


def tuned(base: Model, lines: str = DELTA, finetune: Finetune | None = None):
    from dvcinc.model import tune  # noqa: PLC0415 - SciPy only where it is needed

    old, delta = corpus(TINY), corpus(lines)
    lesson = tune.Lesson(
        added=tuple(delta.examples),
        replay=tuple(old.examples),
        regexes=(*old.regexes, *delta.regexes),
        lookups=(*old.lookups, *delta.lookups),
    )
    return tune.finetune(
        base,
        lesson,
        finetune or Finetune(),
        QUICK,
        delta_digest="sha256:delta",
        progress=quiet,
    )


def test_what_it_was_shown_it_knows(base: Model, tiny: Corpus) -> None:
    metrics = evaluate(Runtime(base), sorted(tiny.examples))
    assert metrics.accuracy == 1
    assert metrics.entity_f1 == 1


def test_a_second_training_in_the_process_gives_the_same_model(
    base: Model, tiny: Corpus, fit_base: Callable[[Corpus], Model]
) -> None:
    assert digest(fit_base(tiny)) == digest(base)


def test_another_process_gives_the_same_models(base: Model) -> None:
    script = (
        "from tiny import QUICK, TINY, quiet\n"
        "from corpora import PIPELINE, corpus\n"
        "from dvcinc.model.fit import train\n"
        "from dvcinc.model.checkpoint import digest\n"
        "import test_training\n"
        "data = corpus(TINY, config=PIPELINE)\n"
        "base = train(data, QUICK, base_digest='sha256:base', progress=quiet).model\n"
        "print(digest(base), digest(test_training.tune(base)))\n"
    )
    path = os.pathsep.join([str(PARENT), str(PARENT.parent), str(PARENT.parent.parent)])
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [digest(base), digest(tune(base))]


def test_the_runtime_gives_what_was_trained(base: Model, tiny: Corpus) -> None:
    """One network in two libraries: answers agree to 1e-5, scores to 1e-5 of theirs.

    Single precision has seven digits, and the scores of what is known by heart have
    two of them before the point.
    """
    import tensorflow as tf  # noqa: PLC0415 - only where it is needed

    from dvcinc.model.diet import Diet, mask_pool  # noqa: PLC0415 - likewise
    from dvcinc.model.trainer import as_inputs  # noqa: PLC0415 - likewise

    featurizer = Featurizer(base.pipeline, base.vocabulary)
    lessons = encode(sorted(tiny.examples), featurizer, base.labels)
    batched = stack(lessons, featurizer)
    pool = mask_pool(base.architecture, 0.0, np.random.default_rng(0))
    diet = Diet(base.architecture, base.labels, pool)
    weights = {name: tf.constant(array) for name, array in base.tensors.items()}
    rows = tf.gather(weights["table"], batched.batch.rows)
    outputs = diet.outputs(weights, rows, as_inputs(batched, diet))
    served = Runtime(base).logits([lesson.example.text for lesson in lessons])
    assert served.intents is not None
    assert served.tags is not None
    inside = np.arange(served.tags.shape[1]) < served.lengths[:, None]
    said = softmax(outputs.intents.numpy()), softmax(served.intents)
    assert np.abs(said[0] - said[1]).max() <= 1e-5
    for one, other in (
        (outputs.intents.numpy(), served.intents),
        (outputs.tags.numpy()[inside], served.tags[inside]),
    ):
        assert np.abs(one - other).max() <= 1e-5 * max(1, np.abs(other).max())


def test_the_tag_loss_is_that_of_all_paths_counted_one_by_one() -> None:
    """Loss and gradient of the field, against a sum over each possible path."""
    import itertools  # noqa: PLC0415 - with what it is for

    import tensorflow as tf  # noqa: PLC0415 - only where it is needed

    from dvcinc.model import crf  # noqa: PLC0415 - likewise

    random = np.random.default_rng(3)
    scores = tf.constant(random.normal(size=(2, 3, 4)), tf.float32)
    field = crf.Field(
        *(
            tf.constant(random.normal(size=size), tf.float32)
            for size in ((4, 4), (4,), (4,))
        )
    )
    tags, lengths = tf.constant([[0, 3, 1], [2, 2, 0]]), tf.constant([3, 2])

    def score(text: int, path: tuple[int, ...]):
        found = field.first[path[0]] + field.last[path[-1]]
        for at, tag in enumerate(path):
            found += scores[text, at, tag]
        for before, after in itertools.pairwise(path):
            found += field.transitions[before, after]
        return found

    def counted():
        for text, length in enumerate(lengths.numpy()):
            paths = itertools.product(range(4), repeat=int(length))
            every = tf.reduce_logsumexp([score(text, path) for path in paths])
            yield every - score(text, tuple(tags[text, :length].numpy()))

    with tf.GradientTape(persistent=True) as tape:
        tape.watch([scores, *field])
        wanted = tf.stack(list(counted()))
        found = crf.loss(scores, tags, lengths, field)
    assert np.allclose(found, wanted, atol=1e-5)
    for variable in (scores, *field):
        one, other = (tape.gradient(loss, variable) for loss in (found, wanted))
        assert np.allclose(
            tf.convert_to_tensor(one), tf.convert_to_tensor(other), atol=1e-5
        )


def test_what_was_added_is_learned_and_nothing_is_forgotten(
    base: Model, tiny: Corpus
) -> None:
    fitted = tuned(base)
    assert fitted.unlearned == ()
    assert fitted.model.optimizer is None
    assert fitted.model.base == base.base
    assert fitted.model.delta == "sha256:delta"
    everything = [*corpus(DELTA).examples, *tiny.examples]
    metrics = evaluate(Runtime(fitted.model), everything)
    assert (metrics.accuracy, metrics.entity_f1) == (1, 1)


def test_a_fine_tune_repeats_whatever_the_order(base: Model) -> None:
    swapped = "\n".join(reversed(DELTA.splitlines()))
    assert digest(tune(base)) == digest(tune(base, swapped))


def test_a_new_intent_and_a_new_entity_type_are_learned(base: Model) -> None:
    lines = """
        cancel: cancel my ticket | i want a refund | call it off | cancel [today](day)
        cancel: please cancel | refund my ticket [tomorrow](day)
    """
    fitted = tuned(base, lines)
    assert fitted.unlearned == ()
    assert fitted.model.labels.intents[-1] == "cancel"
    assert Runtime(fitted.model).parse("hello there").intent.name == "greet"


def test_a_pattern_alone_is_learned_from_old_examples(base: Model) -> None:
    fitted = tuned(base, r"regex greeting: hell?o")
    assert fitted.steps > 0
    row = fitted.model.vocabulary.rows["regex:greeting"]
    assert fitted.model.tensors["table"][row].any()
    assert Runtime(fitted.model).parse("hello").intent.name == "greet"


def test_steps_can_be_told(base: Model) -> None:
    assert tuned(base, finetune=Finetune(steps=3)).steps == 3


def test_progress_and_curve_follow_the_steps(tiny: Corpus) -> None:
    from dvcinc.model.fit import train  # noqa: PLC0415 - only where it is needed

    seen: list[tuple[int, int]] = []

    def progress(*, step: int, steps: int, loss: float) -> None:
        assert loss > 0
        seen.append((step, steps))

    drawn: list[CurvePoint] = []
    fitted = train(
        tiny,
        Train(epochs=2, batch_size=8),
        base_digest="sha256:base",
        progress=progress,
        draw=drawn.append,
    )
    assert fitted.epochs == 2
    assert seen == [(at, fitted.steps) for at in range(1, fitted.steps + 1)]
    assert [point.step for point in drawn] == [at for at, _ in seen]


def test_a_setting_that_changes_nothing_changes_no_byte(
    base: Model, tiny: Corpus, fit_base: Callable[[Corpus], Model]
) -> None:
    written = PIPELINE.replace("epochs: 100", "epochs: 7\n  ranking_length: 3")
    other = replace(tiny, config=corpus(config=written).config)
    assert digest(fit_base(other)) == digest(base)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("", "the corpus has no examples"),
        ("greet: hi | hello", "the corpus has one intent only, 'greet'"),
        ("faq/a: hi\nfaq/b: hello", "the corpus has one intent only, 'faq'"),
    ],
)
def test_what_cannot_be_told_apart_is_an_error(
    lines: str, message: str, fit_base: Callable[[Corpus], Model]
) -> None:
    with pytest.raises(InputError) as error:
        fit_base(corpus(lines, config=PIPELINE))
    assert error.value.message == message


def test_entities_alone_need_an_annotation(
    fit_base: Callable[[Corpus], Model],
) -> None:
    config = PIPELINE.replace("epochs: 100", "intent_classification: false")
    with pytest.raises(InputError, match="no example is annotated"):
        fit_base(corpus("a: x\nb: y", config=config))


def test_entities_alone_can_be_trained(fit_base: Callable[[Corpus], Model]) -> None:
    config = PIPELINE.replace("epochs: 100", "intent_classification: false")
    model = fit_base(corpus(TINY, config=config))
    (entity,) = Runtime(model).parse("a train to Rome").entities
    assert (entity.entity, entity.value) == ("city", "Rome")
