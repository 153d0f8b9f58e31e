"""Two engines, one training; and the transformer, which only one of them trains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from corpora import PIPELINE, corpus
from tiny import QUICK, TINY, quiet

from dvcinc.config import Finetune, Train
from dvcinc.corpus.values import Corpus
from dvcinc.model.batches import Batched, encode, stack
from dvcinc.model.chances import softmax
from dvcinc.model.checkpoint import digest, load, save
from dvcinc.model.document import Model
from dvcinc.model.engine import NumpyEngine
from dvcinc.model.engines import engine_for
from dvcinc.model.evaluate import evaluate
from dvcinc.model.exam import Exam
from dvcinc.model.features import Featurizer
from dvcinc.model.recipe import scratch_plan
from dvcinc.model.runtime import Runtime

pytestmark = pytest.mark.train

# A gentle rate: Adam turns the rounding of what is all but zero into whole steps.
STEPS, RATE = 4, 1e-4
CLOSE = 1e-5


def configured(*lines: str) -> str:
    """The usual pipeline with options of the classifier in place of its epochs."""
    return PIPELINE.replace("epochs: 100", "\n  ".join(lines))


FAST = {
    "all of it": configured("drop_rate: 0"),
    "a tag for each entity": configured("drop_rate: 0", "BILOU_flag: false"),
    "intents alone": configured("drop_rate: 0", "entity_recognition: false"),
    "entities alone": configured("drop_rate: 0", "intent_classification: false"),
}
TRANSFORMERS = {
    "of the table's width": ("transformer_size: 128",),
    "narrower, two layers": (
        "transformer_size: 24",
        "number_of_transformer_layers: 2",
    ),
    "of an odd width": ("transformer_size: 21", "number_of_attention_heads: 3"),
    "that looks at distances": (
        "transformer_size: 32",
        "use_key_relative_attention: true",
        "use_value_relative_attention: true",
        "max_relative_position: 2",
    ),
    "that only hears distances": (
        "transformer_size: 32",
        "use_value_relative_attention: true",
        "max_relative_position: 50",
    ),
    "intents alone": ("transformer_size: 16", "entity_recognition: false"),
    "entities alone": ("transformer_size: 16", "intent_classification: false"),
}


def transformer(*lines: str) -> str:
    if not any("layers" in line for line in lines):
        lines = ("number_of_transformer_layers: 1", *lines)
    return configured(*lines)


SMALL = transformer("transformer_size: 32")


def trials(model: Model, data: Corpus) -> Iterator[Batched]:
    """A few batches of a corpus."""
    random = np.random.default_rng(5)
    featurizer = Featurizer(model.pipeline, model.vocabulary)
    lessons = encode(sorted(data.examples), featurizer, model.labels)
    for _ in range(STEPS):
        places = random.permutation(len(lessons))[:9]
        some = sorted((lessons[at] for at in places), key=lambda one: -len(one.text))
        yield stack(some, featurizer)


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return np.abs(one - other).max(initial=0) <= CLOSE * np.abs(one).max(initial=1e-6)


@pytest.mark.parametrize("config", FAST.values(), ids=FAST)
def test_both_engines_take_the_same_steps(
    config: str, draw: Callable[[Corpus], Model]
) -> None:
    """Losses and Adam's moments agree; only the fast network has both."""
    from dvcinc.model.trainer import TensorFlowEngine  # noqa: PLC0415 - where needed

    data = corpus(TINY, config=config)
    model = draw(data)
    engines = [engine(model, 1, 0.3) for engine in (NumpyEngine, TensorFlowEngine)]
    for batched in trials(model, data):
        one, other = (engine.step(batched, RATE) for engine in engines)
        assert one == pytest.approx(other, rel=CLOSE, abs=1e-6)
    one, other = (engine.optimizer() for engine in engines)
    assert one.keys() == other.keys()
    assert [name for name in one if not same(one[name], other[name])] == []


def test_the_fast_encoder_is_trained_without_tensorflow(drawn: Model) -> None:
    assert isinstance(engine_for(drawn, 1, 0.3), NumpyEngine)


@pytest.mark.parametrize("options", TRANSFORMERS.values(), ids=TRANSFORMERS)
def test_a_transformer_serves_what_was_trained(
    options: tuple[str, ...], draw: Callable[[Corpus], Model]
) -> None:
    """Answers of both libraries agree to 1e-5 after some steps, and so do tags."""
    import tensorflow as tf  # noqa: PLC0415 - only where it is needed

    from dvcinc.model.diet import Diet, mask_pool  # noqa: PLC0415 - likewise
    from dvcinc.model.trainer import as_inputs  # noqa: PLC0415 - likewise

    data = corpus(TINY, config=transformer(*options))
    model = draw(data)
    engine = engine_for(model, 1, 0.3)
    for batched in trials(model, data):
        engine.step(batched, 1e-2)
    tensors = engine.tensors()
    model = replace(model, tensors=tensors)
    featurizer = Featurizer(model.pipeline, model.vocabulary)
    lessons = encode(sorted(data.examples), featurizer, model.labels)
    batched = stack(lessons, featurizer)
    pool = mask_pool(model.architecture, 0.0, np.random.default_rng(0))
    diet = Diet(model.architecture, model.labels, pool)
    weights = {name: tf.constant(array) for name, array in tensors.items()}
    rows = tf.gather(weights["table"], batched.batch.rows)
    outputs = diet.outputs(weights, rows, as_inputs(batched, diet))
    served = Runtime(model).logits([lesson.example.text for lesson in lessons])
    if served.intents is not None:
        said = softmax(outputs.intents.numpy()), softmax(served.intents)
        assert np.abs(said[0] - said[1]).max() <= CLOSE
    if served.tags is not None:
        inside = np.arange(served.tags.shape[1]) < served.lengths[:, None]
        one, other = outputs.tags.numpy()[inside], served.tags[inside]
        assert np.abs(one - other).max() <= CLOSE * max(1, np.abs(other).max())
        assert (one.argmax(axis=1) == other.argmax(axis=1)).all()


