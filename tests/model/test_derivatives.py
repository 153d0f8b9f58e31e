"""Derivatives by hand, against differences; the field's loss, against every path.

In double precision, so that a difference says what a derivative is.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from dvcinc.corpus.values import EntityLabel
from dvcinc.model import layers, recipe
from dvcinc.model.batches import Lead
from dvcinc.model.chain import Chain, Ends
from dvcinc.model.gradient import Asked, intent_loss
from dvcinc.model.labels import Labels
from dvcinc.model.layers import Weights
from dvcinc.model.packing import Packed, pack

NUDGE, CLOSE = 1e-6, 1e-6
LENGTHS = (4, 3, 3, 1)
WIDTH, OUT = 3, 2


def some(*shape: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng([seed, *shape]).standard_normal(shape)


def packed() -> Packed:
    return pack(np.array(LENGTHS, np.int32))


def slope(loss: Callable[[], float], array: np.ndarray) -> np.ndarray:
    """The derivative of a loss by an array, by nudging each of its values."""
    found = np.zeros_like(array)
    for at in np.ndindex(array.shape):
        kept = array[at]
        sides = []
        for nudged in (kept + NUDGE, kept - NUDGE):
            array[at] = nudged
            sides.append(loss())
        array[at] = kept
        found[at] = (sides[0] - sides[1]) / (2 * NUDGE)
    return found


SHAPES = {
    "m": (WIDTH, OUT),
    "m_bias": (OUT,),
    "w": (3 * WIDTH, OUT),
    "w_bias": (OUT,),
    "scale": (WIDTH,),
    "shift": (WIDTH,),
}
TOKENS = sum(LENGTHS)
WORDS = np.array([0, 1, 2, 1, 0, 0, 3, 2, 2, 1, 0], np.int32)
LAYERS = {
    "affine": (TOKENS, lambda w, x: layers.affine(w, x, "m", "m_bias")),
    "affine without a bias": (TOKENS, lambda w, x: layers.affine(w, x, "m")),
    "normalised": (TOKENS, lambda w, x: layers.normalised(w, x, "scale", "shift")),
    "rectified": (
        TOKENS,
        lambda _, x: layers.rectified(x, (some(*x.shape, seed=9) > 0) * 2.0),
    ),
    "convolved": (TOKENS, lambda w, x: layers.convolved(w, x, "w", packed())),
    "phrased": (4, lambda w, x: layers.phrased(w, x, "w", WORDS, packed())),
    "peaks": (TOKENS, lambda _, x: layers.peaks(x, packed())),
}


@pytest.mark.parametrize(("rows", "layer"), LAYERS.values(), ids=LAYERS)
def test_a_layers_way_back_is_its_derivative(rows, layer) -> None:
    values = {name: some(*shape) for name, shape in SHAPES.items()}
    gradients = {name: np.zeros(shape) for name, shape in SHAPES.items()}
    weights = Weights(values, gradients)
    inputs = some(rows, WIDTH)
    outputs, back = layer(weights, inputs)
    upstream = some(*outputs.shape, seed=2)

    def loss() -> float:
        return float(np.vdot(layer(weights, inputs)[0], upstream))

    before = back(upstream)
    assert np.allclose(before, slope(loss, inputs), atol=CLOSE)
    for name, value in values.items():
        assert np.allclose(gradients[name], slope(loss, value), atol=CLOSE), name


RIGHT = np.array([0, 3, 1, 1, 2], np.int32)


def lead(known: int, tags: int | None = None) -> Lead:
    """A lead by a teacher who knows so many intents and tags, of five or four texts."""
    scores = None if tags is None else some(len(LENGTHS), LENGTHS[0], tags, seed=7)
    texts = len(RIGHT) if scores is None else len(LENGTHS)
    trust = np.array([0, 0.5, 1, 0, 2])[:texts]
    return Lead(some(texts, known, seed=3), trust, some(4, seed=4), scores)


LEADS = {"alone": None, "who knows all": lead(4), "who knows fewer": lead(3)}


@pytest.mark.parametrize("led", LEADS.values(), ids=LEADS)
def test_the_intents_gradient_is_the_derivative(led: Lead | None) -> None:
    logits = some(5, 4)

    def loss() -> float:
        return intent_loss(logits, RIGHT, led)[0]

    found = intent_loss(logits, RIGHT, led)[1]
    assert np.allclose(found, slope(loss, logits), atol=CLOSE)


def test_alone_the_intents_loss_is_smoothed_cross_entropy() -> None:
    logits = some(5, 4)
    before = logits.copy()
    logs = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    right = logs[np.arange(5), RIGHT]
    share = recipe.SMOOTHING
    wanted = -((1 - share) * right + share * logs.mean(axis=1)).mean()
    assert intent_loss(logits, RIGHT, None)[0] == pytest.approx(wanted)
    assert (logits == before).all()


def test_a_teacher_who_is_not_trusted_says_nothing() -> None:
    logits, led = some(5, 4), lead(3)
    silent = led._replace(trust=np.zeros(5), lean=np.zeros(4))
    assert intent_loss(logits, RIGHT, silent)[0] == pytest.approx(
        intent_loss(logits, RIGHT, None)[0]
    )


@pytest.mark.parametrize("known", [5, 3])
def test_what_tags_heed_has_its_derivative(known: int) -> None:
    at = packed()
    scores = some(at.tokens, 5)
    asked = Asked(np.zeros(at.tokens, np.int32), at, lead(4, known))

    def loss() -> float:
        return asked.heed(scores, np.zeros_like(scores))

    given = some(*scores.shape, seed=8)
    found = given.copy()
    assert asked.heed(scores, found) > 0
    assert np.allclose(found - given, slope(loss, scores), atol=CLOSE)


@pytest.mark.parametrize("led", [None, lead(4)], ids=["alone", "by intents alone"])
def test_tags_without_a_teachers_scores_heed_nothing(led: Lead | None) -> None:
    at = packed()
    scores = some(at.tokens, 5)
    asked, found = Asked(np.zeros(at.tokens, np.int32), at, led), some(at.tokens, 5)
    assert asked.heed(scores, found) == 0
    assert (found == some(at.tokens, 5)).all()


def labels(entities: int, *, bilou: bool) -> Labels:
    kinds = tuple(EntityLabel(f"e{n}", None, None) for n in range(entities))
    return Labels(entities=kinds, bilou=bilou)


FIELDS = {
    "one tag each": labels(2, bilou=False),
    "four tags each": labels(1, bilou=True),
    "four tags each of two kinds": labels(2, bilou=True),
}


def ends(tags: int) -> Ends:
    return Ends(some(tags, tags), some(tags, seed=5), some(tags, seed=6))


def legal_paths(of: Labels, length: int):
    follows, opens, closes = of.allowed()
    for path in itertools.product(range(of.tags), repeat=length):
        if (
            opens[path[0]]
            and closes[path[-1]]
            and all(follows[pair] for pair in itertools.pairwise(path))
        ):
            yield path


def score(path: tuple[int, ...], scores: np.ndarray, field: Ends) -> float:
    found = field.first[path[0]] + field.last[path[-1]]
    found += sum(scores[at, tag] for at, tag in enumerate(path))
    return found + sum(field.transitions[pair] for pair in itertools.pairwise(path))


def counted(
    of: Labels, scores: np.ndarray, tags: np.ndarray, at: Packed, field: Ends
) -> float:
    """The negative log likelihood, with each possible path written out."""
    total = 0.0
    for text, length in enumerate(LENGTHS):
        own = np.flatnonzero(at.texts == text)
        every = [score(p, scores[own], field) for p in legal_paths(of, length)]
        right = score(tuple(tags[own].tolist()), scores[own], field)
        total += np.logaddexp.reduce(every) - right
    return total


def answers(of: Labels, at: Packed) -> np.ndarray:
    """A legal path for each text, entities where there is room."""
    found = np.zeros(at.tokens, np.int32)
    for text, length in enumerate(LENGTHS):
        paths = sorted(legal_paths(of, length), key=lambda path: (sum(path), path))
        found[at.texts == text] = paths[(text + 2) * len(paths) // 6]
    return found


@pytest.mark.parametrize("of", FIELDS.values(), ids=FIELDS)
def test_the_fields_loss_is_that_of_all_paths_counted_one_by_one(of: Labels) -> None:
    at = packed()
    scores, field, tags = some(at.tokens, of.tags), ends(of.tags), answers(of, at)
    loss, _, _ = Chain(of).loss(scores, tags, at, field)
    assert loss == pytest.approx(counted(of, scores, tags, at, field), abs=1e-9)


@pytest.mark.parametrize("of", FIELDS.values(), ids=FIELDS)
def test_the_fields_gradients_are_its_derivatives(of: Labels) -> None:
    at = packed()
    scores, field, tags = some(at.tokens, of.tags), ends(of.tags), answers(of, at)
    chain = Chain(of)

    def loss() -> float:
        return chain.loss(scores, tags, at, field)[0]

    _, by_scores, by_ends = chain.loss(scores, tags, at, field)
    assert np.allclose(by_scores, slope(loss, scores), atol=CLOSE)
    for gradient, values in zip(by_ends, field, strict=True):
        assert np.allclose(gradient, slope(loss, values), atol=CLOSE)
