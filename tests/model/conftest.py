"""Models on data small enough to take seconds: one drawn, one trained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from corpora import PIPELINE, corpus
from tiny import QUICK, TINY, quiet

from dvcinc.corpus.pipeline import read_pipeline
from dvcinc.corpus.values import Corpus
from dvcinc.model.checkpoint import optimizer_shapes
from dvcinc.model.document import Model
from dvcinc.model.start import before_training


@pytest.fixture(scope="session")
def tiny() -> Corpus:
    return corpus(TINY, config=PIPELINE)


@pytest.fixture(scope="session")
def draw() -> Callable[[Corpus], Model]:
    """A model of a corpus as it is before the first step: quick, and never right."""

    def drawn(data: Corpus) -> Model:
        examples = sorted(data.examples)
        pipeline = read_pipeline(data.config)
        return before_training(data, pipeline, examples, 1, "sha256:base")

    return drawn


@pytest.fixture(scope="session")
def drawn(tiny: Corpus, draw: Callable[[Corpus], Model]) -> Model:
    """The tiny corpus's model before the first step, with an optimiser's moments."""
    model = draw(tiny)
    shapes = optimizer_shapes(model.shapes)
    zeros = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    return replace(model, optimizer=zeros)


@pytest.fixture(scope="session")
def fit_base() -> Callable[[Corpus], Model]:
    def fit(data: Corpus) -> Model:
        from dvcinc.model.fit import train  # noqa: PLC0415 - only tests that train

        return train(data, QUICK, base_digest="sha256:base", progress=quiet).model

    return fit


@pytest.fixture(scope="session")
def base(tiny: Corpus, fit_base: Callable[[Corpus], Model]) -> Model:
    return fit_base(tiny)
