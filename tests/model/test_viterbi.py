"""The field's best path and chances are those of all legal paths, one by one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from dvcinc.corpus.values import EntityLabel
from dvcinc.model.labels import Labels
from dvcinc.model.viterbi import Field

LENGTHS = np.array([2, 4, 0, 1, 3], np.int32)


def labels(entities: int, *, bilou: bool) -> Labels:
    kinds = tuple(EntityLabel(f"e{n}", None, None) for n in range(entities))
    return Labels(entities=kinds, bilou=bilou)


def drawn(tags: int, spread: float) -> dict[str, np.ndarray]:
    random = np.random.default_rng(tags)
    shapes = {"tags/transitions": (tags, tags), "tags/first": tags, "tags/last": tags}
    return {
        name: random.normal(size=shape).astype(np.float32) * np.float32(spread)
        for name, shape in shapes.items()
    }


def brute_force(
    scores: np.ndarray, tensors: dict[str, np.ndarray], known: Labels
) -> tuple[list[int], np.ndarray]:
    """The best legal path of one text [L], and each tag's share of all [L, K]."""
    follows, opens, closes = known.allowed()
    best, top = [], -np.inf
    mass = np.zeros(scores.shape, np.float64)
    for path in itertools.product(range(known.tags), repeat=len(scores)):
        steps = list(itertools.pairwise(path))
        legal = opens[path[0]] and closes[path[-1]]
        if not legal or not all(follows[step] for step in steps):
            continue
        score = tensors["tags/first"][path[0]] + tensors["tags/last"][path[-1]]
        score += sum(scores[at, tag] for at, tag in enumerate(path))
        score += sum(tensors["tags/transitions"][step] for step in steps)
        if score > top:
            best, top = list(path), score
        mass[np.arange(len(path)), path] += np.exp(np.float64(score))
    return best, mass / mass.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("spread", [0.1, 3.0])
@pytest.mark.parametrize(
    ("entities", "bilou"), [(1, True), (2, True), (1, False), (4, False)]
)
def test_paths_and_chances(
    entities: int,
    bilou: bool,  # noqa: FBT001 - a column of the table
    spread: float,
) -> None:
    known = labels(entities, bilou=bilou)
    tensors = drawn(known.tags, spread)
    random = np.random.default_rng(1)
    shape = len(LENGTHS), int(LENGTHS.max()), known.tags
    scores = random.normal(size=shape).astype(np.float32) * np.float32(spread)
    tags, sure = Field.of(tensors, known).decode(scores, LENGTHS)
    for at, length in enumerate(LENGTHS):
        if length == 0:
            continue
        best, chances = brute_force(scores[at, :length], tensors, known)
        assert tags[at, :length].tolist() == best
        if any(best):
            wanted = chances[np.arange(length), best]
            assert sure[at, :length] == pytest.approx(wanted, abs=1e-5)
    assert not tags[np.arange(shape[1]) >= LENGTHS[:, None]].any()


def test_texts_without_tokens_have_no_tags() -> None:
    known = labels(1, bilou=True)
    scores = np.zeros((2, 1, known.tags), np.float32)
    tags, sure = Field.of(drawn(known.tags, 1), known).decode(
        scores, np.zeros(2, np.int32)
    )
    assert not tags.any()
    assert not sure.any()


def test_scores_are_left_as_they_are() -> None:
    known = labels(2, bilou=True)
    scores = np.ones((3, 2, known.tags), np.float32)
    Field.of(drawn(known.tags, 1), known).decode(scores, np.array([2, 1, 2]))
    assert (scores == 1).all()


def test_scores_far_apart_are_no_trouble() -> None:
    """A tag that the scores want and its neighbours forbid has no chance at all."""
    known = labels(1, bilou=True)
    tensors = {n: np.zeros_like(t) for n, t in drawn(known.tags, 1).items()}
    scores = np.zeros((1, 2, known.tags), np.float32)
    scores[0, 0, 3] = scores[0, 1, 1] = 500  # last before begin: neither can stand
    scores[0, :, 4] = 1
    tags, sure = Field.of(tensors, known).decode(scores, np.array([2]))
    assert tags.tolist() == [[4, 4]]
    assert np.isfinite(sure).all()