def test_every_part_of_a_transformer_learns(draw: Callable[[Corpus], Model]) -> None:
    options = TRANSFORMERS["that looks at distances"]
    data = corpus(TINY, config=transformer(*options, "drop_rate_attention: 0.1"))
    model = draw(data)
    engine = engine_for(model, 1, 0.3)
    for batched in trials(model, data):
        engine.step(batched, RATE)
    still = {n for n, v in engine.tensors().items() if (v == model.tensors[n]).all()}
    assert still == set()


@pytest.fixture(scope="module")
def transformed(fit_base: Callable[[Corpus], Model]) -> Model:
    return fit_base(corpus(TINY, config=SMALL))


def test_a_transformer_knows_what_it_was_shown(
    transformed: Model, tiny: Corpus
) -> None:
    metrics = evaluate(Runtime(transformed), sorted(tiny.examples))
    assert (metrics.accuracy, metrics.entity_f1) == (1, 1)


def test_a_second_training_of_a_transformer_gives_the_same_model(
    transformed: Model, fit_base: Callable[[Corpus], Model]
) -> None:
    assert digest(fit_base(corpus(TINY, config=SMALL))) == digest(transformed)


def test_an_exam_hears_the_transformer(transformed: Model, tiny: Corpus) -> None:
    featurizer = Featurizer(transformed.pipeline, transformed.vocabulary)
    lessons = encode(sorted(tiny.examples), featurizer, transformed.labels)
    exam = Exam(transformed.architecture, transformed.labels, lessons, featurizer)
    assert exam.wrong(transformed.tensors) == []
    nothing = np.zeros_like(transformed.tensors["text/tokens"])
    assert exam.wrong({**transformed.tensors, "text/tokens": nothing}) != []


def test_a_transformer_comes_back_from_its_files(transformed: Model, tmp_path) -> None:
    save(transformed, tmp_path / "m")
    back = load(tmp_path / "m")
    assert back.architecture == transformed.architecture
    assert digest(back) == digest(transformed)


def test_a_transformer_is_fine_tuned(transformed: Model, tiny: Corpus) -> None:
    from dvcinc.model import tune  # noqa: PLC0415 - with what it is for

    delta = corpus("book: a ride to [Bergen](city) please\ncancel: call it off | stop")
    lesson = tune.Lesson(
        added=tuple(delta.examples),
        replay=tuple(tiny.examples),
        regexes=tuple(tiny.regexes),
        lookups=tuple(tiny.lookups),
    )
    fitted = tune.finetune(
        transformed,
        lesson,
        Finetune(),
        QUICK,
        delta_digest="sha256:delta",
        progress=quiet,
    )
    assert fitted.unlearned == ()
    assert fitted.model.architecture == transformed.architecture
    metrics = evaluate(Runtime(fitted.model), [*delta.examples, *tiny.examples])
    assert metrics.accuracy == 1


@pytest.mark.parametrize(
    ("params", "texts", "tagged", "epochs"),
    [
        (Train(), 10_000, False, 8),
        (Train(), 10_000, True, 15),
        # A small corpus takes more passes, until it has had some steps.
        (Train(), 64 * 20, True, 25),
        (Train(), 10, True, 500),
        (Train(epochs=3), 10, True, 3),
        (Train(epochs_from_config=True), 10_000, True, 100),
    ],
)
def test_epochs_of_auto_follow_the_corpus(
    params: Train,
    texts: int,
    tagged: bool,  # noqa: FBT001 - a column of the table
    epochs: int,
) -> None:
    plan = scratch_plan(texts, params, config_epochs=100, tagged=tagged)
    assert plan.epochs == epochs


@pytest.mark.parametrize("config", [PIPELINE, SMALL], ids=["fast", "transformer"])
@pytest.mark.parametrize(
    ("params", "epochs"),
    [
        (Train(epochs=2, batch_size=64), 2),
        (Train(epochs_from_config=True, batch_size=64), 3),
    ],
    ids=["a number", "the config's"],
)
def test_epochs_are_those_asked_for(config: str, params: Train, epochs: int) -> None:
    from dvcinc.model.fit import train  # noqa: PLC0415 - with what it is for

    written = config.replace("epochs: 100", "drop_rate: 0.2").replace(
        "- name: DIETClassifier\n", "- name: DIETClassifier\n  epochs: 3\n"
    )
    data = corpus(TINY, config=written)
    fitted = train(data, params, base_digest="sha256:base", progress=quiet)
    assert (fitted.epochs, fitted.steps) == (epochs, epochs)
