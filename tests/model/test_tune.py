"""How a fine-tune weighs what is new against what was, on tiny data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from corpora import PIPELINE, corpus
from tiny import QUICK, TINY, quiet

from dvcinc.config import Finetune
from dvcinc.corpus.values import Corpus, Example
from dvcinc.model.document import Model
from dvcinc.model.fit import train
from dvcinc.model.fitted import Fitted
from dvcinc.model.labels import Labels
from dvcinc.model.rehearsal import Balance
from dvcinc.model.runtime import Runtime
from dvcinc.model.tune import Lesson, finetune

pytestmark = pytest.mark.train

LABELS = Labels(intents=("greet", "bye"), parts=("greet", "bye"), part_ids=((0,), (1,)))


@pytest.mark.parametrize(
    ("before", "now", "shift"),
    [
        ({}, {}, [0, 0]),
        ({"greet": 10, "bye": 10}, {"greet": 10, "bye": 10}, [0, 0]),
        # Twice as many of both is no news.
        ({"greet": 10, "bye": 10}, {"greet": 20, "bye": 20}, [0, 0]),
        ({"greet": 10, "bye": 10}, {"greet": 30, "bye": 10}, [np.log(1.5), -np.log(2)]),
        # An intent that was not there has no old place to move from.
        ({"greet": 10}, {"greet": 10, "bye": 10}, [-np.log(2), 0]),
        # Keys count for their intent where they are no labels of their own.
        ({"greet/a": 5, "bye": 5}, {"greet/a": 5, "greet/b": 10, "bye": 5}, None),
    ],
)
def test_biases_move_by_how_often_an_intent_stands(
    before: Mapping[str, int], now: Mapping[str, int], shift: Sequence[float] | None
) -> None:
    found = Balance(before=before, now=now).shift(LABELS)
    assert found == pytest.approx(shift or [np.log(1.5), -np.log(2)])


@pytest.mark.parametrize(
    ("now", "drawn", "signs"),
    [
        ({}, [0.9, 0.1], [0, 0]),
        ({"greet": 5, "bye": 5}, [0.5, 0.5], [0, 0]),
        ({"greet": 5, "bye": 5}, [0.9, 0.1], [1, -1]),
    ],
)
def test_what_is_drawn_too_often_counts_less(
    now: Mapping[str, int], drawn: Sequence[float], signs: Sequence[int]
) -> None:
    found = Balance(now=now).lean(LABELS, np.array(drawn))
    assert np.sign(found.round(3)).tolist() == signs


def taught(
    base: Model, old: Corpus, added: Sequence[Example], gone: Sequence[Example] = ()
) -> Fitted:
    kept = [example for example in old.examples if example not in set(gone)]
    lesson = Lesson(
        added=tuple(added),
        replay=tuple(kept),
        regexes=tuple(old.regexes),
        lookups=tuple(old.lookups),
        balance=Balance(
            before=Counter(example.intent for example in old.examples),
            now=Counter(example.intent for example in (*kept, *added)),
        ),
    )
    return finetune(
        base, lesson, Finetune(), QUICK, delta_digest="sha256:d", progress=quiet
    )


def same_weights(one: Model, other: Model) -> bool:
    known = len(one.vocabulary.features)
    return all(
        np.array_equal(value, other.tensors[name][:known] if name == "table" else now)
        for name, value in one.tensors.items()
        for now in [other.tensors[name]]
    )


def test_what_is_known_already_moves_nothing(base: Model, tiny: Corpus) -> None:
    known = next(example for example in tiny.examples if example.text == "hello there")
    fitted = taught(base, tiny, [known._replace(text="Hello there")])
    assert fitted.steps == 0
    assert fitted.unlearned == ()
    assert same_weights(base, fitted.model)


def test_what_is_gone_is_not_unlearned(base: Model, tiny: Corpus) -> None:
    fitted = taught(base, tiny, [], gone=[*tiny.examples][:2])
    assert fitted.steps == 0
    assert same_weights(base, fitted.model)


def test_one_example_of_the_first_entity_type_is_learned() -> None:
    old = corpus("greet: hi | hello | good day\nbye: bye | see you", config=PIPELINE)
    base = train(old, QUICK, base_digest="sha256:b", progress=quiet).model
    (example,) = corpus("greet: hello [Bob](name)").examples
    fitted = taught(base, old, [example])
    assert fitted.unlearned == ()
    assert [e.entity for e in Runtime(fitted.model).parse("hello Bob").entities] == [
        "name"
    ]


def test_words_that_were_unknown_are_tagged_as_they_are_served() -> None:
    """A new word starts as what unknown words meant, and is not added twice."""
    config = PIPELINE.replace(
        "CountVectorsFeaturizer\n",
        "CountVectorsFeaturizer\n  OOV_token: oov\n  OOV_words: [bob]\n",
        1,
    )
    old = corpus(TINY, config=config)
    base = train(old, QUICK, base_digest="sha256:b", progress=quiet).model
    assert "0:oov" in base.vocabulary.features
    delta = corpus("book: a train to [Trondheim](city) | go to [Bergen](city) now")
    fitted = taught(base, old, tuple(delta.examples))
    assert fitted.unlearned == ()


@pytest.mark.parametrize(
    ("pattern", "heard"), [("regex greeting: hell?o", True), ("regex no: zz+", False)]
)
def test_intents_hear_a_new_pattern_where_old_examples_match_it(
    base: Model,
    tiny: Corpus,
    pattern: str,
    heard: bool,  # noqa: FBT001 - a column of the table
) -> None:
    new = corpus(pattern)
    lesson = Lesson(
        added=(),
        replay=tuple(tiny.examples),
        regexes=(*tiny.regexes, *new.regexes),
        lookups=tuple(tiny.lookups),
    )
    model = finetune(
        base, lesson, Finetune(), QUICK, delta_digest="sha256:d", progress=quiet
    ).model
    wide = model.tensors["table"][-1, model.architecture.deep :]
    assert model.vocabulary.features[-1].startswith("regex:")
    assert bool(wide.any()) is heard


def test_progress_never_passes_its_end(base: Model, tiny: Corpus) -> None:
    seen: list[tuple[int, int]] = []

    def progress(*, step: int, steps: int, loss: float) -> None:
        assert np.isfinite(loss)
        seen.append((step, steps))

    delta = corpus("cancel: call it off [today](day) | refund | stop it [now](day)")
    lesson = Lesson(added=tuple(delta.examples), replay=tuple(tiny.examples))
    finetune(
        base,
        lesson,
        Finetune(steps=15),
        QUICK,
        delta_digest="sha256:d",
        progress=progress,
    )
    assert [step for step, _ in seen] == [*range(1, len(seen) + 1)]
    assert all(step <= steps for step, steps in seen)
